"""The codebook as a page in two languages, as CSV and as JSON."""

import csv
import io
import json
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from register.models import User
from register.quality import dictionary
from register.workflow.roles import Role
from tests.factories import person
from tests.signing_in import sign_in


@pytest.fixture
def reader(db: None) -> User:
    return person(Role.STATISTICIAN)


def test_the_page_says_when_a_question_is_asked(client: Client, reader: User) -> None:
    sign_in(client, reader)
    page = unescape(client.get(reverse("codebook")).content.decode())
    assert "Alleen invullen als de leeftijd 0 jaar is." in page
    assert "<code>ambulance</code>" in page
    User.objects.filter(pk=reader.pk).update(language="en")
    assert "Only when the age is 0 years." in client.get(reverse("codebook")).content.decode()


def test_the_files_hold_every_question(client: Client, reader: User) -> None:
    sign_in(client, reader)
    keys = {spec.key for spec in dictionary.all_fields()}
    rows = csv.DictReader(io.StringIO(client.get(reverse("codebook_csv")).content.decode()))
    assert {row["question"] for row in rows} == keys
    made = json.loads(client.get(reverse("codebook_json")).content)
    assert {line["question"] for line in made["questions"]} == keys


def test_no_question_has_its_answer_from_a_list_of_none(client: Client, reader: User) -> None:
    sign_in(client, reader)
    page = unescape(client.get(reverse("codebook")).content.decode())
    assert re.findall(r"een (?:of meer )?van 0\b", page) == []

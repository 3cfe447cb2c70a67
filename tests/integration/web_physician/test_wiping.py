"""Answers that no longer apply: named after the save that wiped them, and brought back with one button."""

import re
from typing import Any

import pytest
from django.test import Client

from register.models import Case
from tests.integration.web_physician.conftest import Draft, fresh, version

pytestmark = pytest.mark.django_db


def _send(desk: Client, case: Case, page: str, **answers: Any) -> Any:
    return desk.post(f"/zaken/{case.pk}/{page}/", {"version": version(case), "do": "next", **answers})


@pytest.fixture
def with_helpers(desk: Client, draft: Draft) -> Case:
    case = draft(filled=True)
    answers = {"bystanders": "one", "bystander_relation": ["partner"], "use_witnessed": "yes"}
    assert _send(desk, case, "omstandigheden", **answers).status_code == 302
    assert fresh(case).circumstances_section.bystander_relation == ["partner"]
    return case


def test_answers_that_are_wiped_are_named_on_the_next_page_and_come_back(desk: Client, with_helpers: Case) -> None:
    case = with_helpers
    before = version(case)
    answers = {"bystanders": "none", "bystander_relation": ["partner"], "use_witnessed": "yes"}
    address = _send(desk, case, "omstandigheden", **answers).headers["Location"]
    assert address == f"/zaken/{case.pk}/middelen/?gewist=omstandigheden.{before}"
    assert fresh(case).circumstances_section.bystander_relation is None
    page = desk.get(address).content.decode()
    notice = re.search(r"Deze antwoorden zijn gewist.*?</form>", page, re.DOTALL)
    assert notice
    assert "<strong>" in notice[0]
    back = desk.post(f"/zaken/{case.pk}/omstandigheden/terugzetten", {"version": version(case), "before": str(before)})
    assert back.headers["Location"] == f"/zaken/{case.pk}/omstandigheden/"
    stored = fresh(case).circumstances_section
    assert (stored.bystanders, stored.bystander_relation, stored.use_witnessed) == ("one", ["partner"], "yes")
    assert stored.history.filter(bystanders="none").exists()
    assert "Deze antwoorden zijn gewist" not in desk.get(address).content.decode()


def test_what_is_wiped_in_a_row_is_named_with_its_row_and_comes_back(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    given = {"naloxone.new.given_by": "ambulance", "naloxone.new.doses": "2"}
    _send(desk, case, "omstandigheden", **given)
    row = case.naloxonegiven_rows.get()
    answers = {f"naloxone.{row.pk}.given_by": "no", f"naloxone.{row.pk}.doses": "2"}
    address = _send(desk, case, "omstandigheden", **answers).headers["Location"]
    row.refresh_from_db()
    assert row.doses is None
    assert "<strong>Naloxon 1: Aantal doses" in desk.get(address).content.decode()
    before = address.rpartition(".")[2]
    desk.post(f"/zaken/{case.pk}/omstandigheden/terugzetten", {"version": version(case), "before": before})
    row.refresh_from_db()
    assert (row.given_by, row.doses) == ("ambulance", 2)


def test_a_save_that_wipes_nothing_says_nothing(desk: Client, with_helpers: Case) -> None:
    answers = {"bystanders": "several", "bystander_relation": ["partner"], "use_witnessed": "yes"}
    assert "gewist" not in _send(desk, with_helpers, "omstandigheden", **answers).headers["Location"]


@pytest.mark.parametrize("said", ["omstandigheden.x", "omstandigheden.", "elders.3", ".", "omstandigheden.99999999999"])
def test_an_address_that_somebody_made_up_shows_nothing(desk: Client, with_helpers: Case, said: str) -> None:
    answer = desk.get(f"/zaken/{with_helpers.pk}/middelen/", {"gewist": said})
    assert answer.status_code == 200
    assert "Deze antwoorden zijn gewist" not in answer.content.decode()


@pytest.mark.parametrize("before", ["", "x", "-1"])
def test_a_version_that_is_none_restores_nothing(desk: Client, with_helpers: Case, before: str) -> None:
    sent = {"version": version(with_helpers), "before": before}
    answer = desk.post(f"/zaken/{with_helpers.pk}/omstandigheden/terugzetten", sent)
    assert (answer.status_code, fresh(with_helpers).circumstances_section.bystanders) == (302, "one")


def test_a_question_that_does_not_apply_says_so_on_the_page(desk: Client, with_helpers: Case) -> None:
    _send(desk, with_helpers, "omstandigheden", bystanders="none")
    page = desk.get(f"/zaken/{with_helpers.pk}/omstandigheden/").content.decode()
    assert re.search(r'does-not-apply" data-asks="bystanders" data-asks-if="number_unknown one several"', page)
    assert "Alleen invullen als er omstanders waren." in page

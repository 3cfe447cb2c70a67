"""The same form twice at the same moment: a double click, or a second try after a lost answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from register.models import Case, Save, SuspectedSubstance
from tests import factories
from tests.scale import scaled
from tests.signing_in import sign_in

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]

AT_ONCE = 4


def test_the_same_form_at_the_same_moment_changes_once_and_answers_the_same() -> None:
    physician = factories.physician()
    case = factories.filled(physician)
    address = reverse("physician:section", args=[case.pk, "middelen"])
    rounds = scaled("twice", small=5, full=250)
    for number in range(rounds):
        start = Barrier(AT_ONCE)
        form = {"version": factories.version(case), "save_id": str(uuid4()), "do": "add:", "term": f"poeder {number}"}

        def send(form: dict[str, Any] = form, start: Barrier = start) -> tuple[int, str]:
            desk = Client()
            sign_in(desk, physician)
            start.wait()
            try:
                answer = desk.post(address, form)
            finally:
                connections.close_all()
            return answer.status_code, answer.get("Location", "")

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = {future.result() for future in [pool.submit(send) for _ in range(AT_ONCE)]}
        assert answers == {(302, address + "#f-term")}
    assert SuspectedSubstance.objects.filter(case=case).count() == 1 + rounds
    assert Save.objects.filter(object_id=case.pk).count() == rounds


def test_a_new_case_at_the_same_moment_is_one_case() -> None:
    physician = factories.physician()
    form = {"sex": "male", "save_id": str(uuid4()), "do": "next"}
    start = Barrier(AT_ONCE)

    def send() -> tuple[int, str]:
        desk = Client()
        sign_in(desk, physician)
        start.wait()
        try:
            answer = desk.post(reverse("physician:new"), form)
        finally:
            connections.close_all()
        return answer.status_code, answer.get("Location", "")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = {future.result() for future in [pool.submit(send) for _ in range(AT_ONCE)]}
    assert len(answers) == 1
    assert Case.objects.count() == 1

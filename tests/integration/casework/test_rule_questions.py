"""Questions that a rule raises: by the press of a reviewer, or by the register when a result is late for too long."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.casework import moves, queries, rule_questions, toxicology
from register.casework.dossier import Dossier
from register.casework.errors import RefusedError
from register.casework.findings import check, key_of
from register.models import Case, OutboxMessage, Query, User
from tests import factories
from tests.factories import version
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def _keys(case: Case) -> dict[str, str]:
    return {one.code: key_of(one) for one in check(Dossier(Case.objects.get(pk=case.pk)))}


def test_a_reviewer_puts_what_the_rules_found_to_the_physician_in_one_act(
    client: Client, physician: User, reviewer: User
) -> None:
    case = factories.submitted(
        physician, {"omstandigheden": {"scene_items": "note"}, "overledene": {"sex": "", "sex_missing": "NASK"}}
    )
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    keys = _keys(case)
    sign_in(client, reviewer)
    step = reverse("register_desk:step", args=[case.pk, "ask-rule"])
    assert client.post(step, {"version": version(case)}).status_code == 422
    assert client.post(step, {"version": version(case), "warnings": [keys["Q34"], keys["Q11b"]]}).status_code == 302
    case.refresh_from_db()
    asked = {query.rule: query for query in case.query_rows.all()}
    assert (case.status, set(asked), asked["Q34"].opened_by) == ("query_open", {"Q34", "Q11b"}, reviewer)
    words = "Er is een afscheidsbrief aangetroffen en de intentie is 'ongeval'. Klopt dit?"
    assert asked["Q34"].messages.get().text == words
    page = unescape(client.get(reverse("register_desk:review", args=[case.pk])).content.decode())
    assert "door regel Q34" in page
    again = client.post(step, {"version": version(case), "warnings": [keys["Q34"]]})
    assert (again.status_code, "staat al een vraag open" in again.content.decode()) == (422, True)
    physicians = sign_in(Client(), physician)
    question = physicians.get(reverse("physician:question", args=[case.pk, asked["Q34"].pk])).content.decode()
    assert "Een controle van het register leidde tot deze vraag." in question
    queries.answer(query_id=asked["Q34"].pk, text="Klopt.", seen_version=version(case), by=physician)
    history = unescape(client.get(reverse("physician:history", args=[case.pk])).content.decode())
    assert history.count("afscheidsbrief aangetroffen") == 1
    assert "Gesteld naar aanleiding van regel Q34." in history
    assert history.count("Klopt.") == 1


@pytest.fixture
def late(physician: User, reviewer: User) -> Case:
    """A case that waits for a result which is sixteen days late."""
    case = factories.handed_in(physician)
    asked_on = (timezone.localdate() - timedelta(days=58)).isoformat()
    case = toxicology.request_toxicology(
        case_id=case.pk, raw={"lab": "nfi", "requested_on": asked_on}, seen_version=version(case), by=physician
    )
    case = moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    return moves.await_toxicology(case_id=case.pk, seen_version=version(case), by=reviewer)


def test_the_register_asks_by_itself_once_and_closes_its_question_when_the_result_is_in(
    late: Case, physician: User
) -> None:
    now = timezone.now()
    assert rule_questions.round_of(now=now - timedelta(days=3)) == 0
    assert rule_questions.round_of(now=now + timedelta(days=8)) == 0
    assert [rule_questions.round_of(now=now) for _ in range(2)] == [1, 0]
    query = Query.objects.get(case=late)
    assert (query.rule, query.opened_by, query.state) == ("Q10", None, "open")
    assert query.messages.get().text.startswith("Is er nieuws van het laboratorium")
    late.refresh_from_db()
    moved = late.statuschange_rows.order_by("at").last()
    assert (late.status, moved.name, moved.by, moved.role) == ("query_open", "ask", None, "system")
    assert OutboxMessage.objects.filter(key__startswith=f"questions:{physician.pk}:").exists()
    queries.answer(query_id=query.pk, text="Volgende week.", seen_version=version(late), by=physician)
    query.refresh_from_db()
    assert query.state == "answered"
    factories.with_result(Case.objects.get(pk=late.pk), physician)
    query.refresh_from_db()
    late.refresh_from_db()
    assert (query.state, late.status) == ("closed", "in_review")


def test_what_a_person_asked_is_closed_by_a_person(late: Case, physician: User, reviewer: User) -> None:
    case = rule_questions.ask(
        case_id=late.pk, keys=[_keys(late)["Q10"]], language="nl", seen_version=version(late), by=reviewer
    )
    factories.with_result(Case.objects.get(pk=case.pk), physician)
    assert (Query.objects.get(case=late).state, Case.objects.get(pk=late.pk).status) == ("open", "query_open")


def test_nothing_is_asked_about_what_the_rules_find_no_more(late: Case, physician: User, reviewer: User) -> None:
    key = _keys(late)["Q10"]
    case = factories.with_result(Case.objects.get(pk=late.pk), physician)
    with pytest.raises(RefusedError):
        rule_questions.ask(case_id=case.pk, keys=[key], language="nl", seen_version=version(case), by=reviewer)
    assert not Query.objects.filter(case=case).exists()

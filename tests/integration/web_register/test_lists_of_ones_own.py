"""What a person does with a worklist: keep one of their own, choose columns, and act on several cases at once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.casework import bulk, moves, queries
from register.models import Case, OutboxMessage, SavedList, User
from register.web.register_desk import worklists
from tests import factories
from tests.factories import version
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(physician: User) -> list[Case]:
    return [factories.submitted(physician) for _ in range(2)]


def _several(desk: Client, cases: list[Case], do: str, which: str = "nieuw", **typed: str) -> tuple[int, str]:
    sent = {"do": do, "cases": [str(case.pk) for case in cases], **typed}
    sent |= {f"version.{case.pk}": str(version(case)) for case in cases}
    answer = desk.post(reverse("register_desk:several", args=[which]), sent)
    return answer.status_code, answer.content.decode()


def test_a_list_of_ones_own_narrows_a_worklist_and_is_seen_by_nobody_else(
    desk: Client, client: Client, cases: list[Case], reviewer: User
) -> None:
    url = reverse("register_desk:own")
    assert desk.post(url, {"name": "  "}).status_code == 422
    answer = desk.post(url, {"name": "Coke, nieuw", "base": "nieuw", "substance": "cocaine", "region": "GG3406"})
    kept = SavedList.objects.get(owner=reviewer)
    assert answer["Location"] == reverse("register_desk:worklist", args=[str(kept.pk)])
    page = desk.get(answer["Location"]).content.decode()
    assert all(case.case_number in page for case in cases)
    assert "cocaine" not in answer["Location"]
    desk.post(url, {"name": "Ketamine", "base": "nieuw", "substance": "ketamine"})
    other = SavedList.objects.get(name="Ketamine")
    page = desk.get(reverse("register_desk:worklist", args=[str(other.pk)])).content.decode()
    assert cases[0].case_number not in page
    assert "U hebt al een lijst" in desk.post(url, {"name": "coke, NIEUW"}).content.decode()
    assert desk.post(reverse("register_desk:drop", args=[other.pk])).status_code == 302
    sign_in(client, User.objects.create_user("devries", role="register_staff"))
    assert client.get(reverse("register_desk:worklist", args=[str(kept.pk)])).status_code == 404
    assert client.post(reverse("register_desk:drop", args=[kept.pk])).status_code == 404


def test_only_the_chosen_columns_are_shown(desk: Client, cases: list[Case]) -> None:
    desk.post(reverse("register_desk:columns"), {"columns": ["status"]})
    page = desk.get(reverse("register_desk:worklist", args=["nieuw"])).content.decode()
    assert "Vermoede middelen</th>" not in page and cases[0].case_number in page
    desk.post(reverse("register_desk:columns"), {"columns": ["region", "died", "substances", "status", "assigned"]})
    assert "Vermoede middelen</th>" in desk.get(reverse("register_desk:worklist", args=["nieuw"])).content.decode()


def test_ticked_cases_are_given_to_a_colleague_but_never_to_who_reported_them(
    desk: Client, cases: list[Case], physician: User
) -> None:
    colleague = User.objects.create_user("devries", role="register_staff")
    assert _several(desk, cases, "assign", to=str(colleague.pk))[0] == 302
    assert {Case.objects.get(pk=case.pk).assigned_to for case in cases} == {colleague}
    assert _several(desk, [], "assign", to=str(colleague.pk))[0] == 422
    assert _several(desk, cases, "assign")[0] == 422
    User.objects.filter(pk=physician.pk).update(role="register_staff")
    status, page = _several(desk, cases, "assign", to=str(physician.pk))
    assert status == 409
    assert "een ander beoordeelt haar" in page
    assert {Case.objects.get(pk=case.pk).assigned_to for case in cases} == {colleague}


def test_whose_account_does_not_work_any_more_stands_in_no_list_and_gets_no_case(
    desk: Client, cases: list[Case]
) -> None:
    today = timezone.localdate()
    staff = {
        name: User.objects.create_user(name, role="register_staff", **account)
        for name, account in {
            "vandaag": {"ends_on": today},
            "gisteren": {"ends_on": today - timedelta(days=1)},
            "uitgezet": {"is_active": False},
        }.items()
    }
    page = desk.get(reverse("register_desk:worklist", args=["nieuw"])).content.decode()
    offered = {name for name, one in staff.items() if f'value="{one.pk}"' in page}
    assert offered == {"vandaag"} == {name for _, name in bulk.colleagues() if name in staff}
    for name in ("gisteren", "uitgezet"):
        status, page = _several(desk, cases, "assign", to=str(staff[name].pk))
        assert status == 422 and "Kies een collega uit de lijst." in page
    assert {Case.objects.get(pk=case.pk).assigned_to for case in cases} == {None}


def test_of_ticked_cases_the_one_that_somebody_changed_stays_as_it_was(
    desk: Client, cases: list[Case], reviewer: User
) -> None:
    first, second = cases
    seen = {f"version.{first.pk}": str(version(first) - 1), f"version.{second.pk}": str(version(second))}
    sent = {"do": "assign", "to": str(reviewer.pk), "cases": [str(first.pk), str(second.pk)], **seen}
    answer = desk.post(reverse("register_desk:several", args=["heropend"]), sent)
    assert answer.status_code == 409
    assert first.case_number in answer.content.decode()
    assert [look.objects for look in looks(code="case.list")] == [[first.pk]]
    assert Case.objects.get(pk=first.pk).assigned_to is None
    assert Case.objects.get(pk=second.pk).assigned_to == reviewer


def test_ticked_cases_take_a_step_that_decides_nothing(desk: Client, cases: list[Case], reviewer: User) -> None:
    assert _several(desk, cases, "step")[0] == 422
    assert _several(desk, cases, "step", step="close")[0] == 422
    assert _several(desk, cases, "step", step="take")[0] == 302
    taken = [Case.objects.select_related("assessment_section").get(pk=case.pk) for case in cases]
    assert {(case.status, case.assigned_to, case.assessment_section.reviewer) for case in taken} == {
        ("in_review", reviewer, reviewer)
    }
    status, page = _several(desk, taken, "step", "in-beoordeling", step="take")
    assert status == 409 and cases[0].case_number in page
    assert _several(desk, taken, "step", "in-beoordeling", step="wait")[0] == 302
    assert {Case.objects.get(pk=case.pk).status for case in cases} == {"awaiting_tox"}


def test_a_term_a_standard_question_and_a_reminder_for_several_cases(
    desk: Client, cases: list[Case], reviewer: User, physician: User
) -> None:
    for case in cases:
        moves.await_toxicology(case_id=case.pk, seen_version=version(case), by=reviewer)
    day = timezone.localdate() + timedelta(days=90)
    assert _several(desk, cases, "term", "wacht-op-toxicologie", day="geen dag")[0] == 422
    assert _several(desk, cases, "term", "wacht-op-toxicologie", day=f"{day:%d-%m-%Y}")[0] == 302
    assert {Case.objects.get(pk=case.pk).followup_due for case in cases} == {day}
    assert {case.toxrequest_rows.get().due_on for case in cases} == {day}
    assert _several(desk, cases, "remind", "wacht-op-toxicologie")[0] == 409
    assert _several(desk, cases, "ask", "wacht-op-toxicologie")[0] == 422
    assert _several(desk, cases, "ask", "wacht-op-toxicologie", standard="report")[0] == 302
    assert {Case.objects.get(pk=case.pk).status for case in cases} == {"query_open"}
    assert "laboratorium" in cases[0].query_rows.get().messages.get().text
    assert _several(desk, cases, "remind", "reactie-gevraagd")[0] == 302
    reminders = OutboxMessage.objects.filter(key__startswith=f"questions-reminder:{physician.pk}")
    assert reminders.count() == 1
    assert set(reminders.get().payload) == {"reporter_id"}
    assert mail.outbox == []


def test_a_case_can_be_closed_from_the_list_when_nothing_stands_in_its_way(
    desk: Client, physician: User, reviewer: User
) -> None:
    ready = worklists.BY_SLUG["klaar-om-te-sluiten"]
    case = factories.ready_to_close(physician, reviewer)
    assert list(worklists.cases_in(ready, reviewer)) == [case]
    queries.ask(case_id=case.pk, field="", text="Nog één vraag?", seen_version=version(case), by=reviewer)
    assert list(worklists.cases_in(ready, reviewer)) == []


def test_the_next_case_is_the_one_behind_this_one_and_after_the_last_the_first(
    desk: Client, physician: User, reviewer: User
) -> None:
    new = worklists.BY_SLUG["nieuw"]
    first, second, third = (factories.submitted(physician) for _ in range(3))
    assert worklists.next_in(new, reviewer, second) == third.pk
    assert worklists.next_in(new, reviewer, third) == first.pk
    second = moves.take(case_id=second.pk, seen_version=version(second), by=reviewer)
    assert worklists.next_in(new, reviewer, second) == third.pk

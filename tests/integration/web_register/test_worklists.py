"""Worklists stay cheap: the second page of any of them takes at most eight queries, whatever it holds."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from register.audit import acting_as
from register.models import Case, Death, ForensicService, SuspectedSubstance, User
from register.web.register_desk.worklists import BY_SLUG, PAGE, WORKLISTS, cases_in
from register.workflow.case_transitions import LOCKED, CaseState
from tests.signing_in import sign_in

STATES = [state for state in CaseState if state not in (CaseState.DRAFT, CaseState.WITHDRAWN)]
FEW_QUERIES = 8


@pytest.fixture(scope="module")
def reviewer(django_db_setup: None, django_db_blocker: Any) -> Iterator[User]:
    """A reviewer, and more than a page of cases in every state: committed once, for all that these tests do is read."""
    with django_db_blocker.unblock():
        yield _stored()
        TransactionTestCase._fixture_teardown(None)  # type: ignore[attr-defined]


def _stored() -> User:
    physician = User.objects.create_user("arts", role="physician", region_id="GG3406")
    reviewer = User.objects.create_user("jansen", role="register_staff")
    with acting_as(physician):
        service = ForensicService.objects.get(region_id="GG3406")
        cases = [_case(number, state, physician, reviewer, service) for state in STATES for number in range(PAGE + 5)]
        Case.objects.create_many(cases)
        Death.objects.create_many([Death(case=case) for case in cases])
        SuspectedSubstance.objects.create_many(
            [SuspectedSubstance(case=case, substance_id="heroin", reported_as="bruin") for case in cases]
        )
    return reviewer


@pytest.fixture
def desk(reviewer: User, client: Client) -> Client:
    """The browser of the reviewer."""
    return sign_in(client, reviewer)


def _case(number: int, state: CaseState, physician: User, reviewer: User, service: ForensicService) -> Case:
    decided = state in LOCKED
    return Case(
        case_number=f"{STATES.index(state):04}-{number:06}",
        region_id="GG3406",
        forensic_service=service,
        reporter=physician,
        assigned_to=reviewer,
        status=state.value,
        followup_due="2026-01-01" if number % 2 else "2126-01-01",
        locked_on="2026-01-01T12:00Z" if decided else None,
        decided_by=reviewer if decided else None,
    )


@pytest.mark.parametrize("worklist", WORKLISTS, ids=lambda worklist: worklist.slug)
def test_the_second_page_of_a_worklist_takes_few_queries(desk: Client, worklist: object) -> None:
    url = reverse("register_desk:worklist", args=[worklist.slug])  # type: ignore[attr-defined]
    desk.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = desk.get(url, {"blad": "2"})
    assert response.status_code == 200
    asked = [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]
    assert len(asked) <= FEW_QUERIES, "\n".join(asked)


def test_every_open_case_stands_in_at_least_one_list_and_no_finished_one_among_the_open(
    reviewer: User,
) -> None:
    shown: dict[str, set[str]] = {
        slug: set(cases_in(chosen, reviewer).values_list("case_number", flat=True)) for slug, chosen in BY_SLUG.items()
    }
    finished = shown.pop("gesloten")
    every = set(Case.objects.exclude(status=CaseState.DRAFT).values_list("case_number", flat=True))
    assert set().union(*shown.values()) == every - finished

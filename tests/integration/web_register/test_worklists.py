"""Worklists stay cheap: the second page of any of them takes at most eight queries, whatever it holds."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from register.audit import acting_as
from register.models import Case, Death, ForensicService, SuspectedSubstance, User
from register.web.register_desk.worklists import BY_SLUG, PAGE, WORKLISTS, cases_in
from register.workflow.case_transitions import LOCKED, CaseState
from tests.signing_in import sign_in

STATES = [state for state in CaseState if state not in (CaseState.DRAFT, CaseState.WITHDRAWN)]
FEW_QUERIES = 8


@pytest.fixture
def desk(transactional_db: None, client: Client) -> Client:
    """A reviewer signed in, and more than a page of cases in every state."""
    physician = User.objects.create_user("arts", role="physician", region_id="GG3406")
    reviewer = User.objects.create_user("jansen", role="register_staff")
    with acting_as(physician):
        cases = [_case(number, state, physician, reviewer) for state in STATES for number in range(PAGE + 5)]
        Case.objects.create_many(cases)
        Death.objects.create_many([Death(case=case) for case in cases])
        SuspectedSubstance.objects.create_many(
            [SuspectedSubstance(case=case, substance_id="heroin", reported_as="bruin") for case in cases]
        )
    sign_in(client, reviewer)
    return client


def _case(number: int, state: CaseState, physician: User, reviewer: User) -> Case:
    decided = state in LOCKED
    return Case(
        case_number=f"{STATES.index(state):04}-{number:06}",
        region_id="GG3406",
        forensic_service=ForensicService.objects.get(region_id="GG3406"),
        reporter=physician,
        assigned_to=reviewer,
        status=state.value,
        followup_due="2026-01-01" if number % 2 else "2126-01-01",
        locked_on="2026-01-01T12:00Z" if decided else None,
        decided_by=reviewer if decided else None,
    )


@pytest.mark.parametrize("worklist", WORKLISTS, ids=lambda worklist: worklist.slug)
@pytest.mark.django_db(transaction=True)
def test_the_second_page_of_a_worklist_takes_few_queries(desk: Client, worklist: object) -> None:
    url = reverse("register_desk:worklist", args=[worklist.slug])  # type: ignore[attr-defined]
    desk.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = desk.get(url, {"blad": "2"})
    assert response.status_code == 200
    asked = [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]
    assert len(asked) <= FEW_QUERIES, "\n".join(asked)


@pytest.mark.django_db(transaction=True)
def test_every_open_case_stands_in_at_least_one_list_and_no_finished_one_among_the_open(desk: Client) -> None:
    reviewer = User.objects.get(username="jansen")
    shown: dict[str, set[str]] = {
        slug: set(cases_in(chosen, reviewer).values_list("case_number", flat=True)) for slug, chosen in BY_SLUG.items()
    }
    finished = shown.pop("gesloten")
    every = set(Case.objects.exclude(status=CaseState.DRAFT).values_list("case_number", flat=True))
    assert set().union(*shown.values()) == every - finished

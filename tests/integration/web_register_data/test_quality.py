"""The quality board: shares by region of what is missing and what waits, each with its cases, as far as one may see."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from register.casework import moves, quality_board
from register.casework.quality_board import REASONS, WORK, Share, fields_shown
from register.models import Case, User
from register.workflow.roles import Role
from tests import factories
from tests.factories import AMSTERDAM, ROTTERDAM, person, physician, reviewer
from tests.signing_in import sign_in
from tests.trail import looks

HOUSEHOLD = "Decedent.household"
FEW_QUERIES = 12
# Behind a figure the rows of three kinds are named as well.
FEW_BEHIND = 14


@pytest.fixture
def staff(db: None) -> User:
    return reviewer()


@pytest.fixture
def cases(staff: User) -> list[Case]:
    """Three in Amsterdam, one in Rotterdam and two that do not count; of two the household is not known."""
    unknown = {"overledene": {"household_missing": "UNK"}}
    amsterdam, rotterdam = physician(AMSTERDAM), physician(ROTTERDAM)
    made = [
        factories.submitted(amsterdam, unknown),
        factories.submitted(amsterdam),
        factories.handed_in(amsterdam, ("roze poeder", None)),
        factories.submitted(rotterdam, unknown),
    ]
    factories.filled(amsterdam, unknown)
    return made


def _board(by: User, reason: str = "UNK") -> quality_board.Board:
    return quality_board.board(by=by, reason=reason, today=timezone.localdate())


def _behind(by: User, line: str, region: str = "", reason: str = "UNK", today: date | None = None) -> set[str]:
    day = today or timezone.localdate()
    found = quality_board.cases_behind(by=by, line=line, reason=reason, region=region, today=day)
    return set(found.values_list("case_number", flat=True))


def test_a_figure_is_the_share_of_the_cases_of_its_region(staff: User, cases: list[Case]) -> None:
    board = _board(staff)
    assert board.cases == {AMSTERDAM: 3, ROTTERDAM: 1, "": 4}
    assert board.fields[HOUSEHOLD] == {AMSTERDAM: Share(1, 3), ROTTERDAM: Share(1, 1), "": Share(2, 4)}
    assert board.work["name_unknown"] == {AMSTERDAM: Share(1, 3), ROTTERDAM: Share(0, 1), "": Share(1, 4)}
    percents = {region: share.percent for region, share in board.fields[HOUSEHOLD].items()}
    assert percents == {AMSTERDAM: 33, ROTTERDAM: 100, "": 50}
    assert _board(staff, "PEND").fields[HOUSEHOLD][""] == Share(0, 4)


def test_every_figure_counts_the_cases_behind_it(staff: User, cases: list[Case]) -> None:
    case = moves.take(case_id=cases[0].pk, seen_version=cases[0].row_version, by=staff)
    moves.await_toxicology(case_id=case.pk, seen_version=case.row_version, by=staff)
    assert _behind(staff, "tox_late") == set()
    later = timezone.localdate() + timedelta(days=400)
    for reason in REASONS:
        board = quality_board.board(by=staff, reason=reason, today=later)
        for lines in (board.work, board.fields):
            for line, shares in lines.items():
                for region, share in shares.items():
                    assert len(_behind(staff, line, region, reason, later)) == share.count, (line, region)
    assert _behind(staff, "tox_late", today=later) == {case.case_number}
    assert set(board.work) == set(WORK)
    assert set(board.fields) == {spec.key for spec in fields_shown()}


def test_a_coordinator_sees_the_own_region_alone(cases: list[Case]) -> None:
    lead = person(Role.COORDINATOR, ROTTERDAM)
    assert _board(lead).regions.keys() == {ROTTERDAM}
    assert _behind(lead, HOUSEHOLD) == {cases[3].case_number}
    assert _behind(lead, HOUSEHOLD, AMSTERDAM) == set()


def test_the_pages_show_the_figures_and_their_cases(client: Client, staff: User, cases: list[Case]) -> None:
    sign_in(client, staff)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("register_data:quality")).content.decode()
    assert len(asked) <= FEW_QUERIES, [query["sql"][:120] for query in asked]
    address = f"{reverse('register_data:behind')}?wat={HOUSEHOLD}&amp;reden=UNK&amp;regio={AMSTERDAM}"
    assert f'<a href="{address}" title="1 van 3">33%</a>' in page
    listed = client.get(address.replace("&amp;", "&")).content.decode()
    assert cases[0].case_number in listed
    assert cases[1].case_number not in listed
    (look,) = [one for one in looks(code="case.list", actor=str(staff.pk)) if one.objects]
    assert look.objects == [cases[0].pk]
    assert "1 van 3 zaken (33%) · GGD Amsterdam · onderdeel Overledene" in listed
    with CaptureQueriesContext(connection) as asked:
        named = client.get(reverse("register_data:behind"), {"wat": "name_unknown", "reden": "UNK"}).content.decode()
    assert len(asked) <= FEW_BEHIND, [query["sql"][:120] for query in asked]
    assert "1 van 4 zaken (25%) · alle regio’s" in named
    assert "‘roze poeder’" in named
    assert f'{reverse("register_desk:review", args=[cases[2].pk])}#p-substances"' in named


@pytest.mark.parametrize(
    "query",
    [
        "",
        "wat=niets",
        "wat=Decedent.household&reden=x",
        "wat=%00&regio=%00",
        "wat=Decedent.household&reden=UNK&regio=%00",
        f"wat=Decedent.household&reden=UNK&regio={'x' * 300}",
    ],
    ids=["nothing", "line", "reason", "no characters", "region", "long region"],
)
def test_an_address_without_a_figure_leads_to_the_board(client: Client, staff: User, query: str) -> None:
    sign_in(client, staff)
    answer = client.get(f"{reverse('register_data:behind')}?{query}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("register_data:quality")

"""Two physicians, a reviewer, and cases as the physician's own calls make them."""

from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from register.casework import intake, moves, substances, toxicology
from register.casework.answers import Vocabularies
from register.casework.dossier import Dossier
from register.casework.editing import edited
from register.models import Case, User
from tests.signing_in import sign_in
from tests.trail import Look, looks

AMSTERDAM, ROTTERDAM = "GG3406", "GG4607"
PAGES: dict[str, dict[str, str]] = {
    "overledene": {"sex": "male", "age_years": "34", "residence_municipality": "GM0363"},
    "overlijden": {
        "date_of_death_day": "21",
        "date_of_death_month": "10",
        "date_of_death_year": "2026",
        "date_of_death_precision": "exact",
        "place_type": "other_home",
        "death_municipality": "GM0363",
        "date_examined_day": "22",
        "date_examined_month": "10",
        "date_examined_year": "2026",
        "manner_provisional": "non_natural",
    },
    "omstandigheden": {"intent_provisional": "accident", "used_alone": "no"},
    "conclusie": {"relation_to_drugs": "direct", "cause_line_a": "Intoxicatie met ketamine"},
}

Draft = Callable[..., Case]


def fresh(case: Case) -> Case:
    """The case as it is stored now."""
    return Case.objects.get(pk=case.pk)


def version(case: Case) -> int:
    return fresh(case).row_version


def events(code: str, outcome: str = "ok") -> list[Look]:
    """What the access log holds of one kind."""
    return looks(code=code, outcome=outcome)


@pytest.fixture
def physician(db: None) -> User:
    return User.objects.create_user("arts.amsterdam", role="physician", region_id=AMSTERDAM)


@pytest.fixture
def colleague(db: None) -> User:
    """A physician of the same region."""
    return User.objects.create_user("arts.tweede", role="physician", region_id=AMSTERDAM)


@pytest.fixture
def elsewhere(db: None) -> User:
    """A physician of another region."""
    return User.objects.create_user("arts.rotterdam", role="physician", region_id=ROTTERDAM)


@pytest.fixture
def reviewer(db: None) -> User:
    return User.objects.create_user("register.jansen", role="register_staff")


@pytest.fixture
def desk(client: Client, physician: User) -> Client:
    sign_in(client, physician)
    return client


@pytest.fixture
def other_desk(elsewhere: User) -> Client:
    client = Client()
    sign_in(client, elsewhere)
    return client


def _fill(dossier: Dossier, answers: Mapping[str, str]) -> None:
    """Answer every page as usual, with ``answers`` over the usual ones; none has a problem."""
    for page, usual in PAGES.items():
        given = {**usual, **{name: value for name, value in answers.items() if name in usual}}
        intake.fill_page(dossier, page, given, Vocabularies())
        dossier.change(dossier.case, last_touched=page)


@pytest.fixture
def draft(physician: User) -> Draft:
    """Begin a case. Its pages are answered in one write when ``filled``."""

    def begin(*, by: User | None = None, filled: bool = False, **answers: str) -> Case:
        who = by or physician
        case = intake.open_case(by=who)
        if filled:
            with edited(case_id=case.pk, by=who, seen_version=case.row_version) as dossier:
                _fill(dossier, answers)
        return fresh(case)

    return begin


@pytest.fixture
def ready(physician: User) -> Draft:
    """A draft that can be handed in: one substance, toxicology requested; all of it in one write."""
    suspicion = {"reported_as": "keta", "substance": "ketamine", "evidence": ["scene"]}
    request = {"lab": "nfi", "requested_on_day": "22", "requested_on_month": "10", "requested_on_year": "2026"}

    def fill(**answers: str) -> Case:
        case = intake.open_case(by=physician)
        with edited(case_id=case.pk, by=physician, seen_version=case.row_version) as dossier:
            _fill(dossier, answers)
            substances.suspect(dossier, suspicion, Vocabularies())
            toxicology.request(dossier, request, Vocabularies())
            toxicology.catch_up(dossier)
        return fresh(case)

    return fill


@pytest.fixture
def submitted(physician: User, ready: Draft) -> Draft:
    """A case that was handed in."""

    def hand_in(**answers: str) -> Case:
        case = ready(**answers)
        moves.submit(case_id=case.pk, seen_version=version(case), by=physician)
        return fresh(case)

    return hand_in

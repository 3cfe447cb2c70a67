"""Closed cases as the register leaves them, written with history and actor, for tests of what is counted.

The whole way from entry to closing is walked elsewhere; here only the rows matter that counting reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from django.utils import timezone

from register.audit import acting_as
from register.coding import rules
from register.models import (
    Assessment,
    Case,
    CauseOfDeath,
    Circumstances,
    Death,
    Decedent,
    DefinitionResult,
    ForensicService,
    History,
    SubstanceFinding,
    User,
)
from register.reporting.codelists import DEFINITION_CODES
from register.workflow.case_transitions import LOCKED, CaseState

AMSTERDAM = "GG3406"
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One case. ``substances``: (code, role) pairs; ``day`` None is a date of death that is not known.

    ``answers``: those of the sections with circumstances and history, by the name of the section and of the field.
    """

    day: date | None = date(2016, 5, 1)
    until: date | None = None
    sex: str | None = "male"
    age: int | None = 40
    substances: Sequence[tuple[str, str]] = (("heroin", "sole_cause"),)
    definitions: Sequence[str] = ("nl_broad",)
    inclusion: str = "confirmed"
    tox: str | None = "final"
    status: CaseState = CaseState.CLOSED
    closed_on: datetime | None = None
    rule_version: str = rules.CURRENT
    intent: str | None = "accident"
    autopsy: tuple[str, ...] = ()
    cbs: str | None = None
    place: str | None = "own_home"
    municipality: str | None = None
    answers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def people() -> tuple[User, User, User]:
    """A physician, and two members of the register's staff."""
    found = [
        User.objects.get_or_create(username=name, defaults={"role": role, "region_id": region})[0]
        for name, role, region in (
            ("arts", "physician", AMSTERDAM),
            ("jansen", "register_staff", None),
            ("devries", "register_staff", None),
        )
    ]
    return found[0], found[1], found[2]


def store(cases: Iterable[Closed]) -> list[Case]:
    """Write these cases; the physician reported them, a member of the staff closed them."""
    physician, staff, _ = people()
    given = list(cases)
    service = ForensicService.objects.get(region_id=AMSTERDAM)
    with acting_as(staff):
        stored = Case.objects.create_many([_case(one, physician, staff, service) for one in given])
        pairs = list(zip(stored, given, strict=True))
        Decedent.objects.create_many([Decedent(case=case, sex=one.sex, age_years=one.age) for case, one in pairs])
        Death.objects.create_many(
            [
                Death(
                    case=case,
                    date_of_death_from=one.day,
                    date_of_death_to=one.until or one.day,
                    place_type=one.place,
                    death_municipality_id=one.municipality,
                )
                for case, one in pairs
            ]
        )
        CauseOfDeath.objects.create_many(
            [CauseOfDeath(case=case, intent_final=one.intent, autopsy=[*one.autopsy] or None) for case, one in pairs]
        )
        Assessment.objects.create_many(
            [Assessment(case=case, inclusion=one.inclusion, cbs_match=one.cbs) for case, one in pairs]
        )
        for section in (Circumstances, History):
            given_here = [
                (case, one.answers[section.__name__]) for case, one in pairs if section.__name__ in one.answers
            ]
            section.objects.create_many([section(case=case, **told) for case, told in given_here])
        DefinitionResult.objects.create_many([row for case, one in pairs for row in _definitions(case, one)])
        SubstanceFinding.objects.create_many(
            [
                SubstanceFinding(case=case, substance_id=code, role=role)
                for case, one in pairs
                for code, role in one.substances
            ]
        )
    return stored


def _case(one: Closed, physician: User, staff: User, service: ForensicService) -> Case:
    decided = one.status in LOCKED
    return Case(
        case_number=f"{(one.day or timezone.localdate()).year}-{next(_numbers):06}",
        region_id=AMSTERDAM,
        forensic_service=service,
        reporter=physician,
        status=one.status,
        tox_status=one.tox,
        decided_by=staff if decided else None,
        locked_on=(one.closed_on or timezone.now()) if decided else None,
    )


def _definitions(case: Case, one: Closed) -> list[DefinitionResult]:
    return [
        DefinitionResult(
            case=case,
            definition=code,
            outcome="yes" if code in one.definitions else "no",
            rule_id="N1",
            rule_version=one.rule_version,
            explanation_nl="-",
            explanation_en="-",
            basis="coded",
        )
        for code in DEFINITION_CODES
    ]

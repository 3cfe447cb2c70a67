"""How complete the record is: for each region the share of cases in which an answer is missing or work waits.

Counted are the cases that ``by`` sees and that were handed in, without those that are excluded or withdrawn. Everything
is counted in the database, in two queries whatever their number; ``cases_behind`` gives the cases of one figure, and
``rows_behind`` the rows that put them there.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from register.access import cases_for
from register.casework.dossier import section_name
from register.casework.errors import NotFoundError
from register.casework.unknown_names import KINDS
from register.models import SECTIONS, AcceptedFinding, Case, Query, Region, User
from register.quality import dictionary
from register.quality.dictionary import FieldSpec
from register.workflow.case_transitions import CaseState

NOT_COUNTED = (CaseState.DRAFT, CaseState.EXCLUDED, CaseState.WITHDRAWN)
# The reasons for missing that tell of the quality of the record; the first is shown when nobody chose.
REASONS = ("UNK", "NASK", "PEND")
LEVELS = ("core", "strong")
CASES = "cases"

Which = Callable[[date], Q]


def _tox_late(today: date) -> Q:
    return Q(status=CaseState.AWAITING_TOX, followup_due__lt=today)


def _warning_accepted(today: date) -> Q:
    return Q(pk__in=AcceptedFinding.objects.values("case"))


def _name_unknown(today: date) -> Q:
    found = Q()
    for model in KINDS.values():
        found |= Q(pk__in=_unlinked(model).values("case"))
    return found


def _unlinked(model: type[Any]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.filter(substance=None, removed_at=None, reported_as__isnull=False)
    return rows


def _open_questions() -> QuerySet[Query]:
    return Query.objects.filter(state=Query.State.OPEN)


def _question_open(today: date) -> Q:
    return Q(pk__in=_open_questions().values("case"))


# Work that waits, by the word under which a page asks for it.
WORK: dict[str, Which] = {
    "tox_late": _tox_late,
    "warning_accepted": _warning_accepted,
    "name_unknown": _name_unknown,
    "question_open": _question_open,
}


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``cases`` cases."""

    count: int
    cases: int

    @property
    def percent(self) -> int | None:
        """In whole per cents, at least 1 where there is any; None without cases."""
        if not self.cases:
            return None
        return max(round(100 * self.count / self.cases), min(self.count, 1))


@dataclass(frozen=True, slots=True)
class Board:
    """Figures by line and region. ``regions`` are codes with names, those with cases only; "" is all of them together.

    ``work`` has the words of WORK, ``fields`` the keys of ``fields_shown()``.
    """

    regions: Mapping[str, str]
    cases: Mapping[str, int]
    work: Mapping[str, Mapping[str, Share]]
    fields: Mapping[str, Mapping[str, Share]]


@lru_cache(maxsize=1)
def fields_shown() -> tuple[FieldSpec, ...]:
    """The single answers that should be known of every death, page by page; what no page asks comes last."""
    asked = (spec for spec in dictionary.all_fields() if spec.on_case and spec.may_be_missing and spec.level in LEVELS)
    places = {page: place for place, page in enumerate(dictionary.PAGES)}
    return tuple(sorted(asked, key=lambda spec: places.get(spec.page, len(places))))


def board(*, by: User, reason: str, today: date) -> Board:
    """The board of what ``by`` sees, for one of REASONS."""
    lines = {CASES: Q(), **{name: which(today) for name, which in WORK.items()}}
    work = _counted(by, lines)
    fields = _counted(by, {spec.key: _missing(spec, reason) for spec in fields_shown()})
    cases = {region: counts[CASES] for region, counts in work.items()}
    names = dict(Region.objects.filter(pk__in=cases).order_by("name").values_list("pk", "name"))
    return Board(
        regions=names,
        cases=_with_all(cases),
        work={name: _shares(name, work, cases) for name in WORK},
        fields={spec.key: _shares(spec.key, fields, cases) for spec in fields_shown()},
    )


def cases_behind(*, by: User, line: str, reason: str, region: str, today: date) -> QuerySet[Case]:
    """The cases of one figure, the latest handed in first; of all regions for "".

    Raises NotFoundError for a line, a reason or a region that does not exist.
    """
    spec = next((spec for spec in fields_shown() if spec.key == line), None)
    if line in WORK:
        which = WORK[line](today)
    elif spec is not None and reason in REASONS:
        which = _missing(spec, reason)
    else:
        raise NotFoundError
    if region not in {"", *Region.objects.values_list("pk", flat=True)}:
        raise NotFoundError
    cases = _of(by).filter(which)
    return (cases.filter(region=region) if region else cases).order_by("-submitted_at", "pk")


def share_behind(*, by: User, count: int, region: str) -> Share:
    """``count`` of the cases of a region that ``by`` sees; of all regions for ""."""
    cases = _of(by)
    return Share(count, (cases.filter(region=region) if region else cases).count())


def rows_behind(*, line: str, cases: Collection[Case]) -> Mapping[UUID, list[Any]]:
    """The rows that put these cases into a line of work, by the key of the case, in the order of entry.

    Open questions, accepted warnings, or rows with a name that is not linked; none for any other line.
    """
    kinds: tuple[QuerySet[Any], ...] = {
        "question_open": (_open_questions(),),
        "warning_accepted": (AcceptedFinding.objects.all(),),
        "name_unknown": tuple(map(_unlinked, KINDS.values())),
    }.get(line, ())
    found: dict[UUID, list[Any]] = {}
    for rows in kinds:
        for row in rows.filter(case__in=cases).order_by("id"):
            found.setdefault(row.case_id, []).append(row)
    return found


def _of(by: User) -> QuerySet[Case]:
    return cases_for(by).exclude(status__in=NOT_COUNTED)


@lru_cache(maxsize=1)
def _sections() -> Mapping[str, str]:
    """The way from a case to the answers of each model."""
    return {"Case": "", **{model.__name__: f"{section_name(model)}__" for model in SECTIONS}}


def _missing(spec: FieldSpec, reason: str) -> Q:
    return Q(**{f"{_sections()[spec.model]}{spec.field}_missing": reason})


def _counted(by: User, lines: Mapping[str, Q]) -> dict[str, dict[str, int]]:
    """By region how many cases are in each line."""
    names = {f"line_{place}": line for place, line in enumerate(lines)}
    counts = {name: Count("pk", filter=lines[line]) for name, line in names.items()}
    rows: Any = _of(by).order_by().values("region").annotate(**counts)
    return {row["region"]: {line: row[name] for name, line in names.items()} for row in rows}


def _with_all(counts: Mapping[str, int]) -> dict[str, int]:
    return {**counts, "": sum(counts.values())}


def _shares(line: str, found: Mapping[str, Mapping[str, int]], cases: Mapping[str, int]) -> dict[str, Share]:
    counts, totals = _with_all({region: of[line] for region, of in found.items()}), _with_all(cases)
    return {region: Share(count, totals[region]) for region, count in counts.items()}

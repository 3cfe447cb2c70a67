"""A case with everything that belongs to it, in memory: read in a fixed number of queries, changed, and stored once.

The rules of casework work on dossiers. The web form stores one at a time, the import and the bulk review store many in
the same statements; what a write means is written once.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

from django.db.models import QuerySet
from django.utils import timezone

from register.casework import at_once, reference
from register.casework.reference import Reference
from register.casework.row_ids import row_ids
from register.casework.seen import Conflict, Seen
from register.models import (
    SECTIONS,
    AcceptedFinding,
    Assessment,
    Case,
    CauseOfDeath,
    Circumstances,
    Death,
    Decedent,
    DefinitionResult,
    History,
    KnownUse,
    NaloxoneGiven,
    PanelVote,
    Query,
    QueryMessage,
    SourceDocument,
    StatusChange,
    SubstanceFinding,
    SuspectedSubstance,
    ToxRequest,
    ToxResult,
    ToxSample,
    UnreadAnswer,
)
from register.models.case import CaseChild, CaseSection
from register.models.tracked import Tracked, by_case
from register.quality.answers import Answer
from register.quality.record import Record
from register.quality.rule import Finding

Child = TypeVar("Child", bound=CaseChild)
Value = TypeVar("Value")
Kept = tuple[int, Value]

# The rows that a decision about a case may rest on; messages and moves are only written.
READ_WITH_CASE: tuple[type[CaseChild], ...] = (
    SuspectedSubstance,
    SubstanceFinding,
    ToxRequest,
    ToxSample,
    ToxResult,
    NaloxoneGiven,
    KnownUse,
    SourceDocument,
    AcceptedFinding,
    Query,
    PanelVote,
    DefinitionResult,
    UnreadAnswer,
)
STORED: tuple[type[Tracked], ...] = (Case, *SECTIONS, *READ_WITH_CASE, QueryMessage, StatusChange)
# Where a case that is only looked at keeps its dossier.
LOOKED_AT = "_looked_at"


def section_name(model: type[CaseSection]) -> str:
    """The attribute of a case under which Django reaches the section."""
    return f"{model.__name__.lower()}_section"


class Dossier:
    """One case with its sections and rows. ``change``, ``add`` and ``drop`` prepare what ``store`` writes.

    ``revision`` rises with each of them, so that what was computed from the dossier (its record, the findings, the
    answers ``read`` of each row) knows when it is out of date. ``touched`` keeps of each changed column what is stored,
    ``seen`` is the version that the page of the person showed, and ``conflicts`` are the answers that were not taken.
    """

    def __init__(self, case: Case, rows: dict[type[CaseChild], list[Any]] | None = None) -> None:
        self.case = case
        self.sections = {model.__name__: getattr(case, section_name(model)) for model in SECTIONS}
        self._rows: dict[type[CaseChild], list[Any]] = rows if rows is not None else {}
        self.fresh: list[Tracked] = []
        self.touched: dict[Any, tuple[Tracked, dict[str, Any]]] = {}
        self.gone: list[Tracked] = []
        # How many duplicate pairs with it are open, when that was counted for many cases at once.
        self.open_pairs: int | None = None
        self.seen: Seen | None = None
        self.conflicts: list[Conflict] = []
        self.revision = 0
        self.record: Kept[Record] | None = None
        self.findings: Kept[tuple[Finding, ...]] | None = None
        self.read: dict[Any, dict[str, Answer]] = {}

    @classmethod
    def new(cls, case: Case) -> "Dossier":
        """A dossier for a case that is not stored yet, with its sections and no rows."""
        for model in SECTIONS:
            setattr(case, section_name(model), model(case=case))
        dossier = cls(case, {model: [] for model in READ_WITH_CASE})
        dossier.fresh = [case, *dossier.sections.values()]
        return dossier

    @property
    def decedent(self) -> Decedent:
        return cast("Decedent", self.sections["Decedent"])

    @property
    def death(self) -> Death:
        return cast("Death", self.sections["Death"])

    @property
    def cause(self) -> CauseOfDeath:
        return cast("CauseOfDeath", self.sections["CauseOfDeath"])

    @property
    def circumstances(self) -> Circumstances:
        return cast("Circumstances", self.sections["Circumstances"])

    @property
    def history(self) -> History:
        return cast("History", self.sections["History"])

    @property
    def assessment(self) -> Assessment:
        return cast("Assessment", self.sections["Assessment"])

    def answers(self, model: str) -> Tracked:
        """The row that holds the single answers of ``model``: the case itself or one of its sections."""
        return self.case if model == "Case" else self.sections[model]

    def rows(self, model: type[Child]) -> list[Child]:
        """The rows of ``model`` in the order of entry; those of every kind are read together when nobody did yet."""
        if model not in self._rows:
            kinds = READ_WITH_CASE if model in READ_WITH_CASE else (model,)
            self._rows = {**at_once.of_case(self.case, kinds), **self._rows}
        return self._rows[model]

    def row(self, model: type[Child], row_id: Any) -> Child | None:
        """The row of ``model`` with this key, or None when this case has no such row."""
        return next((row for row in self.rows(model) if str(row.pk) == str(row_id)), None)

    def change(self, row: Tracked, **values: Any) -> bool:
        """Set ``values`` and mark the row when at least one differs; say whether anything changed."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        before = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            self.revision += 1
            self.read.pop(row.pk, None)
            if not row._state.adding:
                self._touch(row, before, changed)
        return bool(changed)

    def _touch(self, row: Tracked, before: dict[str, Any], changed: dict[str, Any]) -> None:
        """Remember what is stored; a row in which all is again as it is stored was not touched."""
        _, stored = self.touched.setdefault(row.pk, (row, {}))
        for name, value in changed.items():
            if stored.setdefault(name, before[name]) == value:
                del stored[name]
        if not stored:
            del self.touched[row.pk]

    def add(self, row: Child) -> Child:
        """Give the row its key and put it with the others."""
        row.id = row_ids.next()
        row.case = self.case
        if type(row) in READ_WITH_CASE:
            self.rows(type(row)).append(row)
        self.fresh.append(row)
        self.revision += 1
        return row

    def drop(self, row: CaseChild) -> None:
        """Take the row away for good; its history stays."""
        self.revision += 1
        self.rows(type(row)).remove(row)
        self.touched.pop(row.pk, None)
        if row._state.adding:
            self.fresh.remove(row)
        else:
            self.gone.append(row)

    @cached_property
    def reference(self) -> Reference:
        """The vocabularies as they stood when this dossier first needed them."""
        return reference.current()

    @property
    def changed(self) -> bool:
        return bool(self.fresh or self.touched or self.gone)


def read(case: Case) -> Dossier:
    """The dossier of a case of which only its own row was read: the sections and all rows, in one statement."""
    found = at_once.of_case(case, (*SECTIONS, *READ_WITH_CASE))
    for model in SECTIONS:
        for section in found.pop(model):
            setattr(case, section_name(model), section)
    return Dossier(case, found)


def looked_at(case: Case) -> Dossier:
    """The dossier of a case that is only looked at: read the first time, and kept with this instance of the case.

    Whoever writes opens the case anew, and shows it from another instance afterwards.
    """
    kept: Dossier | None = vars(case).get(LOOKED_AT)
    if kept is None:
        kept = vars(case)[LOOKED_AT] = read(case)
    return kept


def keep(dossier: Dossier) -> None:
    """Let the case that was stored be looked at as it is in memory, without reading it again."""
    vars(dossier.case)[LOOKED_AT] = dossier


def load(cases: QuerySet[Case]) -> list[Dossier]:
    """Dossiers of these cases, in their order, in one query for the cases and one for each kind of row."""
    found = list(cases.select_related(*(section_name(model) for model in SECTIONS)))
    return with_rows(found)


def with_rows(cases: Sequence[Case]) -> list[Dossier]:
    """Dossiers of cases that were read already, in one query for each kind of row."""
    rows = {
        model: by_case(model._default_manager.filter(case__in=cases).order_by("id")) if cases else {}
        for model in READ_WITH_CASE
    }
    return [Dossier(case, {model: rows[model].get(case.pk, []) for model in READ_WITH_CASE}) for case in cases]


def store(dossiers: Iterable[Dossier]) -> None:
    """Write what was prepared, the rows of all dossiers together, each with its history.

    A case that exists is changed last, also when only its rows were: its version tells that something did.
    """
    changed = [dossier for dossier in dossiers if dossier.changed]
    for dossier in changed:
        _stamp(dossier)
    fresh: dict[type[Tracked], list[Tracked]] = {model: [] for model in STORED}
    for dossier in changed:
        for row in dossier.fresh:
            fresh[type(row)].append(row)
    for model in STORED:
        model._default_manager.create_many(fresh[model])
    now = timezone.now()
    for dossier in changed:
        if dossier.case not in dossier.fresh:
            dossier.change(dossier.case, changed_at=now)
    for model in STORED[1:]:
        _change(model, changed)
    # What pointed at these rows points elsewhere by now.
    for dossier in changed:
        for row in dossier.gone:
            row.delete()
    _change(Case, changed)
    for dossier in changed:
        dossier.fresh, dossier.touched, dossier.gone = [], {}, []


def _change(model: type[Tracked], dossiers: Iterable[Dossier]) -> None:
    touched = [each for dossier in dossiers for each in dossier.touched.values() if type(each[0]) is model]
    names = set[str]().union(*(fields for _, fields in touched))
    model._default_manager.change_many([row for row, _ in touched], sorted(names))


def _stamp(dossier: Dossier) -> None:
    """Write in each changed row the version that its case gets: so its history tells what stood at each version."""
    version = 1 if dossier.case in dossier.fresh else dossier.case.row_version + 1
    for row in [*dossier.fresh, *(row for row, _ in dossier.touched.values())]:
        if isinstance(row, CaseChild | CaseSection):
            dossier.change(row, case_version=version)

"""Names that the catalogue does not know: one decision holds wherever a name was reported in an open case.

It links the name to a substance, or strikes it out as no substance. The reported words stay as they were for ever. A
case that is closed, or that ``by`` may not change, stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from register.access import cases_for, may, name_links_for
from register.audit import Event, acting_as, doing, keyed_digest
from register.casework import reference
from register.casework.answers import Vocabularies, put
from register.casework.dossier import Dossier
from register.casework.errors import InvalidError, NotFoundError, refuse_unless
from register.casework.opening import lock, opened
from register.casework.substances import MAPPED_KINDS, UNKNOWN_SUBSTANCE, beside_a_sole_cause, link
from register.coding import lookup
from register.coding.folding import fold
from register.coding.lookup import Match
from register.models import Case, NameLink, Substance, SubstanceFinding, User
from register.quality.answers import BLANK
from register.workflow import case_acts
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

Act = Callable[[Dossier, Any], None]
# Near names to choose from; the whole catalogue stands below them.
CANDIDATES = 5
KINDS: dict[str, type[Any]] = {**MAPPED_KINDS}
NO_SUBSTANCE = "Geen middel"


@dataclass(frozen=True, slots=True)
class Place:
    """One row in which a name was reported: its kind, its key, its case, and its role when it has one."""

    kind: str
    row: UUID
    case: Case
    role: str


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name with every standing row in which it was reported. ``key`` says nothing of the words."""

    key: str
    words: str
    places: tuple[Place, ...]

    @property
    def cases(self) -> list[Case]:
        """Each case once, by number."""
        return sorted({place.case.pk: place.case for place in self.places}.values(), key=lambda case: case.case_number)

    @property
    def kinds(self) -> Counter[str]:
        return Counter(place.kind for place in self.places)

    @property
    def roles(self) -> Counter[str]:
        return Counter(place.role for place in self.places if place.role)


def waiting(*, by: User) -> list[UnknownName]:
    """Every name that is not linked, in cases that ``by`` sees, the one that stands in most cases first."""
    known, found = reference.current().lookups.analytes, dict[str, list[tuple[str, Place]]]()
    for kind, model in KINDS.items():
        rows = model._default_manager.filter(
            substance=None, removed_at=None, reported_as__isnull=False, case__in=cases_for(by)
        )
        for row in rows.exclude(case__status=CaseState.WITHDRAWN).select_related("case"):
            key = fold(row.reported_as)
            if key and not (kind == "result" and row.reported_as.strip().lower() in known):
                place = Place(kind, row.pk, row.case, getattr(row, "role", None) or "")
                found.setdefault(key, []).append((row.reported_as, place))
    names = [_name(key, rows) for key, rows in found.items()]
    return sorted(names, key=lambda name: (-len(name.cases), name.words))


def find(*, key: str, by: User) -> UnknownName:
    """The name with this key; NotFoundError when no row waits under it."""
    name = next((name for name in waiting(by=by) if name.key == key), None)
    if name is None:
        raise NotFoundError
    return name


def candidates(name: UnknownName) -> tuple[Match, ...]:
    """Substances that the name may mean, best first."""
    retired = frozenset(Substance.objects.filter(status=Substance.Status.RETIRED).values_list("pk", flat=True))
    return lookup.search(name.words, reference.current().catalogue, CANDIDATES, (), retired)


def beside(name: UnknownName) -> dict[UUID, list[Substance]]:
    """The substances reported beside the name, for each of its cases: what a person needs to guess what was meant."""
    found: dict[UUID, dict[str, Substance]] = {case.pk: {} for case in name.cases}
    for model in KINDS.values():
        rows = model._default_manager.filter(case__in=found, removed_at=None, substance__isnull=False)
        for row in rows.select_related("substance").order_by("pk"):
            found[row.case_id][row.substance_id] = row.substance
    return {case: sorted(substances.values(), key=attrgetter("pk")) for case, substances in found.items()}


def changeable(case: Case, by: User) -> bool:
    """Whether ``by`` may link a name in this case in the state it is in."""
    refused = case_acts.refusal(Verb.REVIEW_CASE, CaseState(case.status))
    return refused is None and bool(may(by, Verb.REVIEW_CASE, case))


def link_all(*, key: str, substance: str, by: User, now: datetime) -> NameLink:
    """Link the name in every case that may change. NotFoundError when it waits nowhere."""
    vocabularies = Vocabularies()

    def link_to(dossier: Dossier, row: Any) -> None:
        link(dossier, row, substance, vocabularies)

    with acting_as(by):
        require(by)
        if substance not in vocabularies.substance:
            raise InvalidError({"substance": UNKNOWN_SUBSTANCE})
        return _decide(key, substance, link_to, by, now)


def strike_all(*, key: str, by: User, now: datetime) -> NameLink:
    """The name means no substance: strike it out in every case that may change. NotFoundError when it waits nowhere."""

    def strike(dossier: Dossier, row: Any) -> None:
        dossier.change(row, removed_at=now, removed_reason=NO_SUBSTANCE)

    with acting_as(by):
        require(by)
        return _decide(key, None, strike, by, now)


def undo(*, link_id: UUID, by: User, now: datetime) -> NameLink:
    """Take the decision back where it still stands.

    A row that was linked otherwise since stays as it is, and so does a case that may not change any more.
    """
    with acting_as(by):
        made = name_links_for(by).select_for_update().filter(pk=link_id, undone_at=None).first()
        if made is None:
            raise NotFoundError
        by_case: dict[str, list[tuple[str, str]]] = {}
        for kind, row, case in made.rows:
            by_case.setdefault(case, []).append((kind, row))
        for case in cases_for(by).filter(pk__in=by_case).order_by("pk"):
            if changeable(case, by):
                with _opened(case, by) as dossier:
                    _take_back(dossier, by_case[str(case.pk)], made.substance_id)
        made.change(undone_at=now)
    return made


def latest(*, by: User, limit: int) -> Sequence[NameLink]:
    """The latest decisions, newest first."""
    return list(name_links_for(by).select_related("substance", "by").order_by("-at", "id")[:limit])


def require(by: User) -> None:
    """Raise RefusedError unless ``by`` reviews cases."""
    refuse_unless(may(by, Verb.REVIEW_CASE))


def _name(key: str, rows: Sequence[tuple[str, Place]]) -> UnknownName:
    """Of several spellings the one that was written most often."""
    words = Counter(words for words, _ in rows).most_common(1)[0][0]
    return UnknownName(keyed_digest("unknown_name", key), words, tuple(place for _, place in rows))


def _decide(key: str, substance: str | None, act: Act, by: User, now: datetime) -> NameLink:
    """Do ``act`` with every row in which the name waits, and keep the decision with those rows."""
    name = find(key=key, by=by)
    rows: list[list[str]] = []
    for case in name.cases:
        if changeable(case, by):
            rows += _act_in(case, [place for place in name.places if place.case.pk == case.pk], act, by)
    doing(Verb.REVIEW_CASE)
    made: NameLink = NameLink.objects.create(words=name.words, substance_id=substance, by=by, at=now, rows=rows)
    return made


def _act_in(case: Case, places: Iterable[Place], act: Act, by: User) -> list[list[str]]:
    done = []
    with _opened(case, by) as dossier:
        for place in places:
            row: Any = dossier.row(KINDS[place.kind], place.row)
            if row is not None and row.substance_id is None and row.removed_at is None:
                act(dossier, row)
                done.append([place.kind, str(row.pk), str(case.pk)])
    return done


def _take_back(dossier: Dossier, rows: Iterable[tuple[str, str]], substance: str | None) -> None:
    for kind, key in rows:
        row: Any = dossier.row(KINDS[kind], key)
        if row is None:
            continue
        if substance is None and row.removed_at is not None and row.removed_reason == NO_SUBSTANCE:
            if not (isinstance(row, SubstanceFinding) and beside_a_sole_cause(dossier, row)):
                dossier.change(row, removed_at=None, removed_reason=None)
        elif substance is not None and row.substance_id == substance and row.removed_at is None:
            put(dossier, row, {f"{type(row).__name__}.substance": BLANK})


def _opened(case: Case, by: User) -> Any:
    """The case as it stands now: the decision is about the words, which nobody changes."""
    return opened(
        case_id=case.pk,
        by=by,
        verb=Verb.REVIEW_CASE,
        seen_version=lock(case_id=case.pk, by=by),
        event=Event.CASE_UPDATE,
    )

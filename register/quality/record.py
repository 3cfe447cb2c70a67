"""One case as the quality rules see it: its answers, its rows, the day of today, and what to compare with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from register.quality.answers import BLANK, Answer
from register.quality.partial_dates import PartialDate
from register.quality.times import ZONE


class Answered:
    """Typed reading of a mapping ``Model.field`` -> Answer; an answer of another type counts as no value."""

    __slots__ = ()

    answers: Mapping[str, Answer]

    def answer(self, key: str) -> Answer:
        return self.answers.get(key, BLANK)

    def text(self, key: str) -> str:
        """The code or text, empty when there is none."""
        value = self.answer(key).value
        return value if isinstance(value, str) else ""

    def codes(self, key: str) -> tuple[str, ...]:
        value = self.answer(key).value
        return value if isinstance(value, tuple) else ()

    def number(self, key: str) -> int | None:
        value = self.answer(key).value
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def quantity(self, key: str) -> Decimal | None:
        value = self.answer(key).value
        return value if isinstance(value, Decimal) and value.is_finite() else None

    def truth(self, key: str) -> bool | None:
        value = self.answer(key).value
        return value if isinstance(value, bool) else None

    def dated(self, key: str) -> PartialDate | None:
        """A date, partial or whole; of a moment, the day on which it was in the Netherlands."""
        value = self.answer(key).value
        match value:
            case PartialDate():
                return value
            case datetime():
                moment = self.moment(key)
                return None if moment is None else _whole_day(moment.astimezone(ZONE).date())
            case date():
                return _whole_day(value)
            case _:
                return None

    def moment(self, key: str) -> datetime | None:
        """A moment in UTC; one without a zone is taken as the clock in the Netherlands."""
        value = self.answer(key).value
        if not isinstance(value, datetime) or not 1 < value.year < 9999:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=ZONE)).astimezone(UTC)


def _whole_day(day: date) -> PartialDate:
    return PartialDate(day, day)


@dataclass(frozen=True, slots=True)
class Row(Answered):
    """One row of a repeated model. ``key`` finds it again; ``links`` names the rows it belongs to.

    ``links`` maps ``request`` or ``sample`` to the key of that row.
    """

    model: str
    key: str
    answers: Mapping[str, Answer]
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality with its region and validity; ``successor`` is what it became part of, empty when not known."""

    name: str
    region: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """What the rules compare with, as plain mappings of codes. A rule whose lookup is empty stays silent.

    ``substance_names``: code -> (Dutch, English). ``metabolite_parents``: substance code or lower-case name -> the
    parents it can come from. ``proves``: code or lower-case name -> the one substance whose use it proves (6-MAM:
    heroin). ``care_drugs`` are given in resuscitation, ``antidotes`` only there. ``drugs_of_abuse`` are codes that are
    unusual below the age of 12. ``usual_routes``: code -> routes. ``highest_seen``: (code, normalised unit) -> highest
    normalised value so far. ``units_of``: unit -> the only substances it is used for. ``scope_needed``: code -> scope
    of VS-SCOPE that a negative result needs. ``analytes``: lower-case names of metabolites and markers that are no
    substance of the catalogue and need no link to one.
    """

    municipalities: Mapping[str, Municipality] = field(default_factory=dict)
    region_names: Mapping[str, str] = field(default_factory=dict)
    substance_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    metabolite_parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proves: Mapping[str, str] = field(default_factory=dict)
    care_drugs: frozenset[str] = frozenset()
    antidotes: frozenset[str] = frozenset()
    drugs_of_abuse: frozenset[str] = frozenset()
    usual_routes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    highest_seen: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    units_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scope_needed: Mapping[str, str] = field(default_factory=dict)
    analytes: frozenset[str] = frozenset()

    def substance_name(self, code: str) -> tuple[str, str]:
        """The Dutch and the English name, or the code twice."""
        return self.substance_names.get(code, (code, code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Answered):
    """A case at one moment.

    ``answers`` maps ``Model.field`` to the answer of the single-row sections, ``rows`` a model name to its rows; rows
    that were struck out are left out. ``today`` is the day of checking, ``entered_on`` the day the case was begun (None
    when it does not matter, as in an import). ``same_reference`` counts other cases with this external reference.
    """

    today: date
    answers: Mapping[str, Answer]
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    lookups: Lookups = field(default_factory=Lookups)
    entered_on: date | None = None
    same_reference: int = 0

    def rows_of(self, model: str) -> tuple[Row, ...]:
        return self.rows.get(model, ())

    def row(self, model: str, key: str) -> Row | None:
        """The row with this key, or None."""
        return next((row for row in self.rows_of(model) if row.key == key), None)

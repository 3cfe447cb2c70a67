"""The days that the register counts with: when toxicology is due, when a question is brought to mind, what is late."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from register.quality.problems import Problem

LEAST, MOST = 1, 365
TOXICOLOGY, ASK_AFTER = "toxicology", "ask_after"
FIRST_REMINDER, SECOND_REMINDER, LEAD = "first_reminder", "second_reminder", "lead"
ADDING_UP, LATE = "adding_up", "late"
# The term of one laboratory stands under this and its code.
LABORATORY = "laboratory-"
DAYS_WRONG = Problem(f"Geef een aantal dagen van {LEAST} tot en met {MOST}.", f"Give {LEAST} to {MOST} days.")


@dataclass(frozen=True, slots=True)
class Term:
    """One number of days, as it was delivered, and what it is for."""

    code: str
    days: int
    nl: str
    en: str


TERMS: tuple[Term, ...] = (
    Term(
        TOXICOLOGY,
        42,
        "Uitslag verwacht na de aanvraag, als geen laboratorium is gekozen",
        "Result expected after the request, when no laboratory was chosen",
    ),
    Term(
        ASK_AFTER,
        14,
        "Het register vraagt zelf naar een uitslag die zo lang te laat is",
        "The register asks by itself about a result that is late for so long",
    ),
    Term(FIRST_REMINDER, 7, "Eerste herinnering aan een open vraag", "First reminder of an open question"),
    Term(SECOND_REMINDER, 14, "Tweede herinnering aan een open vraag", "Second reminder of an open question"),
    Term(LEAD, 21, "De coördinator van de regio hoort ervan", "The coordinator of the region hears of it"),
    Term(ADDING_UP, 7, "Wachten loopt op na", "Waiting adds up after"),
    Term(LATE, 14, "Wachten is te laat na", "Waiting is late after"),
)
# Each of these lies behind the one before it.
ORDER = ((FIRST_REMINDER, SECOND_REMINDER), (SECOND_REMINDER, LEAD), (ADDING_UP, LATE))


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that hold: those that people changed in ``changed``, the others as they were delivered."""

    changed: Mapping[str, int] = field(default_factory=dict)

    def days(self, code: str) -> int:
        """The days of one of TERMS."""
        return self.changed.get(code, _DELIVERED[code])

    def span(self, code: str) -> timedelta:
        return timedelta(days=self.days(code))

    def of_laboratory(self, code: str, delivered: int) -> int:
        """The days between a request to this laboratory and its report."""
        return self.changed.get(f"{LABORATORY}{code}", delivered)


def read(code: str, text: str, others: Terms) -> tuple[int, Problem | None]:
    """The days that somebody typed for ``code``, and what is wrong with them beside the other terms."""
    digits = text.strip()
    days = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0
    if not LEAST <= days <= MOST:
        return 0, DAYS_WRONG
    for sooner, later in ORDER:
        first = days if code == sooner else others.days(sooner)
        second = days if code == later else others.days(later)
        if code in (sooner, later) and first >= second:
            return 0, _order(sooner, later, others)
    return days, None


def _order(sooner: str, later: str, others: Terms) -> Problem:
    first, second = _BY_CODE[sooner], _BY_CODE[later]
    return Problem(
        f"‘{first.nl}’ ({others.days(sooner)}) ligt vóór ‘{second.nl}’ ({others.days(later)}).",
        f"‘{first.en}’ ({others.days(sooner)}) lies before ‘{second.en}’ ({others.days(later)}).",
    )


_BY_CODE = {term.code: term for term in TERMS}
_DELIVERED = {term.code: term.days for term in TERMS}

"""What the rules of the register say about a case, sorted by the pages of the physician."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from register.casework import findings, moves
from register.casework.dossier import looked_at
from register.quality.rule import Finding, Severity
from register.workflow.transitions import Obstacle

# Of an answer that is there and will not do: it cannot be read, or another answer contradicts it.
WRONG = "error"
UNFINISHED = frozenset({"core_blank", WRONG})
SAID_ON_A_PAGE = frozenset({Severity.WARNING, Severity.WARNING_AT_SUBMIT})


def warnings_on(case: Any, page: str) -> list[Finding]:
    """The warnings about the answers of one page."""
    return [
        found for found in findings.check(looked_at(case)) if found.page == page and found.severity in SAID_ON_A_PAGE
    ]


def keys(found: Iterable[Finding]) -> list[str]:
    """The keys of findings, to tell later which of them a person has seen."""
    return [findings.key_of(finding) for finding in found]


def to_accept(case: Any) -> list[tuple[str, Finding]]:
    """The warnings that wait for a reason before submitting, with the key under which the reason is sent."""
    return [(findings.key_of(finding), finding) for finding in findings.unaccepted(looked_at(case))]


def in_the_way(case: Any, by: Any) -> tuple[Obstacle, ...]:
    """Everything that stands in the way of submitting."""
    return moves.obstacles_in(dossier=looked_at(case), move="submit", by=by)


def missing_per_page(obstacles: Iterable[Obstacle]) -> Counter[str]:
    """How many answers each page still owes, or has wrong."""
    return Counter(obstacle.page for obstacle in obstacles if obstacle.code in UNFINISHED and obstacle.page)

"""Running the quality rules over one case."""

from collections.abc import Iterable, Mapping

from register.quality.dictionary import find
from register.quality.record import Record
from register.quality.rule import BLOCKING, Finding, Hit, Rule, Severity, word
from register.quality.rules import conclusions, dates, entries, substances, toxicology

__all__ = [
    "OVERRIDE_UNEXPLAINED",
    "PENDING_ANSWER",
    "ROLE_UNSET",
    "RULES",
    "TERM_UNMAPPED",
    "Finding",
    "Rule",
    "Severity",
    "blocking",
    "check",
    "codes_of",
    "to_accept",
]

# Every rule, in the order of their codes.
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*dates.RULES, *entries.RULES, *substances.RULES, *toxicology.RULES, *conclusions.RULES),
        key=lambda rule: rule.code,
    )
)

# Tasks that closing asks about by name.
PENDING_ANSWER, ROLE_UNSET, TERM_UNMAPPED, OVERRIDE_UNEXPLAINED = "Q20", "Q22", "Q23", "Q30"


def check(record: Record, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """What the rules find in this record, in the order of the rules. Blank answers are not findings here.

    Cheap enough for each save; it never raises for a record of which parts are missing or of an unexpected type.
    """
    return tuple(_finding(rule, hit) for rule in rules for hit in rule.check(record))


def _finding(rule: Rule, hit: Hit) -> Finding:
    key = hit.field or rule.field
    spec = find(key)
    return Finding(
        code=rule.code,
        severity=rule.severity,
        field=key,
        page=spec.page if spec else "",
        nl=rule.nl.format_map(word(hit.words, 0)),
        en=rule.en.format_map(word(hit.words, 1)),
        row=hit.row,
    )


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that block submitting and closing, whatever anyone says."""
    return tuple(finding for finding in findings if finding.severity in BLOCKING)


def to_accept(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that a person has to accept with a reason, or mend."""
    return tuple(finding for finding in findings if finding.severity is Severity.WARNING_AT_SUBMIT)


def codes_of(findings: Iterable[Finding]) -> Mapping[str, tuple[Finding, ...]]:
    """The findings by code."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.code, []).append(finding)
    return {code: tuple(found) for code, found in grouped.items()}

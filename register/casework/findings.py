"""What the quality rules find in a dossier, and which warnings a person read and accepted with a reason."""

from collections.abc import Mapping

from register.casework.dossier import Dossier
from register.casework.record import record
from register.models import AcceptedFinding, User
from register.quality import findings as quality
from register.quality.rule import Finding, Severity

WARNINGS = frozenset({Severity.WARNING, Severity.WARNING_AT_SUBMIT})
LONGEST_WORDS = 1000


def check(dossier: Dossier) -> tuple[Finding, ...]:
    """What the rules find now; computed again only after a change."""
    if dossier.findings is None or dossier.findings[0] != dossier.revision:
        rules = dossier.reference.configuration.rules
        dossier.findings = (dossier.revision, quality.check(record(dossier), rules))
    return dossier.findings[1]


def key_of(finding: Finding) -> str:
    """The name under which a form sends the reason for accepting this finding."""
    return f"{finding.code}:{finding.place}"


def unaccepted(dossier: Dossier) -> tuple[Finding, ...]:
    """The warnings that wait for a reason."""
    accepted = {(row.code, row.field) for row in dossier.rows(AcceptedFinding)}
    return tuple(f for f in quality.to_accept(check(dossier)) if (f.code, f.place) not in accepted)


def open_warnings(dossier: Dossier) -> tuple[Finding, ...]:
    """Every warning that nobody gave a reason for, also those that may be left by going on."""
    accepted = {(row.code, row.field) for row in dossier.rows(AcceptedFinding)}
    return tuple(f for f in check(dossier) if f.severity in WARNINGS and (f.code, f.place) not in accepted)


def accept(dossier: Dossier, accepted: Mapping[str, str], *, by: User) -> None:
    """Keep the reasons given for warnings that are still there; a blank reason accepts nothing."""
    known = {(row.code, row.field): row for row in dossier.rows(AcceptedFinding)}
    for finding in check(dossier):
        if finding.severity not in WARNINGS:
            continue
        reason = accepted.get(key_of(finding), "").strip()[:500]
        if not reason:
            continue
        row = known.get((finding.code, finding.place))
        said = {"words_nl": finding.nl[:LONGEST_WORDS], "words_en": finding.en[:LONGEST_WORDS]}
        if row is None:
            dossier.add(AcceptedFinding(code=finding.code, field=finding.place, reason=reason, by=by, **said))
        else:
            dossier.change(row, reason=reason, by=by, **said)

"""Another version of the case definitions: what it would change among the closed cases, and adopting it.

A closed case keeps the outcome it was closed with until a version is adopted. The worker compares, because it reads
every closed case, and afterwards brings the outcomes of all cases in line. Nothing else of a closed case changes.

Both go in parts, each a transaction of its own: a killed worker costs the part that it was at. Comparing reads of each
case the few columns on which its outcomes rest.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from register import outbox
from register.access import cases_for, comparisons_for, may
from register.audit import Event, acting_as, doing, log_access
from register.casework import reference
from register.casework.catalogue.checks import reason as reason_problems
from register.casework.catalogue.checks import words
from register.casework.derived import DEFINITIONS, classified, define, facts
from register.casework.dossier import load, store
from register.casework.errors import InvalidError, NotFoundError, RefusedError, refuse_unless
from register.coding import rules
from register.coding.definitions import Classification, Outcome, classify
from register.coding.facts import CaseFacts
from register.coding.rules import RuleSet
from register.models import (
    Assessment,
    Case,
    CauseOfDeath,
    DefinitionResult,
    RuleAdoption,
    RuleComparison,
    SubstanceFinding,
    User,
)
from register.models.tracked import by_case
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

ACTOR = "system:rules"
COMPARE, APPLY = "register.compare_rules", "register.apply_rules"
BATCH = 500
# Closed cases compared in one part.
PART = 2_000
# The answers on which outcomes rest: those that ``derived.facts`` reads.
COLUMNS: dict[type[Any], tuple[str, ...]] = {
    CauseOfDeath: (
        "intent_final",
        "intent_provisional",
        "relation_to_drugs",
        "icd10_ucod",
        "icd10_t_codes",
        "overdose_type",
    ),
    Assessment: ("inclusion", "exclusion_reason"),
    SubstanceFinding: ("substance", "role", "origin", "certainty"),
}
# Outcomes are kept of cases that were handed in; what was withdrawn is counted nowhere.
WITHOUT_OUTCOME = (CaseState.DRAFT, CaseState.WITHDRAWN)
ONE_AT_A_TIME = "register:version of the definitions"
IN_USE = ("rules_in_use", "Deze versie is al vastgesteld.", "This version was adopted already.")
COMPARE_AGAIN = (
    "compare_again",
    "Sinds de vergelijking zijn gesloten zaken gewijzigd of kwam er een andere versie. Vergelijk opnieuw.",
    "Since the comparison closed cases changed or another version was adopted. Compare again.",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One outcome of one closed case that would be another: now ("" for none), then, and why then."""

    case: Case
    definition: str
    before: str
    after: Outcome


def adoptions() -> QuerySet[RuleAdoption]:
    """The versions that were adopted, the latest first."""
    return RuleAdoption.objects.select_related("by").order_by("-number")


def in_use() -> str:
    """The version that holds."""
    return RuleAdoption.objects.current()


def latest(version: str, *, by: User) -> RuleComparison | None:
    """The comparison that was asked for last, finished or not. NotFoundError for a version that does not exist."""
    if version not in rules.versions():
        raise NotFoundError
    return comparisons_for(by).filter(version=version).order_by("-asked_at").first()


def ask_comparison(*, version: str, by: User, now: datetime) -> RuleComparison:
    """Have the closed cases compared with what they would be under another version."""
    with acting_as(by):
        _require(by)
        if version not in rules.versions():
            raise NotFoundError
        current = in_use()
        if version == current:
            raise RefusedError(*IN_USE)
        asked: RuleComparison = RuleComparison.objects.create(
            before_version=current, version=version, asked_by=by, asked_at=now
        )
        _compare_on(asked)
    return asked


def compare(*, comparison_id: UUID, trace: UUID | None = None) -> int:
    """Compare the next part of the closed cases, and ask for the one behind it; how many cases. No case changes."""
    with acting_as(ACTOR, trace=trace):
        asked = RuleComparison.objects.select_for_update().get(pk=comparison_id)
        if asked.compared_at is not None:
            return 0
        closed = Case.objects.filter(status=CaseState.CLOSED)
        if asked.begun_at is None:
            asked.begun_at, asked.closed = timezone.now(), closed.count()
        behind = closed.filter(pk__gt=asked.last_case) if asked.last_case else closed
        keys = list(behind.order_by("pk").values_list("pk", flat=True)[:PART])
        ruleset = rules.load(asked.version)
        for start in range(0, len(keys), BATCH):
            asked.changes += _changes(keys[start : start + BATCH], ruleset)
        asked.compared += len(keys)
        if len(keys) == PART:
            asked.last_case = keys[-1]
            _compare_on(asked)
        else:
            asked.compared_at = asked.begun_at
        asked.save(update_fields=["begun_at", "closed", "last_case", "compared_at", "compared", "changes"])
    return len(keys)


def counts(found: RuleComparison) -> Mapping[tuple[str, str, str], int]:
    """How many closed cases go from which outcome to which, by definition."""
    return Counter((definition, before, after) for _, definition, before, after in found.changes)


def explained(found: RuleComparison, rows: Sequence[Sequence[str]], *, by: User) -> list[Change]:
    """Some of the changes with their cases, as far as ``by`` sees those, and the sentence of the other version."""
    ruleset, catalogue = rules.load(found.version), reference.current().catalogue
    cases = cases_for(by).select_related("region").in_bulk({UUID(row[0]) for row in rows})
    outcomes = {
        str(key): _outcomes(classify(told, catalogue, ruleset=ruleset)) for key, told in _facts(list(cases)).items()
    }
    return [
        Change(cases[UUID(key)], definition, before, outcomes[key][definition])
        for key, definition, before, _after in rows
        if key in outcomes
    ]


def adopt(*, comparison_id: UUID, reason: str, by: User, now: datetime) -> RuleAdoption:
    """Let the version of this comparison hold. The worker brings the outcomes of every case in line."""
    with acting_as(by):
        _require(by)
        if problems := reason_problems(reason):
            raise InvalidError(problems)
        said = words(reason)
        doing(Verb.ADOPT_RULES, reason=said)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [ONE_AT_A_TIME])
        found = comparisons_for(by).exclude(compared_at=None).filter(pk=comparison_id).first()
        if found is None:
            raise NotFoundError
        current = in_use()
        if found.version == current:
            raise RefusedError(*IN_USE)
        if found.before_version != current or _changed_since(found, by):
            raise RefusedError(*COMPARE_AGAIN)
        made: RuleAdoption = RuleAdoption.objects.create(
            number=RuleAdoption.objects.count() + 1,
            version=found.version,
            at=now,
            by=by,
            reason=said,
            closed=found.compared,
            changing=len({row[0] for row in found.changes}),
        )
        _go_on(made, 0)
    return made


def apply(*, adoption_id: UUID, part: int, trace: UUID | None = None) -> int:
    """Bring one batch of cases in line with the version that holds, and ask for the next; how many cases."""
    made = RuleAdoption.objects.get(pk=adoption_id)
    with acting_as(ACTOR, doing=Verb.ADOPT_RULES, reason=made.reason, trace=trace):
        current = reference.current()
        stale = DefinitionResult.objects.exclude(rule_version=current.configuration.rule_version)
        behind = Case.objects.exclude(status__in=WITHOUT_OUTCOME).filter(pk__in=stale.values("case"))
        locked = [row.pk for row in behind.order_by("pk").select_for_update(of=("self",))[:BATCH]]
        dossiers = load(Case.objects.filter(pk__in=locked).order_by("pk"))
        for dossier in dossiers:
            dossier.reference = current
            define(dossier, classified(dossier))
        store(dossiers)
        if dossiers:
            log_access(Event.CASE_UPDATE, objects=locked)
        if len(locked) == BATCH:
            _go_on(made, part + 1)
    return len(locked)


def _compare_on(asked: RuleComparison) -> None:
    outbox.enqueue(COMPARE, key=f"rules-compare:{asked.pk}:{asked.compared}", comparison_id=str(asked.pk))


def _go_on(made: RuleAdoption, part: int) -> None:
    outbox.enqueue(APPLY, key=f"rules-apply:{made.pk}:{part}", adoption_id=str(made.pk), part=str(part))


def _require(by: User) -> None:
    refuse_unless(may(by, Verb.ADOPT_RULES))


def _changed_since(found: RuleComparison, by: User) -> bool:
    return cases_for(by).filter(status=CaseState.CLOSED, changed_at__gt=found.compared_at).exists()


def _changes(keys: Sequence[UUID], ruleset: RuleSet) -> list[list[str]]:
    """The key, definition and both outcomes of each outcome of these cases that would be another."""
    stored: dict[UUID, dict[str, str]] = defaultdict(dict)
    outcomes = DefinitionResult.objects.filter(case__in=keys)
    for key, definition, outcome in outcomes.values_list("case_id", "definition", "outcome"):
        stored[key][definition] = outcome
    catalogue = reference.current().catalogue
    return [
        [str(key), definition, stored[key].get(definition, ""), value]
        for key, found in _facts(keys).items()
        for definition, outcome in _outcomes(classify(found, catalogue, ruleset=ruleset)).items()
        if stored[key].get(definition, "") != (value := outcome.value.value)
    ]


def _facts(keys: Sequence[UUID]) -> dict[UUID, CaseFacts]:
    """The facts of these cases, by key in their order."""
    read = {model: model._default_manager.filter(case__in=keys).only("case", *COLUMNS[model]) for model in COLUMNS}
    causes, assessments = ({row.case_id: row for row in read[model]} for model in (CauseOfDeath, Assessment))
    findings = by_case(read[SubstanceFinding].filter(removed_at=None).order_by("id"))
    return {key: facts(causes[key], assessments[key], findings.get(key, ())) for key in keys}


def _outcomes(found: Classification) -> dict[str, Outcome]:
    return {definition: getattr(found, definition) for definition in DEFINITIONS}

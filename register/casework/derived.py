"""What the register derives from the facts of a case: suggestion, outcome of each definition, groups and completeness.

Nobody types these; they are computed again after every write that could change them.
"""

from collections.abc import Iterable

from register.casework.analytes import suspicion_outcomes
from register.casework.dossier import Dossier
from register.coding.definitions import Classification, Outcome, classify
from register.coding.facts import CaseFacts, Contributor
from register.coding.rules import RuleSet
from register.models import Assessment, CauseOfDeath, DefinitionResult, SubstanceFinding, SuspectedSubstance

DEFINITIONS = ("sel_b", "sel_d", "nl_broad")
LONGEST_EXPLANATION = 1000


def facts_of(dossier: Dossier) -> CaseFacts:
    """The facts on which codes and definitions rest. Substances that are not linked to the catalogue are left out.

    Every case was examined by a Dutch forensic service, so the death took place in the Netherlands unless the register
    excluded it as a death elsewhere.
    """
    return facts(dossier.cause, dossier.assessment, standing_findings(dossier))


def facts(cause: CauseOfDeath, assessment: Assessment, findings: Iterable[SubstanceFinding]) -> CaseFacts:
    """The facts in these rows of one case; ``findings`` are those that were not struck out."""
    return CaseFacts(
        intent=cause.intent_final or cause.intent_provisional,
        intent_provisional=cause.intent_final is None and cause.intent_provisional is not None,
        relation=cause.relation_to_drugs,
        inclusion=assessment.inclusion,
        substances=tuple(
            Contributor(
                code=finding.substance_id,
                role=finding.role,
                origin=finding.origin,
                certainty=finding.certainty,
            )
            for finding in findings
            if finding.substance_id
        ),
        ucod=cause.icd10_ucod,
        t_codes=tuple(cause.icd10_t_codes or ()),
        death_in_netherlands=assessment.exclusion_reason != "outside_nl",
        as_prescribed=cause.overdose_type == "as_prescribed",
    )


def standing_findings(dossier: Dossier) -> list[SubstanceFinding]:
    """The findings that were not struck out."""
    return [finding for finding in dossier.rows(SubstanceFinding) if finding.removed_at is None]


def recompute(dossier: Dossier) -> Classification:
    """Bring everything derived up to date. A draft is counted nowhere and needs none of it."""
    found = classified(dossier)
    dossier.change(dossier.cause, icd10_ucod_suggested=found.suggestion.ucod)
    dossier.change(
        dossier.assessment,
        primary_group=found.primary_group,
        groups_involved=list(found.groups_involved) or None,
        polydrug_count=found.polydrug_count,
    )
    _settle_suspicions(dossier)
    define(dossier, found)
    return found


def classified(dossier: Dossier, version: RuleSet | None = None) -> Classification:
    """What the facts come to by the version of the rules that was adopted, or by another one."""
    ruleset = version or dossier.reference.configuration.definitions
    return classify(facts_of(dossier), dossier.reference.catalogue, ruleset=ruleset)


def define(dossier: Dossier, found: Classification) -> None:
    """Keep the outcome of each definition, with its rule, version and explanation; nothing else that is derived."""
    results = {result.definition: result for result in dossier.rows(DefinitionResult)}
    for definition in DEFINITIONS:
        values = _values(getattr(found, definition))
        if definition in results:
            dossier.change(results[definition], **values)
        else:
            dossier.add(DefinitionResult(definition=definition, **values))


def _settle_suspicions(dossier: Dossier) -> None:
    """What became of each suspicion: confirmed, not_detected or not_tested; nothing while it cannot be told."""
    for key, outcome in suspicion_outcomes(dossier).items():
        row = dossier.row(SuspectedSubstance, key)
        if row is not None:
            dossier.change(row, outcome=outcome)


def _values(outcome: Outcome) -> dict[str, str]:
    return {
        "outcome": outcome.value.value,
        "rule_id": outcome.rule_id,
        "rule_version": outcome.rule_version,
        "explanation_nl": outcome.nl[:LONGEST_EXPLANATION],
        "explanation_en": outcome.en[:LONGEST_EXPLANATION],
        "basis": outcome.basis,
    }

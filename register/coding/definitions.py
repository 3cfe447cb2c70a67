"""Which case definitions a death falls under: Selection B, Selection D and the broad national definition.

Selection B and D follow the drug-related deaths indicator of the EU health indicators project and the EMCDDA (now
EUDA) protocol; the wording of protocol 3.2 and its list of drugs are to be confirmed. The broad definition is a choice
of this register. The rules and their version stand in ``data/definition_rules_*.toml``, the flags per group of
substances in the catalogue. Nobody types an outcome.
"""

from dataclasses import dataclass
from functools import lru_cache

from register.coding import facts as fact
from register.coding import icd10, rules
from register.coding.attribution import Attribution, PrimaryGroup, attribute
from register.coding.catalogue import Catalogue
from register.coding.contributions import medicines_only, nl_broad_flag, on_list, selection_d_flag
from register.coding.facts import CaseFacts
from register.coding.rules import Conclusion, RuleSet
from register.coding.selection_b import Basis, selection_b
from register.coding.sentences import Remark, Sentence, capital
from register.coding.settings import DEFAULT, Settings
from register.coding.suggestion import Suggestion, suggest
from register.coding.verdicts import Condition, Verdict, decide

_RELATION = Sentence("Relatie", "Relation")
_INCLUSION = Sentence("Inclusie", "Inclusion")
_INTENT = Sentence("Intentie", "Intent")
_PLACES = {
    True: Sentence("Overleden in Nederland.", "Died in the Netherlands."),
    False: Sentence("Niet in Nederland overleden.", "Did not die in the Netherlands."),
    None: Sentence("Plaats van overlijden niet bekend.", "Place of death not known."),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a definition holds, the rule and version that decided, and why.

    ``basis`` says where the ICD-10 codes of the case come from: ``coded`` by a person, or ``suggested``.
    """

    value: Verdict
    rule_id: str
    rule_version: str
    nl: str
    en: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Classification:
    """Everything the register derives from the facts of one death.

    ``primary_group`` is None without a contributing substance; ``warnings`` hold codes such as B_PAIR.
    """

    sel_b: Outcome
    sel_d: Outcome
    nl_broad: Outcome
    warnings: tuple[Remark, ...]
    suggestion: Suggestion
    attribution: Attribution

    @property
    def primary_group(self) -> PrimaryGroup | None:
        return self.attribution.primary_group

    @property
    def groups_involved(self) -> tuple[str, ...]:
        return self.attribution.groups_involved

    @property
    def polydrug_count(self) -> int:
        return self.attribution.polydrug_count


def classify(
    facts: CaseFacts, catalogue: Catalogue, settings: Settings = DEFAULT, ruleset: RuleSet | None = None
) -> Classification:
    """Every outcome for these facts, by the current rules unless another version is given.

    Raises UnknownCodeError for a substance the catalogue does not hold.
    """
    ruleset = ruleset or rules.load()
    suggestion = suggest(facts, catalogue, ruleset)
    b = selection_b(facts, suggestion, catalogue, ruleset)
    d = selection_d(facts, suggestion, catalogue, settings, ruleset)
    broad = nl_broad(facts, catalogue, settings, ruleset)
    basis: Basis = "coded" if facts.ucod else "suggested"
    return Classification(
        sel_b=_outcome(b.condition, ruleset, b.basis),
        sel_d=_outcome(d, ruleset, basis),
        nl_broad=_outcome(broad, ruleset, basis),
        warnings=(*b.warnings, *suggestion.warnings, *_metabolites(facts, catalogue)),
        suggestion=suggestion,
        attribution=attribute(facts, catalogue, settings),
    )


def selection_d(
    facts: CaseFacts, suggestion: Suggestion, catalogue: Catalogue, settings: Settings, ruleset: RuleSet
) -> Condition:
    """Selection D: a poisoning by a substance of the list, of any intent but a medical act or euthanasia."""
    return decide(
        (
            *_conclusion(facts, ruleset.selection_d, conclusion_rule="D1", intent_rule="D2"),
            _poisoning(facts, suggestion),
            _list_d(facts, catalogue, settings),
            _place("D_POPULATION", facts),
        ),
        rule_when_met="D3",
    )


def nl_broad(facts: CaseFacts, catalogue: Catalogue, settings: Settings, ruleset: RuleSet) -> Condition:
    """The broad national definition: a direct death by any psychoactive substance, medicines included."""
    return decide(
        (
            *_conclusion(facts, ruleset.nl_broad, conclusion_rule="N1", intent_rule="N1"),
            _list_broad(facts, catalogue, settings),
            _place("N3", facts),
        ),
        rule_when_met="N1",
    )


def _outcome(condition: Condition, ruleset: RuleSet, basis: Basis) -> Outcome:
    sentence = condition.sentence
    return Outcome(condition.verdict, condition.rule_id, ruleset.version, sentence.nl, sentence.en, basis)


def _conclusion(
    facts: CaseFacts, asked: Conclusion, *, conclusion_rule: str, intent_rule: str
) -> tuple[Condition, Condition, Condition]:
    """What the definition asks of the forensic conclusion; an answer that is not known leaves it open."""
    return (
        _answer(
            conclusion_rule, _RELATION, fact.RELATIONS.get(facts.relation or ""), facts.relation in asked.relations
        ),
        _answer(
            conclusion_rule, _INCLUSION, fact.INCLUSIONS.get(facts.inclusion or ""), facts.inclusion in asked.inclusions
        ),
        _answer(intent_rule, _INTENT, fact.INTENTS.get(facts.intent or ""), facts.intent in asked.intents),
    )


@lru_cache(maxsize=128)
def _answer(rule: str, what: Sentence, label: Sentence | None, wanted: bool) -> Condition:
    if label is None:
        return Condition(rule, Verdict.UNDETERMINED, Sentence(f"{what.nl} niet bekend.", f"{what.en} not known."))
    nl, en = ("", "") if wanted else (" (valt erbuiten)", " (outside)")
    text = Sentence(f"{what.nl}: {label.nl}{nl}.", f"{what.en}: {label.en}{en}.")
    return Condition(rule, Verdict.of(wanted), text)


def _poisoning(facts: CaseFacts, suggestion: Suggestion) -> Condition:
    """No death by a disorder alone, which has an F code and no T code of a poisoning, and no adverse effect."""
    ucod = facts.ucod or suggestion.ucod or ""
    suggested = None if facts.ucod else suggestion.kind
    poisoned = any(icd10.is_poisoning(code) for code in facts.t_codes)
    if suggested == "disorder" or (icd10.is_mental_disorder(ucod) and not poisoned):
        text = Sentence(f"Alleen een stoornis ({ucod or 'F'}), geen vergiftiging.", f"Only a disorder ({ucod or 'F'}).")
        return Condition("D1", Verdict.NO, text)
    if suggested == "adverse_effect" or icd10.is_adverse_effect(ucod):
        text = Sentence("Bijwerking (Y40-Y59), geen vergiftiging.", "Adverse effect (Y40-Y59), not a poisoning.")
        return Condition("P2", Verdict.NO, text)
    return Condition("D1", Verdict.YES, Sentence("Vergiftiging.", "Poisoning."))


def _place(rule: str, facts: CaseFacts) -> Condition:
    return Condition(rule, Verdict.of(facts.death_in_netherlands), _PLACES[facts.death_in_netherlands])


def _list_d(facts: CaseFacts, catalogue: Catalogue, settings: Settings) -> Condition:
    """D3, and D4 where only medicines contributed."""
    found = on_list(facts, catalogue, settings, selection_d_flag)
    names, why = found.names, found.open_because
    match found.verdict:
        case Verdict.YES:
            text = Sentence(f"Op de lijst van Selectie D: {names.nl}.", f"On the list of Selection D: {names.en}.")
        case Verdict.UNDETERMINED:
            text = Sentence(f"Niet te bepalen voor {names.nl}: {why.nl}.", f"Cannot be told for {names.en}: {why.en}.")
        case Verdict.NO if medicines_only(found, catalogue):
            text = Sentence(f"Alleen geneesmiddelen: {names.nl}.", f"Medicines only: {names.en}.")
            return Condition("D4", Verdict.NO, text)
        case Verdict.NO if found.rows:
            nl, en = "Niet op de lijst van Selectie D", "Not on the list of Selection D"
            text = Sentence(f"{nl}: {names.nl}.", f"{en}: {names.en}.")
        case Verdict.NO:
            text = Sentence("Geen middel heeft bijgedragen.", "No substance contributed.")
    return Condition("D3", found.verdict, text)


def _list_broad(facts: CaseFacts, catalogue: Catalogue, settings: Settings) -> Condition:
    """N1, and N2 where only alcohol, a suicide agent or medicines that are not psychoactive contributed."""
    found = on_list(facts, catalogue, settings, nl_broad_flag)
    names, why = found.names, found.open_because
    match found.verdict:
        case Verdict.YES:
            text = Sentence(f"Bijgedragen: {names.nl}.", f"Contributed: {names.en}.")
        case Verdict.UNDETERMINED:
            text = Sentence(f"Niet te bepalen voor {names.nl}: {why.nl}.", f"Cannot be told for {names.en}: {why.en}.")
        case Verdict.NO if found.rows:
            nl, en = "Alleen middelen buiten de brede definitie", "Only substances outside the broad definition"
            text = Sentence(f"{nl}: {names.nl}.", f"{en}: {names.en}.")
            return Condition("N2", Verdict.NO, text)
        case Verdict.NO:
            text = Sentence("Geen middel heeft bijgedragen.", "No substance contributed.")
    return Condition("N1", found.verdict, text)


def _metabolites(facts: CaseFacts, catalogue: Catalogue) -> tuple[Remark, ...]:
    """A contributing substance that can also be a metabolite of another one may be counted twice."""
    codes = {row.code for row in fact.contributors(facts)}
    if len(codes) < 2:
        return ()
    warnings = []
    for code in sorted(codes):
        parents = sorted(codes.intersection(catalogue.metabolite_parents.get(code, ())))
        if parents:
            child, parent = catalogue.substance(code), catalogue.substance(parents[0])
            nl = f"{capital(child.name_nl)} telt als apart middel en ontstaat ook uit {parent.name_nl}."
            en = f"{capital(child.name_en)} counts as a substance and is also a metabolite of {parent.name_en}."
            warnings.append(Remark("METABOLITE_COUNTED", nl, en))
    return tuple(warnings)

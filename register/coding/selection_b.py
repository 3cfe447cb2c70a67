"""Selection B: deaths of the general mortality register by underlying cause and T-codes.

Follows the drug-related deaths indicator sheet of the EU health indicators project. While a coder has not filled in a
code, the suggestion stands in for it. A fact that is not known and could change the outcome leaves it undetermined.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from register.coding import facts as fact
from register.coding import icd10
from register.coding.catalogue import Catalogue
from register.coding.facts import CaseFacts, Contributor
from register.coding.rules import RuleSet, UnderlyingCauseRule
from register.coding.sentences import Remark, Sentence, listed
from register.coding.suggestion import Suggestion, suggest
from register.coding.verdicts import Condition, Verdict, any_of

Basis = Literal["coded", "suggested"]
# The whole list as the protocol writes it.
NAMED: dict[tuple[str, ...], str] = {("T40", "T43.6"): "T40.0-T40.9, T43.6"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What Selection B says of a death. ``basis`` is suggested when a code that was read came from the suggestion."""

    condition: Condition
    basis: Basis
    warnings: tuple[Remark, ...] = ()


def selection_b(facts: CaseFacts, suggestion: Suggestion, catalogue: Catalogue, rules: RuleSet) -> Ruling:
    """Whether the codes fall under Selection B, with the warnings B_PAIR and F_ACUTE where they apply."""
    ruling = _ruling(facts, suggestion, rules)
    if not _can_differ(facts, catalogue, rules):
        return ruling
    missing = _missing(facts)
    text = Sentence(f"Niet te bepalen: {missing.nl}.", f"Cannot be told: {missing.en}.")
    return Ruling(Condition(ruling.condition.rule_id, Verdict.UNDETERMINED, text), ruling.basis)


def _can_differ(facts: CaseFacts, catalogue: Catalogue, rules: RuleSet) -> bool:
    """Whether what is not known could bring another outcome."""
    verdicts: set[Verdict] = set()
    for world in _worlds(facts, rules):
        verdicts.add(_ruling(world, suggest(world, catalogue, rules), rules).condition.verdict)
        if len(verdicts) > 1:
            return True
    return False


def _ruling(facts: CaseFacts, suggestion: Suggestion, rules: RuleSet) -> Ruling:
    """What the rules say of the coder's codes and, for each that is empty, of the suggested ones."""
    ucod, t_codes = facts.ucod or suggestion.ucod, facts.t_codes or suggestion.t_codes
    basis: Basis = "coded" if facts.ucod else "suggested"
    if ucod is None:
        return Ruling(_without_cause(facts, suggestion, rules), basis)
    rule = rules.by_ucod.get(icd10.category(ucod))
    if rule is None:
        text = Sentence(f"{ucod} is geen oorzaak van Selectie B.", f"{ucod} is not a cause of Selection B.")
        return Ruling(Condition("B_LIST", Verdict.NO, text), basis)
    if not rule.needs_t_code:
        text = Sentence(f"{rule.nl}: {ucod}.", f"{rule.en}: {ucod}.")
        return Ruling(Condition(rule.id, Verdict.YES, text), basis, _acute(ucod))
    condition = _with_t_code(ucod, t_codes, rule, rules)
    warnings = _pair(ucod, t_codes, rules) if condition.verdict is Verdict.YES else ()
    return Ruling(condition, basis if facts.t_codes or not t_codes else "suggested", warnings)


def _with_t_code(ucod: str, t_codes: tuple[str, ...], rule: UnderlyingCauseRule, rules: RuleSet) -> Condition:
    wanted = rules.t_codes_of(rule)
    verdict = any_of(_on_list(code, wanted) for code in t_codes)
    row = _row(t_codes)
    match verdict:
        case Verdict.YES:
            text = Sentence(f"{rule.nl}: {ucod} met {row.nl}.", f"{rule.en}: {ucod} with {row.en}.")
        case Verdict.NO:
            named = NAMED.get(wanted) or ", ".join(wanted)
            text = Sentence(
                f"{ucod} met {row.nl}: geen code van de lijst {named}.",
                f"{ucod} with {row.en}: no code of the list {named}.",
            )
        case Verdict.UNDETERMINED:
            text = Sentence(
                f"{ucod} met {row.nl}: de T-code is te kort om hem op de lijst te vinden.",
                f"{ucod} with {row.en}: the T code is too short to find it on the list.",
            )
    return Condition(rule.id, verdict, text)


def _without_cause(facts: CaseFacts, suggestion: Suggestion, rules: RuleSet) -> Condition:
    """No underlying cause, coded or suggested: no, unless the coded T-codes speak of a poisoning of the list."""
    unexplained = suggestion.kind == "no_substance" and facts.intent not in ("homicide", "medical", "euthanasia")
    if unexplained and _any_on_list(facts.t_codes, rules) is not Verdict.NO:
        row = _row(facts.t_codes)
        text = Sentence(f"{row.nl} zonder onderliggende oorzaak.", f"{row.en} without an underlying cause.")
        return Condition("B_UCOD", Verdict.UNDETERMINED, text)
    step = suggestion.cause_step
    text = Sentence(
        f"Geen onderliggende oorzaak van Selectie B. {step.nl}", f"No underlying cause of Selection B. {step.en}"
    )
    return Condition("B_UCOD", Verdict.NO, text)


def _worlds(facts: CaseFacts, rules: RuleSet) -> Iterator[CaseFacts]:
    """The facts with each unknown that the suggestion reads filled in: every intent, and the roles that nobody set.

    A disorder and use as prescribed are coded without the intent. Of the roles it is enough to let none count, all,
    and each alone: whether a code of the list is among the contributing ones is all that matters.
    """
    if facts.ucod and (facts.t_codes or not _reads_t_codes(facts.ucod, rules)):
        return
    open_intent = facts.intent is None and not (facts.disorder or facts.as_prescribed)
    unset = [row.code for row in fact.without_role(facts)]
    if not open_intent and not unset:
        return
    counting = [set(), set(unset), *({code} for code in unset if len(unset) > 1)] if unset else [set[str]()]
    for intent in fact.INTENTS if open_intent else (facts.intent,):
        for codes in counting:
            rows = tuple(_settled(row, codes) for row in facts.substances)
            yield replace(facts, intent=intent, substances=rows)


def _settled(row: Contributor, counting: set[str]) -> Contributor:
    if row.role is not None:
        return row
    return replace(row, role="joint_cause" if row.code in counting else "present_no_contribution")


def _reads_t_codes(ucod: str, rules: RuleSet) -> bool:
    rule = rules.by_ucod.get(icd10.category(ucod))
    return rule is not None and rule.needs_t_code


def _missing(facts: CaseFacts) -> Sentence:
    missing = []
    if facts.intent is None:
        missing.append(Sentence("de intentie is niet bekend", "the intent is not known"))
    if fact.without_role(facts):
        missing.append(Sentence("de rol van een middel is niet gezet", "the role of a substance is not set"))
    return listed(missing)


def _any_on_list(t_codes: tuple[str, ...], rules: RuleSet) -> Verdict:
    return any_of(_on_list(code, rules.selection_b.t_list) for code in t_codes)


def _on_list(code: str, t_list: tuple[str, ...]) -> Verdict:
    if icd10.is_under(code, t_list):
        return Verdict.YES
    return Verdict.UNDETERMINED if icd10.may_be_under(code, t_list) else Verdict.NO


def _pair(ucod: str, t_codes: tuple[str, ...], rules: RuleSet) -> tuple[Remark, ...]:
    """B_PAIR where the pooled rule holds and the stricter pairing of cause and T-code does not."""
    for pair in rules.selection_b.pairs:
        if icd10.is_under(ucod, pair.ucod) and not any(icd10.is_under(code, pair.t_codes) for code in t_codes):
            row = _row(t_codes)
            nl = f"{ucod} met {row.nl}: de strengere lezing vraagt {pair.t_codes[0]}."
            en = f"{ucod} with {row.en}: the stricter wording asks for {pair.t_codes[0]}."
            return (Remark("B_PAIR", nl, en),)
    return ()


def _acute(ucod: str) -> tuple[Remark, ...]:
    """F1x.0 is an acute intoxication, which the suggestion codes as a poisoning (to confirm)."""
    if not ucod[3:].startswith(".0"):
        return ()
    nl = f"{ucod} is een acute intoxicatie en hoort meestal onder X40-X49."
    en = f"{ucod} is an acute intoxication and usually goes to X40-X49."
    return (Remark("F_ACUTE", nl, en),)


def _row(t_codes: tuple[str, ...]) -> Sentence:
    if not t_codes:
        return Sentence("geen T-code", "no T code")
    return listed([Sentence(code, code) for code in t_codes])

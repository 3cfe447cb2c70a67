"""A suggestion for the ICD-10 underlying cause and T-codes of a death; the coder decides.

The steps P1-P8 are those of ``data/definition_rules_*.toml``; each step that spoke is kept with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from register.coding import facts as fact
from register.coding.catalogue import Catalogue, Substance
from register.coding.facts import CaseFacts, Contributor
from register.coding.rules import AgentClass, RuleSet
from register.coding.sentences import Remark, Sentence, capital, listed

Kind = Literal[
    "poisoning",
    "assault",
    "adverse_effect",
    "disorder",
    "not_in_table",
    "not_direct",
    "intent_unknown",
    "no_substance",
]
ROLE_NAMES = {
    "sole_cause": Sentence("de doodsoorzaak (alleen)", "the sole cause"),
    "joint_cause": Sentence("mede-oorzaak", "a joint cause"),
    "possible_contribution": Sentence("mogelijk bijgedragen", "a possible contribution"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the facts suggest. ``ucod`` is None when the steps lead to no single code; ``kind`` says why.

    ``t_codes`` has one code per contributing substance without duplicates, the leading one first; ``leading`` is the
    code of the leading substance. ``warnings`` carry codes such as POSSIBLE_LEADS.
    """

    kind: Kind
    ucod: str | None = None
    t_codes: tuple[str, ...] = ()
    leading: str | None = None
    steps: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()

    @property
    def cause_step(self) -> Remark:
        """The step that gave the underlying cause, or said why there is none."""
        return next(step for step in reversed(self.steps) if step.code not in ("P7", "P8"))


@dataclass(frozen=True, slots=True)
class _Agent:
    row: Contributor
    substance: Substance
    t_code: str
    agent_class: AgentClass
    rank: int

    @property
    def order(self) -> tuple[int, int, int, tuple[int, int], str, str]:
        """Steps P3, P4 and P5, and then the codes, so that the order of entry never matters."""
        sole_first = 0 if self.row.role == "sole_cause" else 1
        return sole_first, self.agent_class.priority, self.rank, self.row.strength, self.t_code, self.row.code


def suggest(facts: CaseFacts, catalogue: Catalogue, rules: RuleSet) -> Suggestion:
    """The suggestion for these facts. Raises UnknownCodeError for a substance the catalogue does not hold."""
    pool = fact.contributors(facts) or fact.possible_contributors(facts)
    if facts.relation in ("indirect", "unrelated"):
        nl, en = "De relatie met middelen is niet direct", "The relation to drugs is not direct"
        return Suggestion(
            "not_direct",
            steps=(Remark("DIRECT", f"{nl}: geen vergiftiging of stoornis om te coderen.", f"{en}: nothing to code."),),
        )
    if not pool:
        text = "Geen middel heeft bijgedragen: geen voorstel.", "No substance contributed: no suggestion."
        return Suggestion("no_substance", steps=(Remark("P3", *text),))
    agents = sorted((_agent(row, catalogue, rules) for row in pool), key=lambda agent: agent.order)
    suggestion = _cause(facts, agents, rules)
    return replace(
        suggestion,
        leading=agents[0].row.code,
        steps=(*_leading_steps(agents), *suggestion.steps, *_closing_steps(facts, agents, suggestion)),
        warnings=_warnings(facts, agents),
    )


def difference(before: Suggestion, after: Suggestion) -> tuple[Remark, ...]:
    """What changed when the suggestion was computed again, for instance on the final intent (step P8)."""
    changes = []
    if before.ucod != after.ucod:
        old, new = before.ucod or "-", after.ucod or "-"
        changes.append(
            Remark("P8", f"Onderliggende doodsoorzaak: {old} wordt {new}.", f"Underlying cause: {old} becomes {new}.")
        )
    if before.t_codes != after.t_codes:
        old, new = ", ".join(before.t_codes) or "-", ", ".join(after.t_codes) or "-"
        changes.append(Remark("P8", f"T-codes: {old} wordt {new}.", f"T codes: {old} becomes {new}."))
    return tuple(changes)


def _agent(row: Contributor, catalogue: Catalogue, rules: RuleSet) -> _Agent:
    substance = catalogue.substance(row.code)
    t_code = substance.icd10_t or rules.suggestion.unlisted_t_code
    return _Agent(row, substance, t_code, rules.agent_class(t_code), catalogue.group_of(row.code).rank)


def _cause(facts: CaseFacts, agents: Sequence[_Agent], rules: RuleSet) -> Suggestion:
    """The underlying cause by the steps P1, P2, P6 and the table, in that order."""
    t_codes = tuple(dict.fromkeys(agent.t_code for agent in agents))
    if facts.intent == "homicide":
        text = f"Doding met een middel: {rules.suggestion.assault}.", f"Homicide by drug: {rules.suggestion.assault}."
        return Suggestion("assault", rules.suggestion.assault, t_codes, steps=(Remark("P1", *text),))
    if facts.as_prescribed:
        return _adverse_effect(agents[0], rules)
    if facts.disorder:
        return _disorder(agents, rules)
    return _by_intent(facts, agents, t_codes, rules)


def _adverse_effect(leading: _Agent, rules: RuleSet) -> Suggestion:
    ucod = rules.adverse_effect(leading.t_code)
    step = Remark(
        "P2",
        f"Gebruik volgens voorschrift zonder fout: bijwerking, {ucod or 'Y40-Y59, door de codeur te kiezen'}.",
        f"Use as prescribed without error: adverse effect, {ucod or 'Y40-Y59, for the coder to choose'}.",
    )
    return Suggestion("adverse_effect", ucod, steps=(step,))


def _disorder(agents: Sequence[_Agent], rules: RuleSet) -> Suggestion:
    ucod = rules.suggestion.several_disorders if len(agents) > 1 else agents[0].substance.icd10_f or None
    step = Remark(
        "P6",
        f"Geen acute vergiftiging maar een stoornis door gebruik: {ucod or 'geen F-code voor dit middel'}.",
        f"Not an acute poisoning but a disorder due to use: {ucod or 'no F code for this substance'}.",
    )
    return Suggestion("disorder", ucod, steps=(step,))


def _by_intent(facts: CaseFacts, agents: Sequence[_Agent], t_codes: tuple[str, ...], rules: RuleSet) -> Suggestion:
    if facts.intent is None:
        text = (
            "De intentie is niet bekend: geen onderliggende oorzaak.",
            "The intent is not known: no underlying cause.",
        )
        return Suggestion("intent_unknown", t_codes=t_codes, steps=(Remark("P4", *text),))
    agent_class, reason = _class_of(agents, rules)
    intent = fact.INTENTS[facts.intent]
    ucod = {
        "accident": agent_class.accident,
        "suicide": agent_class.suicide,
        "undetermined": agent_class.undetermined,
    }.get(facts.intent)
    if not ucod:
        step = Remark(
            "P4",
            f"{capital(intent.nl)} met {agent_class.nl}: buiten de tabel, de codeur kiest.",
            f"{capital(intent.en)}, {agent_class.en}: not in the table, the coder chooses.",
        )
        return Suggestion("not_in_table", t_codes=t_codes, steps=(step,))
    step = Remark(
        "P4",
        f"{reason.nl}Intentie {intent.nl}, {agent_class.nl}: {ucod}.",
        f"{reason.en}Intent {intent.en}, {agent_class.en}: {ucod}.",
    )
    return Suggestion("poisoning", ucod, t_codes, steps=(step,))


def _class_of(agents: Sequence[_Agent], rules: RuleSet) -> tuple[AgentClass, Sentence]:
    """Step P4: the class that decides, with a reason where several classes met."""
    leading = agents[0]
    rivals = {
        agent.agent_class.code
        for agent in agents
        if agent.order[:2] == leading.order[:2] and agent.agent_class != leading.agent_class
    }
    if rivals:
        text = Sentence("Meer soorten middelen, geen gaat voor. ", "Several kinds of substance, none wins. ")
        return rules.by_class[rules.suggestion.several_unspecific], text
    if any(agent.agent_class != leading.agent_class for agent in agents):
        nl, en = leading.agent_class.nl, leading.agent_class.en
        return leading.agent_class, Sentence(f"Van meer soorten middelen gaan {nl} voor. ", f"First come {en}. ")
    return leading.agent_class, Sentence("", "")


def _leading_steps(agents: Sequence[_Agent]) -> tuple[Remark, ...]:
    leading = agents[0]
    role = ROLE_NAMES[leading.row.role or ""]
    nl, en = leading.substance.name_nl, leading.substance.name_en
    steps = [Remark("P3", f"{capital(nl)} leidt: {role.nl}.", f"{capital(en)} leads: {role.en}.")]
    same_class = [agent for agent in agents if agent.agent_class == leading.agent_class]
    if len(same_class) > 1:
        steps.append(
            Remark(
                "P5",
                f"Binnen de klasse gaat {nl} voor: rang van de groep {leading.rank}, dan rol, dan zekerheid.",
                f"Within the class {en} comes first: rank of the group {leading.rank}, then role, then certainty.",
            )
        )
    return tuple(steps)


def _closing_steps(facts: CaseFacts, agents: Sequence[_Agent], suggestion: Suggestion) -> tuple[Remark, ...]:
    steps = []
    if suggestion.t_codes:
        first = {agent.t_code: agent.substance for agent in reversed(agents)}
        names = [Sentence(f"{t} ({first[t].name_nl})", f"{t} ({first[t].name_en})") for t in suggestion.t_codes]
        row = listed(names)
        steps.append(Remark("P7", f"T-codes: {row.nl}.", f"T codes: {row.en}."))
    if facts.intent_provisional and facts.intent is not None:
        text = "De intentie is voorlopig: het voorstel wordt opnieuw berekend.", "The intent is provisional."
        steps.append(Remark("P8", *text))
    return tuple(steps)


def _warnings(facts: CaseFacts, agents: Sequence[_Agent]) -> tuple[Remark, ...]:
    warnings = []
    leading = agents[0]
    if not leading.row.contributes:
        warnings.append(
            Remark(
                "POSSIBLE_LEADS",
                f"Alleen een mogelijke bijdrage: {leading.substance.name_nl} leidt het voorstel.",
                f"Only a possible contribution: {leading.substance.name_en} leads the suggestion.",
            )
        )
    if any(agent.row.role == "sole_cause" for agent in agents) and len(agents) > 1:
        text = (
            "Eén middel is de enige oorzaak en toch droeg een ander bij.",
            "A sole cause stands beside another cause.",
        )
        warnings.append(Remark("SOLE_NOT_ALONE", *text))
    unlisted = [Sentence(a.substance.name_nl, a.substance.name_en) for a in agents if not a.substance.icd10_t]
    if unlisted:
        names = listed(unlisted)
        nl, en = "Zonder T-code in de catalogus", "Without a T code in the catalogue"
        warnings.append(Remark("NO_T_CODE", f"{nl}: {names.nl}.", f"{en}: {names.en}."))
    if facts.relation is None:
        text = (
            "De relatie met middelen is niet bekend; het voorstel neemt vergiftiging aan.",
            ("The relation to drugs is not known; the suggestion assumes a poisoning."),
        )
        warnings.append(Remark("RELATION_UNKNOWN", *text))
    return tuple(warnings)

"""The versioned rules of the case definitions and of the ICD-10 suggestion, read from ``data/definition_rules_*.toml``.

The files say what the rules are; this module says only what shape they have.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from register.coding.catalogue import DATA
from register.coding.icd10 import category, is_under

CURRENT = "1"


@dataclass(frozen=True, slots=True)
class UnderlyingCauseRule:
    """A rule of Selection B: underlying causes that qualify, alone or beside a T-code.

    ``t_codes`` are the T-codes that count for these causes; none means every code of the list.
    """

    id: str
    ucod: tuple[str, ...]
    needs_t_code: bool
    nl: str
    en: str
    t_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Underlying causes that by the stricter wording of the protocol want these T-codes."""

    ucod: tuple[str, ...]
    t_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelectionB:
    """Selection B, from the general mortality register: underlying cause and T-codes."""

    t_list: tuple[str, ...]
    rules: tuple[UnderlyingCauseRule, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a definition that rests on the forensic conclusion asks of relation, inclusion and intent."""

    relations: tuple[str, ...]
    inclusions: tuple[str, ...]
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgentClass:
    """A line of the table of the suggestion; the three causes are empty where the table has no line."""

    code: str
    priority: int
    t_codes: tuple[str, ...]
    nl: str
    en: str
    accident: str = ""
    suicide: str = ""
    undetermined: str = ""


@dataclass(frozen=True, slots=True)
class AdverseEffect:
    """The underlying cause of an adverse effect of a leading substance with one of these T-codes."""

    t_codes: tuple[str, ...]
    ucod: str


@dataclass(frozen=True, slots=True)
class SuggestionRules:
    """The fixed codes of the steps P1, P2, P4, P6 and of a substance without a T-code."""

    assault: str
    several_disorders: str
    several_unspecific: str
    unlisted_t_code: str
    adverse_effects: tuple[AdverseEffect, ...]


@dataclass(frozen=True)
class RuleSet:
    """One version of all rules; ``nl`` and ``en`` say what is particular to it."""

    version: str
    nl: str
    en: str
    selection_b: SelectionB
    selection_d: Conclusion
    nl_broad: Conclusion
    agent_classes: tuple[AgentClass, ...]
    suggestion: SuggestionRules

    @cached_property
    def by_ucod(self) -> Mapping[str, UnderlyingCauseRule]:
        """Three-character underlying cause -> the rule of Selection B that names it."""
        return {code: rule for rule in self.selection_b.rules for code in rule.ucod}

    def t_codes_of(self, rule: UnderlyingCauseRule) -> tuple[str, ...]:
        """The T-codes that count beside the causes of this rule of Selection B."""
        return rule.t_codes or self.selection_b.t_list

    @cached_property
    def by_class(self) -> Mapping[str, AgentClass]:
        return {agent.code: agent for agent in self.agent_classes}

    @cached_property
    def _by_t_category(self) -> Mapping[str, AgentClass]:
        return {category(code): agent for agent in self.agent_classes for code in agent.t_codes}

    def agent_class(self, t_code: str) -> AgentClass:
        """The agent class of a T-code; a code the table does not name is an unspecified drug."""
        return self._by_t_category.get(category(t_code), self.by_class[self.suggestion.several_unspecific])

    def adverse_effect(self, t_code: str) -> str | None:
        """The underlying cause of an adverse effect of the substance with this T-code, where the rules name one."""
        return next((line.ucod for line in self.suggestion.adverse_effects if is_under(t_code, line.t_codes)), None)


@lru_cache(maxsize=8)
def load(version: str = CURRENT) -> RuleSet:
    """The rules of one version. Raises LookupError when there is no such version."""
    path = DATA / f"definition_rules_{version}.toml"
    if version not in versions():
        raise LookupError(f"there is no version {version!r} of the definition rules")
    with path.open("rb") as file:
        tables = _frozen(tomllib.load(file))
    b, suggestion = tables["selection_b"], tables["suggestion"]
    return RuleSet(
        version=tables["version"],
        nl=tables["nl"],
        en=tables["en"],
        selection_b=SelectionB(
            t_list=b["t_list"],
            rules=tuple(UnderlyingCauseRule(**rule) for rule in b["rules"]),
            pairs=tuple(Pair(**pair) for pair in b["pairs"]),
        ),
        selection_d=Conclusion(**tables["selection_d"]),
        nl_broad=Conclusion(**tables["nl_broad"]),
        agent_classes=tuple(AgentClass(**agent) for agent in tables["agent_classes"]),
        suggestion=SuggestionRules(
            **{**suggestion, "adverse_effects": tuple(AdverseEffect(**line) for line in suggestion["adverse_effects"])}
        ),
    )


def versions() -> tuple[str, ...]:
    """The versions that are shipped, the oldest first."""
    names = (path.stem.removeprefix("definition_rules_") for path in DATA.glob("definition_rules_*.toml"))
    return tuple(sorted(names, key=lambda name: (len(name), name)))


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value

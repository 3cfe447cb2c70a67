"""The settings as they stand, as one value for the pure rooms. Built anew only when a row of them came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model, Q

from register.coding import rules as definitions
from register.coding.rules import RuleSet
from register.models import ConfigurationChange, RuleAdoption
from register.quality import configuring, standard_texts
from register.quality.configuring import RuleSetting
from register.quality.findings import RULES
from register.quality.rule import Rule, Severity
from register.quality.standard_texts import Texts, TextSetting
from register.quality.terms import Terms

Kind = ConfigurationChange.Kind
Key = tuple[str, str]
Values = Mapping[str, Any]
BETWEEN = "-"
# A number that changes whenever a row does: each write gives a row another place or transaction.
PLACES = "coalesce(sum(hashtidextended(ctid, xmin::text::bigint)), 0)"


def state_of(models: Iterable[type[Model]]) -> str:
    """SQL for one text that changes whenever a row of these tables does."""
    return " || '.' || ".join(
        f"(SELECT count(*) || ':' || {PLACES} FROM {model._meta.db_table})"  # noqa: S608
        for model in models
    )


# The day stands at its end, because a change may hold from a day on.
STATE = f"{state_of((ConfigurationChange, RuleAdoption))} || '.' || (now() AT TIME ZONE '{settings.TIME_ZONE}')::date"


@dataclass(frozen=True, slots=True)
class Kept:
    """The version of one setting that holds. Without ``values`` it is as it was delivered."""

    number: int
    values: Values


AS_DELIVERED = Kept(0, {})


@dataclass(frozen=True, slots=True)
class Planned:
    """A version that was written down last and does not hold yet: its day is to come, or it asks for a second person.

    Without ``values`` it is as it was delivered.
    """

    number: int
    values: Values
    holds_from: date
    asks: bool


@dataclass(frozen=True)
class Configuration:
    """Everything that people set, at one moment. ``planned_terms`` are the terms with those that are to come."""

    rules: tuple[Rule, ...]
    texts: Texts
    terms: Terms
    planned_terms: Terms
    rule_version: str
    kept: Mapping[Key, Kept]
    planned: Mapping[Key, Planned]

    @property
    def definitions(self) -> RuleSet:
        """The rules of the case definitions and of the ICD-10 suggestion that were adopted."""
        return definitions.load(self.rule_version)

    def rule(self, code: str) -> Rule:
        """The rule with this code. Raises LookupError when there is none."""
        return next((rule for rule in self.rules if rule.code == code), None) or _no_rule(code)


def current() -> Configuration:
    """The settings as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STATE}")
        (state,) = cursor.fetchone()
    return at(state)


@lru_cache(maxsize=4)
def at(state: str) -> Configuration:
    """The settings at a state that was just read: of each the latest version whose day came and that was agreed to."""
    today = date.fromisoformat(state.rpartition(".")[2])
    latest = ConfigurationChange.objects.order_by("kind", "code", "-number").distinct("kind", "code")
    ready = latest.filter(Q(asks=False) | Q(agreed_by__isnull=False), holds_from__lte=today)
    kept = {(row.kind, row.code): Kept(row.number, row.after) for row in ready}
    planned = {
        (row.kind, row.code): Planned(row.number, row.after, row.holds_from, row.asks and row.agreed_by_id is None)
        for row in latest
        if row.number > kept.get((row.kind, row.code), AS_DELIVERED).number
    }
    standing = {key: one.values for key, one in kept.items() if one.values}
    terms = _terms(standing)
    return Configuration(
        rules=configuring.configured(RULES, _rules(standing)),
        texts=standard_texts.changed(_texts(standing)),
        terms=Terms(terms),
        planned_terms=Terms({**terms, **_terms({key: one.values for key, one in planned.items() if one.values})}),
        rule_version=RuleAdoption.objects.current(),
        kept=kept,
        planned=planned,
    )


def rule_setting(values: Values) -> RuleSetting:
    """A setting of a rule as it was stored."""
    return RuleSetting(**{**values, "severity": Severity(values["severity"])})


def text_setting(code: str, values: Values) -> TextSetting:
    """A setting of a standard text as it was stored under the code of the setting."""
    use, _, own = code.partition(BETWEEN)
    return TextSetting(use, own, values["nl"], values["en"], values["offered"])


def _terms(standing: Mapping[Key, Values]) -> dict[str, int]:
    return {code: values["days"] for (kind, code), values in standing.items() if kind == Kind.TERM}


def _rules(standing: Mapping[Key, Values]) -> dict[str, RuleSetting]:
    return {code: rule_setting(values) for (kind, code), values in standing.items() if kind == Kind.RULE}


def _texts(standing: Mapping[Key, Values]) -> list[TextSetting]:
    """In the order in which they were added: the number of an own text is the end of its code."""
    found = [text_setting(code, values) for (kind, code), values in standing.items() if kind == Kind.TEXT]
    return sorted(found, key=lambda setting: (len(setting.code), setting.code))


def _no_rule(code: str) -> Rule:
    raise LookupError(f"there is no quality rule {code!r}")

"""The settings as people look through them: each as it was delivered, as it stands, and what was changed of it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower

from register.casework.configuration.current import (
    AS_DELIVERED,
    BETWEEN,
    Configuration,
    Kind,
    Planned,
    Values,
    current,
)
from register.casework.errors import NotFoundError
from register.models import ConfigurationChange, Laboratory
from register.quality.configuring import RuleSetting
from register.quality.findings import RULES
from register.quality.standard_texts import OWN, USES, StandardText, shipped
from register.quality.terms import LABORATORY, TERMS


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting. ``about`` is the rule, text or term as it was delivered, None for a text that people added.

    ``delivered`` and ``values`` are what it said then and says now, under the names of its form. ``number`` is that of
    its latest version, 0 while nobody changed it; ``planned`` is that version while it does not hold yet.
    """

    kind: Kind
    code: str
    about: Any
    delivered: Values
    values: Values
    number: int
    changed: bool
    planned: Planned | None = None

    @property
    def row_version(self) -> int:
        """What a form carries, so that nobody changes what they did not see: it rises when the latest version holds."""
        return 2 * self.number + (self.planned is None)

    @property
    def own(self) -> bool:
        return self.about is None


def entries(kind: Kind) -> list[Entry]:
    """Every setting of a kind, in the order in which people look for them."""
    found = current()
    match kind:
        case Kind.RULE:
            return [_entry(found, kind, rule.code, rule, rule_values(RuleSetting.of(rule))) for rule in RULES]
        case Kind.TEXT:
            return [_entry(found, kind, *told) for told in _texts(found)]
        case Kind.TERM:
            return [_entry(found, kind, code, (nl, en), {"days": days}) for code, nl, en, days in _terms()]


def find(kind: Kind, code: str) -> Entry:
    """One setting; NotFoundError when there is none."""
    entry = next((one for one in entries(kind) if one.code == code), None)
    if entry is None:
        raise NotFoundError
    return entry


def history(entry: Entry) -> QuerySet[ConfigurationChange]:
    """What was changed of it, the latest first."""
    rows = ConfigurationChange.objects.filter(kind=entry.kind, code=entry.code)
    return rows.select_related("by", "agreed_by").order_by("-number")


def version(entry: Entry, number: int) -> ConfigurationChange:
    """One version of it; NotFoundError when there is none."""
    found = ConfigurationChange.objects.filter(kind=entry.kind, code=entry.code, number=number).first()
    if found is None:
        raise NotFoundError
    return found


def waiting(kind: Kind) -> list[Entry]:
    """The settings of a kind with a change that asks for a second person."""
    return [entry for entry in entries(kind) if entry.planned and entry.planned.asks]


def rule_values(setting: RuleSetting) -> dict[str, Any]:
    """The setting of a rule as it is stored."""
    return {
        "severity": setting.severity.value,
        "nl": setting.nl,
        "en": setting.en,
        "question_nl": setting.question_nl,
        "question_en": setting.question_en,
        "by_itself": setting.by_itself,
    }


def text_code(use: str, code: str) -> str:
    """The code of the setting of a standard text."""
    return f"{use}{BETWEEN}{code}"


def _entry(found: Configuration, kind: Kind, code: str, about: Any, delivered: Values) -> Entry:
    kept, planned = found.kept.get((kind, code), AS_DELIVERED), found.planned.get((kind, code))
    number = planned.number if planned else kept.number
    return Entry(kind, code, about, delivered, kept.values or delivered, number, bool(kept.values), planned)


def _texts(found: Configuration) -> list[tuple[str, StandardText | None, dict[str, Any]]]:
    listed: list[tuple[str, StandardText | None, dict[str, Any]]] = []
    for use in USES:
        for text in shipped().by_use[use]:
            listed.append((text_code(use, text.code), text, _as_written(text.label_nl, text.label_en)))
        own = (code for kind, code in found.kept if kind == Kind.TEXT and code.startswith(text_code(use, OWN)))
        listed += [(code, None, _as_written("", "")) for code in sorted(own, key=lambda code: (len(code), code))]
    return listed


def _as_written(nl: str, en: str) -> dict[str, Any]:
    return {"nl": nl, "en": en, "offered": True}


def _terms() -> list[tuple[str, str, str, int]]:
    general = [(term.code, term.nl, term.en, term.days) for term in TERMS]
    laboratories = Laboratory.objects.filter(active=True).order_by(Lower("name"))
    own = [
        (f"{LABORATORY}{row.code}", f"Uitslag verwacht van {row.name}", f"Result expected of {row.name}", row.term_days)
        for row in laboratories
    ]
    return [*general[:1], *own, *general[1:]]

"""The forms with which a steward changes a substance, each with its fields as they were sent or as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.casework import choices
from register.quality.partial_dates import parse_parts
from register.quality.problems import Problem
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.language import active, sentence
from register.web.register_data.substance_words import KINDS, LANGUAGES

NAME, END_NAME, CHANGE, CONFIRM, RETIRE, RESTORE = (
    "naam",
    "naam-beeindigen",
    "wijzigen",
    "bevestigen",
    "uit-gebruik",
    "in-gebruik",
)
TITLES: dict[str, Promise] = {
    NAME: gettext_lazy("Add a name"),
    END_NAME: gettext_lazy("End a name"),
    CHANGE: gettext_lazy("Change groups and metabolites"),
    CONFIRM: gettext_lazy("Confirm the substance"),
    RETIRE: gettext_lazy("Retire the substance"),
    RESTORE: gettext_lazy("Take into use again"),
}
# Which acts a substance in a state offers, besides names and groups.
MOVES: dict[str, tuple[str, ...]] = {"provisional": (CONFIRM, RETIRE), "active": (RETIRE,), "retired": (RESTORE,)}
DAY = ("day_day", "day_month", "day_year")
Typed = Mapping[str, Any]
Problems = Mapping[str, Problem]


@dataclass(frozen=True, slots=True)
class Form:
    """One act: its title, which is its button too, and its fields."""

    act: str
    title: Promise
    fields: tuple[FieldView, ...]


def offered(substance: Any, names: list[Any], sent: str, typed: Typed, problems: Problems) -> list[Form]:
    """The forms for this substance; ``typed`` and ``problems`` belong to the form ``sent``."""
    current = [name for name in names if name.valid_to is None]
    acts = [NAME, *([END_NAME] if current else []), CHANGE, *MOVES[substance.status]]
    forms = []
    for act in acts:
        here, wrong = (typed, problems) if act == sent else ({}, {})
        match act:
            case "naam":
                shown = _name(here, wrong)
            case "naam-beeindigen":
                shown = _end(current, here, wrong)
            case "wijzigen":
                shown = _description(here or _as_it_is(substance), wrong, act)
            case _:
                shown = []
        forms.append(Form(act, TITLES[act], (*shown, _reason(here, wrong, act))))
    return forms


def for_a_new_one(typed: Typed, problems: Problems) -> list[FieldView]:
    """The fields of a new substance."""
    texts = (
        ("code", _("Code"), _("Small letters, digits and hyphens. A code is never used again."), False),
        ("name_nl", _("Dutch name"), "", False),
        ("name_en", _("English name"), _("Empty means the Dutch name."), True),
    )
    first = [
        _text(typed, problems, name, label, "new", hint=hint, optional=optional, maximum=120)
        for name, label, hint, optional in texts
    ]
    rest = [field for field in _description(typed, problems, "new") if field.name != "early_warning"]
    return [*first, *rest, _reason(typed, problems, "new")]


def day_in(typed: Typed) -> date | None:
    """The day that was typed; None when it is no day."""
    found = parse_parts(*(str(typed.get(box, "")).strip() for box in DAY))
    if isinstance(found, Problem) or found.date_from != found.date_to:
        return None
    return found.date_from


def _name(typed: Typed, problems: Problems) -> list[FieldView]:
    kinds, languages = ([(code, str(word)) for code, word in words.items()] for words in (KINDS, LANGUAGES))
    return [
        _text(typed, problems, "text", _("Name"), NAME, maximum=120),
        _text(typed, problems, "kind", _("Kind of name"), NAME, widget="select", options=kinds),
        _text(typed, problems, "language", _("Language"), NAME, widget="segment", options=languages),
    ]


def _end(current: list[Any], typed: Typed, problems: Problems) -> list[FieldView]:
    names = [(str(name.pk), name.text) for name in current]
    error = sentence(problems["day"]) if "day" in problems else ""
    ends = fields.dated("day", _("No name any more from"), typed, error=error, prefix=END_NAME)
    return [_text(typed, problems, "name", _("Name"), END_NAME, widget="select", options=names), ends]


def _description(typed: Typed, problems: Problems, act: str) -> list[FieldView]:
    groups, euda = choices.substance_groups(active()), choices.euda_groups(active())
    lines = _("One on each line: the code of a substance, or a name.")
    answers = [("yes", _("Yes")), ("no", _("No"))]
    return [
        _text(typed, problems, "group", _("Group"), act, widget="select", options=groups),
        _text(typed, problems, "euda_group", _("EUDA group"), act, widget="select", options=euda, optional=True),
        _text(typed, problems, "atc", _("ATC code"), act, optional=True, maximum=10),
        _text(typed, problems, "metabolites", _("Metabolites"), act, widget="lines", hint=lines, optional=True),
        _text(typed, problems, "early_warning", _("Early warning"), act, widget="segment", options=answers),
    ]


def _as_it_is(substance: Any) -> Typed:
    return {
        "group": substance.group_id,
        "euda_group": substance.euda_group_id or "",
        "atc": substance.atc,
        "metabolites": "\n".join(substance.metabolites),
        "early_warning": "yes" if substance.early_warning else "no",
    }


def _reason(typed: Typed, problems: Problems, act: str) -> FieldView:
    return _text(typed, problems, "reason", _("Reason"), act, widget="lines", maximum=500)


def _text(typed: Typed, problems: Problems, name: str, label: str, prefix: str, **more: Any) -> FieldView:
    error = sentence(problems[name]) if name in problems else ""
    return fields.plain(name, label, value=str(typed.get(name, "")), error=error, prefix=prefix, **more)

"""The fields of a setting, as they were sent or as the setting stands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from register.casework.configuration.current import Kind
from register.casework.configuration.entries import Entry
from register.quality import configuring
from register.quality.partial_dates import parse_parts
from register.quality.problems import Problem
from register.quality.standard_texts import QUESTION
from register.quality.terms import MOST
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.language import sentence
from register.web.register_rules.words import USES, VALUES, severity

SAVE, RESTORE, WITHDRAW, AGREE, NEW = "save", "restore", "withdraw", "agree", "new"
DAY = ("day_day", "day_month", "day_year")
Typed = Mapping[str, Any]
Problems = Mapping[str, Problem]


def of(entry: Entry, typed: Typed, problems: Problems) -> list[FieldView]:
    """The fields of one setting with the reason of its change."""
    match entry.kind:
        case Kind.RULE:
            shown = _rule(entry, typed, problems)
        case Kind.TEXT:
            offered = _choice("offered", typed, problems)
            shown = [*_words(entry.code.partition("-")[0], typed, problems, SAVE), offered]
        case Kind.TERM:
            hint = _("At most %(days)d.") % {"days": MOST}
            shown = [_field("days", typed, problems, SAVE, widget="number", hint=hint)]
    return [*shown, _day(typed, problems), reason(typed, problems, SAVE)]


def day_in(typed: Typed) -> date | None:
    """The day from which a change is to hold, None when none was typed. What is no day becomes one that is refused."""
    boxes = [str(typed.get(box, "")).strip() for box in DAY]
    if not any(boxes):
        return None
    found = parse_parts(*boxes)
    return date.min if isinstance(found, Problem) or found.date_from != found.date_to else found.date_from


def of_a_new_text(typed: Typed, problems: Problems) -> list[FieldView]:
    """The fields of a text that people add."""
    uses = [(code, str(word)) for code, word in USES.items()]
    use = fields.plain(
        "use",
        _("What it is for"),
        widget="select",
        options=uses,
        value=_typed(typed, "use"),
        error=_error(problems, "use"),
        prefix=NEW,
    )
    return [use, *_words(QUESTION, typed, problems, NEW), reason(typed, problems, NEW)]


def reason(typed: Typed, problems: Problems, form: str) -> FieldView:
    """Why the setting changes."""
    return fields.plain(
        "reason",
        _("Reason"),
        widget="lines",
        value=_typed(typed, "reason"),
        error=_error(problems, "reason"),
        maximum=500,
        prefix=form,
    )


def _rule(entry: Entry, typed: Typed, problems: Problems) -> list[FieldView]:
    rule, shown = entry.about, []
    if configuring.fixed_because(rule) is None:
        options = [(one.value, severity(one.value)) for one in configuring.severities(rule)]
        shown.append(_field("severity", typed, problems, SAVE, widget="radios", options=options))
    allowed = sorted((configuring.names_in(rule.nl) or set()) | (configuring.names_in(rule.en) or set()))
    names = ", ".join(f"{{{name}}}" for name in allowed)
    hint = _("What stands between braces is filled in: %(names)s.") % {"names": names} if names else ""
    shown += [_lines(name, typed, problems, SAVE, hint) for name in ("nl", "en")]
    asked = _("{finding} becomes the sentence above, {field} the name of the question in the form.")
    shown += [_lines(name, typed, problems, SAVE, asked) for name in ("question_nl", "question_en")]
    return [*shown, _choice("by_itself", typed, problems)] if rule.code in configuring.TIMED else shown


def _day(typed: Typed, problems: Problems) -> FieldView:
    return fields.dated(
        "day",
        _("Holds from"),
        typed,
        hint=_("Empty means at once."),
        error=_error(problems, "day"),
        optional=True,
        prefix=SAVE,
    )


def _words(use: str, typed: Typed, problems: Problems, form: str) -> list[FieldView]:
    hint = _("“{field}” becomes the name of what a question is about.") if use == QUESTION else ""
    return [_lines(name, typed, problems, form, hint) for name in ("nl", "en")]


def _lines(name: str, typed: Typed, problems: Problems, form: str, hint: str = "") -> FieldView:
    return _field(name, typed, problems, form, widget="lines", hint=hint, maximum=configuring.LONGEST_SENTENCE)


def _choice(name: str, typed: Typed, problems: Problems) -> FieldView:
    answers = [("yes", _("Yes")), ("no", _("No"))]
    return _field(name, typed, problems, SAVE, widget="segment", options=answers)


def _field(name: str, typed: Typed, problems: Problems, form: str, **more: Any) -> FieldView:
    value, error = _typed(typed, name), _error(problems, name)
    return fields.plain(name, str(VALUES[name]), value=value, error=error, prefix=form, **more)


def _typed(typed: Typed, name: str) -> str:
    said = typed.get(name, "")
    return ("yes" if said else "no") if isinstance(said, bool) else str(said)


def _error(problems: Problems, name: str) -> str:
    return sentence(problems[name]) if name in problems else ""

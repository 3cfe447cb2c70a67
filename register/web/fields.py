"""Fields of a form as a template shows them: one shape for every kind of answer of the data dictionary.

A field is built from its line in the dictionary and from form values: those of the request when somebody typed them,
else those that ``answers.form_values`` makes of the rows. So a page with mistakes shows exactly what was typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from register.quality import reading, value_sets
from register.quality.dictionary import FieldSpec
from register.quality.skip_rules import CONDITIONAL
from register.web import conditions
from register.web.field_shapes import Chip, ErrorLine, FieldView, Option, OptionGroup, Part
from register.web.language import active, sentence

Values = Mapping[str, Sequence[str]]
# Codes with their words, in the order in which they are offered.
Pairs = tuple[tuple[str, str], ...]

# Up to five answers are all shown; side by side when their words fit. Letters on one line, by the number of answers.
FEW_OPTIONS = 5
ROOM = {1: 60, 2: 30, 3: 18, 4: 12, 5: 8}
LONG_TEXT = 200
DATE_KINDS = frozenset({"date", "partial_date", "datetime"})


@dataclass(frozen=True, slots=True)
class Extras:
    """What a page adds to a field of the dictionary; texts in the page's language."""

    hint: str = ""
    unit: str = ""
    label: str = ""
    widget: str = ""
    options: Pairs | None = None
    groups: tuple[tuple[str, Pairs], ...] | None = None
    without_reason: bool = False
    chips: tuple[Chip, ...] = ()
    rare: frozenset[str] = frozenset()


NOTHING = Extras()


def view(
    spec: FieldSpec,
    values: Values,
    *,
    extras: Extras = NOTHING,
    problem: Any = None,
    prefix: str = "f",
    name_prefix: str = "",
) -> FieldView:
    """The field of ``spec`` with ``values`` filled in. ``problem`` has ``nl`` and ``en``, or is None.

    ``prefix`` begins its id, ``name_prefix`` its names in the form: the field of a row carries the key of the row.
    ``values`` go by the names without it.
    """
    chosen = frozenset(values.get(spec.field, ()))
    options = _options(spec, chosen, extras)
    return FieldView(
        name=f"{name_prefix}{spec.field}",
        id=f"{prefix}-{spec.field}",
        label=extras.label or spec.label(active()),
        widget=extras.widget or _widget(spec, options, extras),
        value=_first(values, spec.field),
        options=options,
        groups=_groups(extras, chosen),
        parts=_parts(spec, values, name_prefix),
        reasons=_reasons(spec, values) if spec.may_be_missing and not extras.without_reason else (),
        hint=extras.hint,
        chips=extras.chips,
        condition=sentence(CONDITIONAL[spec.key]) if spec.key in CONDITIONAL else "",
        asks=f"{name_prefix}{CONDITIONAL[spec.key].decider.partition('.')[2]}" if spec.key in CONDITIONAL else "",
        asks_if=" ".join(sorted(conditions.written(CONDITIONAL[spec.key]))) if spec.key in CONDITIONAL else "",
        applies=conditions.applies(spec, values),
        unit=extras.unit,
        optional=spec.level not in ("core", "closing"),
        error=sentence(problem) if problem else "",
        maximum=spec.maximum if spec.kind == "text" else None,
        decimal=spec.kind == "decimal",
        listed=True,
    )


def plain(
    name: str,
    label: str,
    *,
    value: str = "",
    widget: str = "text",
    hint: str = "",
    error: str = "",
    optional: bool = False,
    options: Iterable[tuple[str, str]] = (),
    unchosen: str = "",
    maximum: int | None = None,
    prefix: str = "f",
) -> FieldView:
    """A field that is not in the dictionary, such as the reason of a decision.

    ``unchosen`` says what a select means with nothing chosen, when that is an answer too: "All" of a filter.
    """
    return FieldView(
        name=name,
        id=f"{prefix}-{name}",
        label=label,
        widget=widget,
        value=value,
        hint=hint,
        error=error,
        optional=optional,
        options=tuple(Option(code, words, code == value) for code, words in options),
        unchosen=unchosen,
        maximum=maximum,
    )


def dated(
    name: str,
    label: str,
    typed: Mapping[str, Any],
    *,
    hint: str = "",
    error: str = "",
    optional: bool = False,
    with_time: bool = False,
    prefix: str = "f",
) -> FieldView:
    """A day, or a moment, that is not in the dictionary; ``typed`` holds what stands in its boxes."""
    boxes = _boxes(name, with_time=with_time)
    return FieldView(
        name=name,
        id=f"{prefix}-{name}",
        label=label,
        widget="date",
        hint=hint,
        optional=optional,
        parts=tuple(Part(box, words, str(typed.get(box, "")), width) for box, words, width in boxes),
        error=error,
    )


def with_error(shown: FieldView, error: str) -> FieldView:
    """The same field with an error sentence."""
    return replace(shown, error=error)


def error_lines(fields: Iterable[FieldView]) -> list[ErrorLine]:
    """The lines of the error summary for the fields that have an error, in the order of the page."""
    return [ErrorLine(shown.error, f"#{shown.id}") for shown in fields if shown.error]


def _widget(spec: FieldSpec, options: tuple[Option, ...], extras: Extras) -> str:
    if extras.groups is not None:
        return "select"
    match spec.kind:
        case "codes":
            return "checks"
        case "int" | "decimal":
            return "number"
        case "text":
            return "lines" if (spec.maximum or 0) > LONG_TEXT else "text"
        case kind if kind in DATE_KINDS:
            return "date"
        case _:
            return _choice(options)


def _choice(options: tuple[Option, ...]) -> str:
    labels = [option.label for option in options]
    if not 0 < len(labels) <= FEW_OPTIONS:
        return "select"
    room = ROOM[len(labels)]
    longest_word = max(len(word) for label in labels for word in label.split())
    fits = longest_word <= room and max(map(len, labels)) <= 2 * room
    return "segment" if fits else "radios"


def _options(spec: FieldSpec, chosen: frozenset[str], extras: Extras) -> tuple[Option, ...]:
    if extras.options is not None:
        pairs: Iterable[tuple[str, str]] = extras.options
    elif spec.kind == "bool":
        pairs = (("yes", _("Yes")), ("no", _("No")))
    elif spec.value_set:
        pairs = ((value.code, value.label(active())) for value in value_sets.values(spec.value_set))
    else:
        pairs = ()
    return tuple(Option(code, words, code in chosen, code in extras.rare) for code, words in pairs)


def _groups(extras: Extras, chosen: frozenset[str]) -> tuple[OptionGroup, ...]:
    return tuple(OptionGroup(heading, _chosen(pairs, chosen)) for heading, pairs in extras.groups or ())


def _chosen(pairs: Pairs, chosen: frozenset[str]) -> tuple[Option, ...]:
    listed = _listed(pairs)
    return tuple(replace(option, chosen=True) if option.value in chosen else option for option in listed)


@lru_cache(maxsize=64)
def _listed(pairs: Pairs) -> tuple[Option, ...]:
    """A list of a vocabulary, of which nothing was chosen yet: hundreds of lines, the same on every page."""
    return tuple(Option(code, words) for code, words in pairs)


def _parts(spec: FieldSpec, values: Values, name_prefix: str) -> tuple[Part, ...]:
    if spec.kind not in DATE_KINDS:
        return ()
    boxes = _boxes(spec.field, with_time=spec.kind == "datetime")
    return tuple(Part(f"{name_prefix}{name}", words, _first(values, name), width) for name, words, width in boxes)


def _boxes(name: str, *, with_time: bool) -> list[tuple[str, str, str]]:
    """The boxes of a day, or of a moment: the name of each in the form, its label and its width."""
    boxes = [("day", _("Day"), "2"), ("month", _("Month"), "2"), ("year", _("Year"), "4")]
    if with_time:
        boxes.append(("time", _("Time (hh:mm)"), "5"))
    return [(f"{name}_{box}", words, width) for box, words, width in boxes]


def _reasons(spec: FieldSpec, values: Values) -> tuple[Option, ...]:
    """The reasons a person may choose, and the one that stands there already, such as "not applicable"."""
    chosen = _first(values, f"{spec.field}_missing")
    offered = [
        value
        for value in value_sets.values(value_sets.MISSING)
        if value.code == chosen or value.code in reading.reasons(spec)
    ]
    none = Option("", _("No answer"), not chosen)
    return (none, *(Option(value.code, value.label(active()), value.code == chosen) for value in offered))


def _first(values: Values, name: str) -> str:
    found = values.get(name)
    return found[0] if found else ""

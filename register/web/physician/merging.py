"""Small decisions between what was typed and what is stored, so that nobody's answer is lost in silence."""

from collections.abc import Iterable, Mapping, Sequence

from register.quality.dictionary import FieldSpec

Values = Mapping[str, Sequence[str]]
BOXES = ("day", "month", "year", "time")


def settled(typed: Values, before: Values, specs: Iterable[FieldSpec]) -> dict[str, list[str]]:
    """The typed values, where an answer and a reason for missing no longer stand together.

    Without a script nobody can take back a pressed radio button. So of an answer and a reason the one that was changed
    holds; when both were changed both stay, and reading them says that only one can stand.
    """
    values = {name: list(texts) for name, texts in typed.items()}
    for spec in specs:
        reason = f"{spec.field}_missing"
        if not (spec.may_be_missing and _texts(values, (reason,)) and _texts(values, _names(spec))):
            continue
        new_answer = _texts(typed, _names(spec)) != _texts(before, _names(spec))
        new_reason = _texts(typed, (reason,)) != _texts(before, (reason,))
        if new_reason and not new_answer:
            for name in _names(spec):
                values.pop(name, None)
        elif new_answer and not new_reason:
            values[reason] = [""]
    return values


def merged(typed: Values, before: Values, now: Values, specs: Iterable[FieldSpec]) -> dict[str, list[str]]:
    """What a page shows that comes back unsaved: what was typed, and what is stored now where nothing was."""
    values: dict[str, list[str]] = {}
    for spec in specs:
        names = (*_names(spec), f"{spec.field}_missing")
        source = now if _texts(typed, names) == _texts(before, names) else typed
        values.update({name: list(source[name]) for name in names if name in source})
    return values


def given(values: Values, specs: Iterable[FieldSpec]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """What these form values say, blank text left out: equal for equal answers, false in every place for none."""
    return tuple(_texts(values, (*_names(spec), f"{spec.field}_missing")) for spec in specs)


def _names(spec: FieldSpec) -> tuple[str, ...]:
    return (spec.field, *(f"{spec.field}_{box}" for box in BOXES))


def _texts(values: Values, names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """What these names hold, blank text left out and line ends made equal, for comparing."""
    found = []
    for name in names:
        texts = tuple(text.replace("\r\n", "\n").strip() for text in values.get(name, ()))
        found.append(tuple(text for text in texts if text))
    return tuple(found) if any(found) else ()

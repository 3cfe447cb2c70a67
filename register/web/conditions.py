"""Whether a question applies, by the values that a form shows: the skip rules of the register read for a page.

The rules themselves, and what happens with an answer that no longer applies, are those of ``quality`` and ``casework``.
"""

from collections.abc import Mapping, Sequence

from register.casework.answers import MISSING, form_names
from register.quality import dictionary
from register.quality.dictionary import FieldSpec
from register.quality.skip_rules import CONDITIONAL, PENDING, SkipRule

Values = Mapping[str, Sequence[str]]


def written(rule: SkipRule) -> frozenset[str]:
    """The values of the rule as a form sends them; none when any value will do."""
    names = {True: "yes", False: "no"}
    return frozenset(names[value] if isinstance(value, bool) else str(value) for value in rule.values)


def applies(spec: FieldSpec, values: Values) -> bool:
    """Whether the question is asked with these values. It stays while the one that decides is blank or to come."""
    rule = CONDITIONAL.get(spec.key)
    if rule is None:
        return True
    decider = dictionary.field(rule.decider)
    if not applies(decider, values):
        return False
    given, reason = _given(decider, values)
    if not given:
        return reason in ("", PENDING)
    return not rule.values or not written(rule).isdisjoint(given)


def _given(spec: FieldSpec, values: Values) -> tuple[set[str], str]:
    """What is filled in for a question, and its reason for missing."""
    missing = f"{spec.field}{MISSING}"
    names = [name for name in form_names(spec) if name != missing]
    given = {text.strip() for name in names for text in values.get(name, ()) if text.strip()}
    return given, "".join(values.get(missing, ())[:1])

"""Yes, no and undetermined: how a definition is decided when some of the facts are not known.

A definition asks several conditions at once. One that fails decides, whatever else is unknown; only when none fails
and one cannot be told is the whole undetermined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from register.coding.sentences import Sentence, joined


class Verdict(StrEnum):
    """The outcome of a definition or of one of its conditions."""

    YES = "yes"
    NO = "no"
    UNDETERMINED = "undetermined"

    @classmethod
    def of(cls, known: bool | None) -> "Verdict":
        """Yes for True, no for False, undetermined for None."""
        if known is None:
            return cls.UNDETERMINED
        return cls.YES if known else cls.NO


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Yes when one is yes; else undetermined when one is; else no."""
    found = set(verdicts)
    for verdict in (Verdict.YES, Verdict.UNDETERMINED):
        if verdict in found:
            return verdict
    return Verdict.NO


def both(first: Verdict, second: Verdict) -> Verdict:
    """No when one is no; else undetermined when one is; else yes."""
    for verdict in (Verdict.NO, Verdict.UNDETERMINED):
        if verdict in (first, second):
            return verdict
    return Verdict.YES


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a definition: its rule, its verdict on these facts, and the sentence that says so."""

    rule_id: str
    verdict: Verdict
    sentence: Sentence


def decide(conditions: Sequence[Condition], *, rule_when_met: str) -> Condition:
    """The conditions together: the first that fails, else all that cannot be told, else all of them.

    ``rule_when_met`` is the rule that carries a yes.
    """
    for condition in conditions:
        if condition.verdict is Verdict.NO:
            return condition
    unknown = [condition for condition in conditions if condition.verdict is Verdict.UNDETERMINED]
    if unknown:
        return Condition(unknown[0].rule_id, Verdict.UNDETERMINED, joined([c.sentence for c in unknown]))
    return Condition(rule_when_met, Verdict.YES, joined([condition.sentence for condition in conditions]))

"""What a quality rule is, and what it finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from register.quality.record import Record


class Severity(StrEnum):
    """How much a finding asks of people."""

    ERROR = "error"  # cannot be true; blocks submitting and closing
    ERROR_AT_SUBMIT = "error_at_submit"  # not asked of a draft; blocks submitting and closing
    WARNING = "warning"  # accepted silently by going on
    WARNING_AT_SUBMIT = "warning_at_submit"  # accepted with a reason
    TASK = "task"  # work that remains, with its own guard at closing


LABELS: Mapping[Severity, tuple[str, str]] = {
    Severity.ERROR: ("Fout", "Error"),
    Severity.ERROR_AT_SUBMIT: ("Fout bij indienen", "Error at submission"),
    Severity.WARNING: ("Waarschuwing", "Warning"),
    Severity.WARNING_AT_SUBMIT: ("Waarschuwing bij indienen", "Warning at submission"),
    Severity.TASK: ("Taak", "Task"),
}
BLOCKING = frozenset({Severity.ERROR, Severity.ERROR_AT_SUBMIT})

# A word in both languages, or the same text for both.
Words = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule applies: the words of its sentence, and the field and row when not those of the rule."""

    words: Mapping[str, Words] = field(default_factory=dict)
    field: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its code, severity and sentence; ``{names}`` in the sentence are filled from the hit.

    The question asks the reporter about a finding: ``{finding}`` is the sentence, ``{field}`` the label of the field.
    ``by_itself``: the register asks so without anybody pressing, where the rule comes true because time passes.
    """

    code: str
    severity: Severity
    field: str
    nl: str
    en: str
    check: Callable[[Record], Iterable[Hit]]
    question_nl: str = "{finding}"
    question_en: str = "{finding}"
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: where (``field`` as Model.field, ``row`` the key of a repeated row, ``page``) and in words."""

    code: str
    severity: Severity
    field: str
    page: str
    nl: str
    en: str
    row: str = ""

    @property
    def place(self) -> str:
        """Field and row in one text, under which an acceptance of this finding can be kept."""
        return f"{self.field}#{self.row}" if self.row else self.field


def question(rule: Rule, finding: Finding, labels: tuple[str, str]) -> tuple[str, str]:
    """The question of a rule about what it found, in Dutch and English; ``labels`` name the field in both."""
    nl, en = labels
    return (
        rule.question_nl.format_map({"finding": finding.nl, "field": nl}),
        rule.question_en.format_map({"finding": finding.en, "field": en}),
    )


def word(words: Mapping[str, Words], language: int) -> dict[str, str]:
    """The words of one language: 0 Dutch, 1 English."""
    return {name: text if isinstance(text, str) else text[language] for name, text in words.items()}

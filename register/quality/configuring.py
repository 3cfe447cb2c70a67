"""What people may change of a quality rule: how much a finding asks, its sentence, and its question to the reporter.

A rule that finds what cannot be true stays an error. What the database or a guard of closing asks for as well keeps its
severity too: no setting can take it away. Values in, values out; where settings are kept is not for this room to know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from string import Formatter

from register.quality.problems import Problem
from register.quality.rule import Rule, Severity

LONGEST_SENTENCE = 400
# The words that a question may hold between braces: the sentence of the finding, and what the form asks.
IN_A_QUESTION = frozenset({"finding", "field"})
CHOOSABLE = (Severity.WARNING, Severity.WARNING_AT_SUBMIT, Severity.ERROR_AT_SUBMIT)
# What points to a person is never passed over in silence.
LEAST = {"Q04": Severity.WARNING_AT_SUBMIT}
# Asked for by the database (Q21) or by a guard of closing (Q25) as well.
STORED, GUARDED = frozenset({"Q21"}), frozenset({"Q25"})
# Rules that come true because time passes: only these can ask without anybody at a screen.
TIMED = frozenset({"Q10"})

_IMPOSSIBLE = Problem("Wat deze regel vindt, kan niet waar zijn.", "What this rule finds cannot be true.")
_GUARDED = Problem(
    "Sluiten vraagt hier zelf om; een instelling neemt dat niet weg.",
    "Closing asks for this itself; no setting takes that away.",
)
_STORED = Problem(
    "De databank weigert wat deze regel vindt; een instelling neemt dat niet weg.",
    "The database refuses what this rule finds; no setting takes that away.",
)
SEVERITY_WRONG = Problem("Kies een van de zwaarten uit de lijst.", "Choose one of the severities in the list.")
YES_OR_NO = Problem("Kies ja of nee.", "Choose yes or no.")
SENTENCE_WRONG = Problem(
    f"Schrijf één zin, in ten hoogste {LONGEST_SENTENCE} tekens.",
    f"Write one sentence, in at most {LONGEST_SENTENCE} characters.",
)


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What people decide of one rule. ``by_itself``: the register asks the reporter without anybody pressing."""

    severity: Severity
    nl: str
    en: str
    question_nl: str
    question_en: str
    by_itself: bool

    @classmethod
    def of(cls, rule: Rule) -> "RuleSetting":
        """The rule as it is."""
        return cls(rule.severity, rule.nl, rule.en, rule.question_nl, rule.question_en, rule.by_itself)


def fixed_because(rule: Rule) -> Problem | None:
    """Why the severity of this rule, as it was delivered, is no setting; None when it is one."""
    if rule.severity is Severity.ERROR:
        return _IMPOSSIBLE
    if rule.severity is Severity.TASK or rule.code in GUARDED:
        return _GUARDED
    return _STORED if rule.code in STORED else None


def severities(rule: Rule) -> tuple[Severity, ...]:
    """The severities that people may choose for a rule, the lightest first; of a fixed one its own."""
    if fixed_because(rule) is not None:
        return (rule.severity,)
    return CHOOSABLE[CHOOSABLE.index(LEAST.get(rule.code, CHOOSABLE[0])) :]


def read(rule: Rule, raw: Mapping[str, str]) -> tuple[RuleSetting, dict[str, Problem]]:
    """A setting for ``rule``, as it was delivered, from the texts of a form; and by name what is wrong with it.

    With problems the setting is that of the rule itself. What the form leaves out stays as the rule has it.
    """
    now = RuleSetting.of(rule)
    problems: dict[str, Problem] = {}
    severity = raw.get("severity", now.severity.value)
    if severity not in {one.value for one in severities(rule)}:
        problems["severity"] = SEVERITY_WRONG
    texts = {name: " ".join(raw.get(name, getattr(now, name)).split()) for name in _ALLOWED}
    for name, text in texts.items():
        if problem := sentence_problem(text, _ALLOWED[name](rule)):
            problems[name] = problem
    by_itself = raw.get("by_itself", "yes" if now.by_itself else "no")
    if by_itself not in ("yes", "no") or (by_itself == "yes" and rule.code not in TIMED):
        problems["by_itself"] = YES_OR_NO
    if problems:
        return now, problems
    return RuleSetting(Severity(severity), **texts, by_itself=by_itself == "yes"), {}


def configured(rules: Iterable[Rule], settings: Mapping[str, RuleSetting]) -> tuple[Rule, ...]:
    """The rules with these settings by code. A setting that does not fit its rule (any more) is passed over."""
    return tuple(_with(rule, settings[rule.code]) if rule.code in settings else rule for rule in rules)


def sentence_problem(text: str, allowed: frozenset[str]) -> Problem | None:
    """What is wrong with a sentence that may hold these names between braces; None when nothing is."""
    if not text or len(text) > LONGEST_SENTENCE or not text.isprintable():
        return SENTENCE_WRONG
    names = names_in(text)
    if names is None or not names <= allowed:
        listed = ", ".join(f"{{{name}}}" for name in sorted(allowed))
        return Problem(
            f"Tussen accolades kan alleen staan: {listed}." if allowed else "Schrijf de zin zonder accolades.",
            f"Only these can stand between braces: {listed}." if allowed else "Write the sentence without braces.",
        )
    return None


def names_in(text: str) -> frozenset[str] | None:
    """The names between braces; None when the braces do not pair, or hold more than a name."""
    try:
        parts = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError:
        return None
    if any(not name.isidentifier() or spec or conversion for name, spec, conversion in parts):
        return None
    return frozenset(name for name, _, _ in parts)


def _with(rule: Rule, setting: RuleSetting) -> Rule:
    raw = {name: getattr(setting, name) for name in _ALLOWED}
    found, problems = read(
        rule, {"severity": setting.severity.value, **raw, "by_itself": "yes" if setting.by_itself else "no"}
    )
    if problems:
        return rule
    return replace(
        rule,
        severity=found.severity,
        nl=found.nl,
        en=found.en,
        question_nl=found.question_nl,
        question_en=found.question_en,
        by_itself=found.by_itself,
    )


def _of_sentence(rule: Rule) -> frozenset[str]:
    """The words that this rule gives to its sentence."""
    return (names_in(rule.nl) or frozenset()) | (names_in(rule.en) or frozenset())


def _of_question(rule: Rule) -> frozenset[str]:
    return IN_A_QUESTION


_ALLOWED = {"nl": _of_sentence, "en": _of_sentence, "question_nl": _of_question, "question_en": _of_question}

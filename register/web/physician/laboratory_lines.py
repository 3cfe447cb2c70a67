"""The lines of a report as a table to look at: what stood there, how it was read, and what a person can still do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from register.casework import laboratory_report
from register.casework.laboratory_report import ReadLine
from register.coding.laboratory_table import MOST_LINES, Kind
from register.coding.laboratory_values import in_english
from register.coding.toxicology_hints import Hint
from register.quality import value_sets
from register.web.field_shapes import ErrorLine
from register.web.language import active, sentence
from register.web.physician.results import measured
from register.web.physician.substance_names import heading_of, name_of

# Glyph and tone of each state of a line; the word stands beside it.
MARKS = {
    "recognised": ("done", "is-done"),
    "choice": ("problem", "is-wait"),
    "unknown": ("ask", "is-wait"),
    "unreadable": ("minus", "muted"),
}
KEEP_WORDS = "="
Hints = Mapping[int, Sequence[Hint]]


@dataclass(frozen=True, slots=True)
class Mended:
    """A line as it stands in the form. ``leave``: it is not taken over."""

    read: ReadLine
    leave: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that an ambiguous name may mean; ``value`` "=" keeps the words of the report."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the table."""

    at: int
    original: str
    glyph: str
    tone: str
    state: str
    name: str
    note: str
    words: str
    beside: str
    notes: tuple[str, ...]
    choices: tuple[Choice, ...]
    typed_name: str
    typed_result: str
    loq: str
    leave: bool
    child: bool
    choosing: bool
    error: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one family. ``heading`` is the name of the parent when no line is about the parent itself."""

    heading: str
    lines: tuple[ShownLine, ...]


def state_words(state: str) -> str:
    match state:
        case "recognised":
            return _("recognised")
        case "choice":
            return _("choice needed")
        case "unknown":
            return _("unknown substance")
        case _:
            return _("not readable")


def mended(post: QueryDict) -> list[Mended]:
    """The lines that came with the form, read again from what stands in them now."""
    found = []
    for at in range(MOST_LINES):
        prefix = f"line.{at}."
        if f"{prefix}original" not in post:
            continue
        choice = post.get(f"{prefix}choice")
        read = laboratory_report.read_typed(
            post.get(f"{prefix}name", ""),
            post.get(f"{prefix}result", ""),
            original=post.get(f"{prefix}original", ""),
            loq=post.get(f"{prefix}loq", ""),
            choice="" if choice == KEEP_WORDS else choice,
        )
        found.append(Mended(read, leave=f"{prefix}leave" in post))
    return found


def problems(lines: Sequence[Mended]) -> dict[int, str]:
    """What stands in the way of taking these lines over, by their place."""
    found = {}
    for at, one in enumerate(lines):
        if one.leave:
            continue
        if one.read.state == "choice":
            found[at] = _("Choose what the laboratory means by ‘%(name)s’.") % {"name": one.read.line.name}
        elif one.read.state == "unreadable":
            why = sentence(one.read.line.why) if one.read.line.why else ""
            found[at] = _("%(why)s Mend the line, or leave it out.") % {"why": why}
    return found


def error_lines(wrong: Mapping[int, str]) -> list[ErrorLine]:
    return [ErrorLine(text, f"#line-{at}") for at, text in wrong.items()]


def counts(lines: Iterable[Mended]) -> str:
    """How many lines there are in each state: "6 recognised · 1 choice needed"."""
    states = [one.read.state for one in lines]
    return " · ".join(f"{states.count(state)} {state_words(state)}" for state in MARKS if state in states)


def shown(lines: Sequence[Mended], wrong: Mapping[int, str], hints: Hints) -> list[Group]:
    """The lines in families, in the order of the report, with their hints; what is no result stands at the end."""
    groups = []
    placed: set[int] = set()
    for family in laboratory_report.families_in([one.read for one in lines]):
        members = [(int(one.analyte.key), sentence(one.why) if one.why else "") for one in family.members]
        placed.update(at for at, _why in members)
        heading = heading_of(family) if all(why for _at, why in members) else ""
        groups.append(Group(heading, tuple(_line(at, lines[at], why, wrong, hints) for at, why in members)))
    rest = tuple(_line(at, one, "", wrong, hints) for at, one in enumerate(lines) if at not in placed)
    return [*groups, *([Group("", rest)] if rest else [])]


def _line(at: int, one: Mended, why: str, wrong: Mapping[int, str], hints: Hints) -> ShownLine:
    read, line = one.read, one.read.line
    # A line that nobody can read asks as much of the person as a choice does, until it is mended or left out.
    asks = read.state == "choice" or (read.state == "unreadable" and not one.leave)
    glyph, tone = MARKS["choice" if asks else read.state]
    reading = line.reading
    return ShownLine(
        at=at,
        original=line.original,
        glyph=glyph,
        tone=tone,
        state=state_words(read.state),
        name=_name(read),
        note=why or _note(read),
        words=_words(reading) if reading else "–",
        beside=f"= {measured(*read.beside)}" if read.beside else "",
        notes=(
            *(sentence(note) for note in (reading.notes if reading else ())),
            *(sentence(hint.sentence) for hint in hints.get(at, ())),
        ),
        choices=_choices(read),
        typed_name=line.name,
        typed_result=line.result,
        loq=in_english(line.loq) if line.loq is not None else "",
        leave=one.leave,
        child=bool(why),
        choosing=asks,
        error=wrong.get(at, ""),
    )


def _name(read: ReadLine) -> str:
    if read.line.kind is Kind.HEADER:
        return _("header")
    if read.state == "unreadable":
        return read.line.name or _("no result")
    return name_of(read.code) if read.code else read.line.name


def _note(read: ReadLine) -> str:
    if read.state == "unreadable":
        return sentence(read.line.why) if read.line.why else ""
    if read.state == "unknown":
        return _("unknown substance: kept as it is written, the register links it")
    relation = read.name.relation if read.name else None
    return sentence(relation.reason) if relation else ""


def _words(reading: Any) -> str:
    outcome = value_sets.label("VS-RESULT", reading.outcome, active())
    if reading.value is None:
        return outcome
    return measured(reading.value, reading.unit, reading.qualifier)


def _choices(read: ReadLine) -> tuple[Choice, ...]:
    if read.name is None or not read.name.candidates:
        return ()
    offered = [Choice(one.code, name_of(one.code), read.code == one.code) for one in read.name.candidates]
    kept = _("something else: keep ‘%(name)s’") % {"name": read.line.name}
    return (*offered, Choice(KEEP_WORDS, kept, read.chosen and read.code is None))

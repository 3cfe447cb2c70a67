"""Storing each answer that can be stored: one that cannot never drops the others, with a script and without.

In a draft what is no answer is kept as it was typed (``unread``); a case that was handed in keeps none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from register.casework import autosave, intake
from register.casework.answers import form_names
from register.casework.autosave import Unanswered
from register.casework.errors import ConflictError, InvalidError, NotFoundError
from register.casework.seen import Conflict
from register.quality.dictionary import FieldSpec
from register.quality.problems import Problem
from register.quality.rule import Finding
from register.web.physician.row_kinds import NEW, RowKind, Write
from register.workflow.case_transitions import CaseState

Raw = dict[str, list[str]]
# The mistake of somebody who gives no reason for a later change: without one nothing is stored.
REASON = "reason"


@dataclass(slots=True)
class Pieces:
    """What came of it: ``problems`` by field name, of which ``kept`` are kept as typed, ``unanswered`` yet to be.

    ``gone`` says that the row was taken away meanwhile, ``case`` is the case after a page was stored whole.
    """

    saved: list[FieldSpec] = field(default_factory=list)
    problems: dict[str, Problem] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    conflicts: Sequence[Conflict] = ()
    warnings: tuple[Finding, ...] = ()
    unanswered: list[Unanswered] = field(default_factory=list)
    gone: bool = False
    case: Any = None

    @property
    def nothing(self) -> bool:
        """Whether nothing may be stored, because a reason is needed first."""
        return REASON in self.problems


def store_page(page: str, raw: Raw, write: Write) -> tuple[Write, Pieces]:
    """Store the answers of a page that have one place; when they cannot be stored whole, each that can be."""
    try:
        saved = intake.save_page(page=page, raw=raw, **write.arguments)
    except ConflictError as conflict:
        return write.after(conflict.current), Pieces(conflicts=conflict.conflicts)
    if not saved.problems:
        return write.after(saved.case), Pieces(warnings=saved.warnings, case=saved.case)
    if REASON in saved.problems:
        return write, Pieces(problems=saved.problems)
    found = autosave.save_answers(page=page, raw=raw, **write.arguments)
    problems = found.problems or saved.problems
    return write.after(found.case), Pieces(list(found.saved), problems, kept=found.kept, conflicts=found.conflicts)


def store_row(kind: RowKind, key: str, raw: Raw, write: Write) -> tuple[Write, Pieces]:
    """Store the answers of one row, each that can be."""
    found = Pieces()
    while raw:
        try:
            write = write.after(kind.change(write, key, raw))
            found.saved += [spec for spec in kind.specs if speaks(spec, raw)]
        except ConflictError as conflict:
            asked = {one.key for one in conflict.conflicts}
            found.saved += [spec for spec in kind.specs if spec.key not in asked and speaks(spec, raw)]
            found.conflicts = conflict.conflicts
            return write.after(conflict.current), found
        except NotFoundError:
            found.gone = True
        except InvalidError as invalid:
            found.problems.update(invalid.problems)
            found.unanswered += unanswered(kind, key, raw, invalid.problems)
            left = {name: texts for name, texts in raw.items() if not _named(name, kind, invalid.problems)}
            if len(left) < len(raw):
                raw = left
                continue
        break
    return write, found


def unanswered(
    kind: RowKind, key: str, raw: Mapping[str, list[str]], problems: Mapping[str, Problem]
) -> list[Unanswered]:
    """What was typed in a row for the questions that have a problem."""
    wrong = [spec for spec in kind.specs if spec.field in problems]
    return [Unanswered(spec.key, key, _typed(spec, raw), problems[spec.field]) for spec in wrong]


def not_added(kind: RowKind, raw: Mapping[str, list[str]], problems: Mapping[str, Problem]) -> list[Unanswered]:
    """All that was typed in a row that does not stand yet."""
    specs = [spec for spec in kind.specs if speaks(spec, raw)]
    return [Unanswered(spec.key, NEW, _typed(spec, raw), problems.get(spec.field)) for spec in specs]


def keep(
    case: Any, page: str, kept: Sequence[Unanswered], write: Write, touched: str = ""
) -> tuple[Write, list[Unanswered]]:
    """Keep in a draft what is no answer. Gives the write to go on with, and what is kept."""
    if not kept or case.status != CaseState.DRAFT:
        return write, []
    arguments = write.knowing.arguments
    del arguments["reason"]
    changed, stands = autosave.keep_unanswered(page=page, unanswered=kept, touched=touched, **arguments)
    return write.after(changed), stands


def speaks(spec: FieldSpec, raw: Mapping[str, Any]) -> bool:
    """Whether these form values say something about the question."""
    return any(name in raw for name in form_names(spec))


def _typed(spec: FieldSpec, raw: Mapping[str, list[str]]) -> Raw:
    return {name: raw[name] for name in form_names(spec) if name in raw}


def _named(name: str, kind: RowKind, problems: Mapping[str, Any]) -> bool:
    """Whether a name of the form belongs to a field that has a problem."""
    return any(spec.field in problems and name in form_names(spec) for spec in kind.specs)

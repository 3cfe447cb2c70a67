"""Storing what was typed in the rows of a page, and what a page shows of it that could not be stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from register.casework import merging, unread
from register.casework.answers import form_names
from register.casework.autosave import Unanswered
from register.casework.errors import InvalidError
from register.quality.dictionary import FieldSpec
from register.web.answers import form_values
from register.web.differences import Difference, differences, when, who
from register.web.field_shapes import ErrorLine
from register.web.physician import piecewise
from register.web.physician.merging import given, settled
from register.web.physician.row_kinds import NEW, RowKind, Values, Write, belonging, name_prefix

Problems = Mapping[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What was not stored of the rows of a page: mistakes by kind and row, the questions of which the person must
    choose the answer (``asked``: kind, row and field), and what was typed in rows that are gone. ``unanswered`` is to
    be kept as it was typed, and ``added`` names the kinds of which the empty row stands now.
    """

    problems: Problems = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    asked: tuple[tuple[str, str, str], ...] = ()
    lost: tuple[ErrorLine, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    added: frozenset[str] = frozenset()

    def with_more(self, more: "Stored") -> "Stored":
        return Stored(
            {**self.problems, **more.problems},
            self.differences + more.differences,
            self.asked + more.asked,
            self.lost + more.lost,
            self.unanswered + more.unanswered,
            self.added | more.added,
        )


def store(case: Any, kind: RowKind, typed: Values, write: Write) -> tuple[Write, Stored]:
    """Store the rows that changed. What the person left as they saw it is not a change.

    Gives the write to go on with, and what was not stored.
    """
    found = Stored()
    for number, row in enumerate(kind.read(case), start=1):
        raw = _retyped(row, kind, typed, write.seen_version)
        if raw is None:
            continue
        key, heading = str(row.pk), kind.heading(row, number)
        write, pieces = piecewise.store_row(kind, key, complete(raw, kind.specs), write)
        found = found.with_more(
            Stored(
                {(kind.slug, key): pieces.problems} if pieces.problems else {},
                tuple(differences(pieces.conflicts, prefix=f"{kind.slug}-{key}", heading=heading)),
                tuple((kind.slug, key, one.key) for one in pieces.conflicts),
                unanswered=tuple(pieces.unanswered),
            )
        )
    return write, found.with_more(Stored(lost=tuple(_lost(case, kind, typed, write))))


def changed(case: Any, kind: RowKind, typed: Values, seen_version: int) -> bool:
    """Whether the person changed a row of ``kind``, or filled in the empty one."""
    fresh = belonging(typed, kind, NEW) if kind.blank else {}
    rows = any(_retyped(row, kind, typed, seen_version) is not None for row in kind.read(case))
    return rows or any(given(fresh, kind.specs))


def _retyped(row: Any, kind: RowKind, typed: Values, seen_version: int) -> dict[str, list[str]] | None:
    """What was typed in a row; None when the person left it as they saw it."""
    before = form_values(merging.as_seen(row, seen_version) or row, kind.specs)
    raw = settled(belonging(typed, kind, str(row.pk)), before, kind.specs)
    return None if not raw or given(raw, kind.specs) == given(before, kind.specs) else raw


def store_new(kind: RowKind, typed: Values, write: Write) -> tuple[Write, Stored]:
    """Store the empty row when something was filled in."""
    fresh = belonging(typed, kind, NEW) if kind.blank else {}
    if not any(given(fresh, kind.specs)):
        return write, Stored()
    try:
        return write.after(kind.add(write, fresh)), Stored(added=frozenset({kind.slug}))
    except InvalidError as invalid:
        kept = piecewise.not_added(kind, fresh, invalid.problems)
        return write, Stored({(kind.slug, NEW): invalid.problems}, unanswered=tuple(kept))


def emptied(case: Any, page: str, kinds: Iterable[RowKind], typed: Values) -> list[Unanswered]:
    """What is kept of rows as it was typed, and was emptied since: blank, so that keeping it lets it go."""
    found = []
    for held in unread.of_page(case, page) if any(name.count(".") == 2 for name in typed) else ():
        kind = next((kind for kind in kinds if held.row and held.field.startswith(f"{kind.model}.")), None)
        raw = belonging(typed, kind, held.row) if kind else {}
        texts = {name: raw.get(name, [""]) for name in held.typed}
        if raw and not any(text.strip() for several in texts.values() for text in several):
            found.append(Unanswered(held.field, held.row, texts))
    return found


def with_asked(case: Any, kinds: Iterable[RowKind], typed: Values, stored: Stored) -> dict[str, list[str]]:
    """The rows as they are stored now, with what was typed where the person must choose, where it cannot be read, and
    in the empty row.
    """
    values: dict[str, list[str]] = {}
    for kind in kinds:
        for row in kind.read(case):
            key = str(row.pk)
            prefix, wrong = name_prefix(kind, key), stored.problems.get((kind.slug, key), {})
            asked = {spec.key for spec in kind.specs if (kind.slug, key, spec.key) in stored.asked}
            # Without a reason nothing of the row is stored.
            mine = [s for s in kind.specs if s.key in asked or s.field in wrong or piecewise.REASON in wrong]
            others = [spec for spec in kind.specs if spec not in mine]
            values.update({prefix + name: texts for name, texts in form_values(row, others).items()})
            names = {prefix + name for spec in mine for name in form_names(spec)}
            values.update({name: list(texts) for name, texts in typed.items() if name in names})
        values.update(_new(kind, typed, stored))
    return values


def _new(kind: RowKind, typed: Values, stored: Stored) -> dict[str, list[str]]:
    """What was typed in the empty row, unless that row stands now."""
    blank = name_prefix(kind, NEW)
    own = () if kind.slug in stored.added else typed.items()
    return {name: list(texts) for name, texts in own if name.startswith(blank)}


def _lost(case: Any, kind: RowKind, typed: Values, write: Write) -> list[ErrorLine]:
    """What was typed in rows that somebody else took away meanwhile."""
    if not write.behind:
        return []
    standing = {str(row.pk) for row in kind.read(case)} | {NEW}
    keys = {name.split(".")[1] for name in typed if name.startswith(f"{kind.slug}.") and name.count(".") == 2}
    lines = []
    for key in sorted(keys - standing):
        found = kind.gone(case, key, write.seen_version)
        raw = belonging(typed, kind, key)
        if found is None or given(raw, kind.specs) == given(form_values(found[0], kind.specs), kind.specs):
            continue
        said = "; ".join(text for texts in raw.values() for text in texts if text.strip())
        words = {"who": who(found[1].history_user), "when": when(found[1].history_date), "said": said}
        lines.append(ErrorLine(_("%(who)s removed this row on %(when)s. You filled in: %(said)s") % words))
    return lines


def complete(raw: dict[str, list[str]], specs: Iterable[FieldSpec]) -> dict[str, list[str]]:
    """A list of ticks with nothing ticked is not sent at all: say that it is empty."""
    return {**{spec.field: [""] for spec in specs if spec.kind == "codes"}, **raw}

"""What changed since the last review as a table: what an answer was and is, rows that came and rows that went."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.casework.dossier import Dossier
from register.casework.since_review import ChangedAnswer, ChangedRow, SinceReview
from register.quality import value_sets
from register.quality.answers import Answer
from register.quality.dictionary import FieldSpec
from register.web.facts import said
from register.web.language import active
from register.web.physician.pages import PAGES
from register.web.register_desk.section_rows import row_fact

# The page on which the rows of each kind stand.
PAGE_OF = {
    "NaloxoneGiven": "omstandigheden",
    "KnownUse": "omstandigheden",
    "SuspectedSubstance": "middelen",
    "SubstanceFinding": "conclusie",
}
TOXICOLOGY = "toxicologie"
CHANGED, ADDED, STRUCK = ("change", ""), ("plus", "is-done"), ("minus", "is-error")


@dataclass(frozen=True, slots=True)
class Line:
    """One change; ``was`` and ``now`` are empty where nothing stood or stands."""

    label: str
    was: str
    now: str
    glyph: str
    tone: str
    says: str


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one page of the case."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes with what they come to in one sentence, and the pages on which nothing changed."""

    groups: tuple[Group, ...]
    counted: str
    unchanged: tuple[str, ...]


def of(found: SinceReview, dossier: Dossier) -> Changes:
    """The changes page by page, in the order of the case."""
    by_page: dict[str, list[Line]] = {}
    for change in found.answers:
        by_page.setdefault(change.spec.page, []).append(_answer(change, dossier))
    for row in found.rows:
        by_page.setdefault(PAGE_OF.get(row.model, TOXICOLOGY), []).extend(_row(row, dossier))
    groups = tuple(Group(str(page.title), tuple(by_page[page.slug])) for page in PAGES if page.slug in by_page)
    unchanged = tuple(str(page.title) for page in PAGES if page.slug not in by_page)
    return Changes(groups, _counted(found), unchanged)


def _counted(found: SinceReview) -> str:
    """3 answers changed, 5 rows new, 1 struck."""
    changed = len(found.answers) + sum(bool(row.answers) for row in found.rows)
    added = sum(row.before is None for row in found.rows)
    struck = sum(row.now is None for row in found.rows)
    parts = [
        ngettext("%(count)d answer changed", "%(count)d answers changed", changed) % {"count": changed},
        ngettext("%(count)d row new", "%(count)d rows new", added) % {"count": added},
        ngettext("%(count)d row struck", "%(count)d rows struck", struck) % {"count": struck},
    ]
    return ", ".join(part for part, count in zip(parts, (changed, added, struck), strict=True) if count)


def _answer(change: ChangedAnswer, dossier: Dossier, of_row: str = "") -> Line:
    label = change.spec.label(active())
    return Line(
        f"{of_row}: {label}" if of_row else label,
        _words(change.before, change.spec, dossier),
        _words(change.now, change.spec, dossier),
        *CHANGED,
        _("Changed"),
    )


def _row(change: ChangedRow, dossier: Dossier) -> Iterable[Line]:
    if change.answers:
        name = row_fact(change.model, change.now).label
        return [_answer(answer, dossier, name) for answer in change.answers]
    shown = row_fact(change.model, change.before if change.now is None else change.now)
    if change.now is None:
        return [Line(shown.label, shown.text, _("struck"), *STRUCK, _("Struck"))]
    return [Line(shown.label, "", shown.text, *ADDED, _("New"))]


def _words(answer: Answer, spec: FieldSpec, dossier: Dossier) -> str:
    """An answer in words; names of substances and places come from what is in memory."""
    if answer.missing:
        return value_sets.label(value_sets.MISSING, answer.missing, active())
    lookups = dossier.reference.lookups
    match spec.vocabulary, answer.value:
        case "substance", str(code):
            return lookups.substance_name(code)[0 if active() == "nl" else 1]
        case "municipality", str(code) if code in lookups.municipalities:
            return lookups.municipalities[code].name
        case _:
            return said(answer, spec)

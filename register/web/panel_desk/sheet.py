"""A case as the panel sees it: the answers that ``quality/panel_view.py`` shows, page by page, and nothing else."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from register.casework.dossier import Dossier
from register.casework.whole import named
from register.quality import panel_view
from register.quality.panel_view import Shown, Way
from register.web.facts import Fact, fact, reason_in_words
from register.web.language import active
from register.web.physician.pages import PAGES, UNITS
from register.web.physician.progress import answered, answers_row
from register.web.physician.summaries import outcome_words, result_words, row_words, substance_name

NOT_ASKED = "NA"
ROWS: dict[str, tuple[str, ...]] = {
    "omstandigheden": ("NaloxoneGiven", "KnownUse"),
    "middelen": ("SuspectedSubstance",),
    "toxicologie": ("ToxRequest", "ToxSample", "ToxResult", "SourceDocument"),
    "conclusie": ("SubstanceFinding",),
}
# The substance is the name of its row; what was measured is said in one piece.
NAMES = frozenset({"substance", "reported_as"})
OUTCOME = "outcome"
MEASURED = frozenset({OUTCOME, "qualifier", "value", "unit"})
# What the register concluded stands behind what the physician did.
AT_THE_REGISTER = "conclusie"


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the case as far as the panel sees it."""

    slug: str
    title: str
    facts: tuple[Fact, ...]


def of(dossier: Dossier) -> list[Section]:
    """The pages on which there is something to see."""
    found = [Section(page.slug, str(page.title), tuple(_facts(dossier, page.slug))) for page in PAGES]
    return [section for section in found if section.facts]


def _facts(dossier: Dossier, slug: str) -> list[Fact]:
    rows = [_row(model, row) for model in ROWS.get(slug, ()) for row in named(dossier, model)]
    lines = [line for line in panel_view.table().values() if line.way is not Way.HIDDEN and line.spec.on_case]
    asked = [line for line in lines if (line.spec.page or AT_THE_REGISTER) == slug]
    return [*rows, *(_answer(dossier.case, line) for line in asked if _is_said(dossier.case, line))]


def _is_said(case: Any, line: Shown) -> bool:
    row = answers_row(case, line.spec)
    return bool(answered(case, line.spec)) and getattr(row, f"{line.spec.field}_missing", None) != NOT_ASKED


def _answer(case: Any, line: Shown) -> Fact:
    row, spec = answers_row(case, line.spec), line.spec
    if line.way is Way.AS_IS or reason_in_words(row, spec):
        return fact(row, spec, unit=str(UNITS.get(spec.key, "")))
    if line.way is Way.BAND:
        return Fact(spec.label(active()), panel_view.band(getattr(row, spec.field)))
    return Fact(
        _("Year of death"), panel_view.year(getattr(row, f"{spec.field}_from"), getattr(row, f"{spec.field}_to"))
    )


def _row(model: str, row: Any) -> Fact:
    names = [line.spec.field for line in panel_view.shown(model)]
    said_apart = NAMES | (MEASURED if model == "ToxResult" else {OUTCOME} if model == "SuspectedSubstance" else set())
    asked = [name for name in names if getattr(row, f"{name}_missing", None) != NOT_ASKED]
    words = [row_words(row, tuple(name for name in asked if name not in said_apart))]
    if model == "ToxResult":
        words = [result_words(row), *words]
    elif model == "SuspectedSubstance" and row.outcome:
        words = [*words, outcome_words(row.outcome)]
    heading = substance_name(row) if NAMES & set(names) else _heading(model)
    return Fact(heading, " · ".join(filter(None, words)) or "–")


def _heading(model: str) -> str:
    match model:
        case "NaloxoneGiven":
            return _("Naloxone")
        case "KnownUse":
            return _("Known use")
        case "ToxRequest":
            return _("Toxicology request")
        case "ToxSample":
            return _("Specimen")
        case _:
            return _("Source document")

"""A case in words, page by page: for checking before submitting, and for reading afterwards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register.casework import analytes
from register.casework.whole import named, with_names
from register.quality import dictionary
from register.web.facts import Fact, fact, in_words, reason_in_words
from register.web.language import active
from register.web.physician.pages import PAGES, UNITS, Page
from register.web.physician.progress import answered, answers_row
from register.web.physician.substance_names import heading_of

Rows = Callable[[Any, Mapping[str, str]], list[Fact]]
NOT_ASKED = "NA"
NOTHING_BLANK: Mapping[str, str] = {}
NONE_SUSPECTED = "Circumstances.suspected_none"
REQUEST = ("status", "lab", "requested_on", "due_on", "received_on", "report_reference", "panel_scope")


@dataclass(frozen=True, slots=True)
class Summary:
    """One page of a case as a card of facts."""

    slug: str
    title: Promise
    url: str
    facts: tuple[Fact, ...]
    unanswered: int = 0


def of_case(
    case: Any, blank: Mapping[str, str] = NOTHING_BLANK, rows_of_page: Mapping[str, Any] | None = None
) -> list[Summary]:
    """All pages. ``blank`` holds the questions, as ``Model.field``, that still need an answer, with what is wrong
    with the one that was typed.

    ``rows_of_page`` replaces what reads the rows of a page, for who read them already.
    """
    rows = rows_of(case) if rows_of_page is None else rows_of_page
    return [of_page(case, page, blank, rows) for page in PAGES]


def of_page(
    case: Any, page: Page, blank: Mapping[str, str] = NOTHING_BLANK, rows_of_page: Mapping[str, Any] | None = None
) -> Summary:
    """One page: what was answered, what must still be, and how many optional questions were left open."""
    facts: list[Fact] = []
    open_questions = 0
    for spec in page.specs:
        if spec.key in blank and not answered(case, spec):
            why = blank[spec.key] or _("Still empty: fill in, or choose a reason")
            facts.append(Fact(spec.label(active()), why, missing=True))
        elif not answered(case, spec):
            open_questions += 1
        elif getattr(answers_row(case, spec), f"{spec.field}_missing", None) != NOT_ASKED:
            said = fact(answers_row(case, spec), spec, unit=str(UNITS.get(spec.key, "")))
            facts.append(replace(said, missing=spec.key in blank))
    rows = (rows_of(case) if rows_of_page is None else rows_of_page).get(page.slug)
    if rows is not None:
        facts = [*rows(case, blank), *facts]
    url = reverse("physician:section", args=[case.pk, page.slug])
    return Summary(page.slug, page.title, url, tuple(facts), open_questions)


def substance_name(row: Any) -> str:
    """The name of the substance in the page's language; the words it was reported in while it is not linked."""
    if row.substance is None:
        return f"‘{row.reported_as}’"
    return str(getattr(row.substance, f"name_{active()}"))


def answered_facts(row: Any, names: Sequence[str]) -> list[Fact]:
    """The questions about one row that were answered, with a value or a reason, as facts."""
    specs = [dictionary.field(f"{type(row).__name__}.{name}") for name in names]
    return [fact(row, spec) for spec in specs if in_words(row, spec) or reason_in_words(row, spec)]


def row_words(row: Any, names: Sequence[str]) -> str:
    """Some answers of one row, side by side."""
    model = type(row).__name__
    words = []
    for name in names:
        spec = dictionary.field(f"{model}.{name}")
        words.append(in_words(row, spec) or reason_in_words(row, spec))
    return " · ".join(word for word in words if word)


def rows_of(case: Any) -> Mapping[str, Rows]:
    """What says the rows of each page, once they were read with the names they show."""
    dossier = with_names(case)
    return {slug: partial(shown, dossier) for slug, shown in ROWS_OF_PAGE.items()}


def _suspicions(dossier: Any, case: Any, blank: Mapping[str, str]) -> list[Fact]:
    rows = named(dossier, "SuspectedSubstance")
    facts = [
        Fact(f"{number} {substance_name(row)}", _suspected(row) or "–") for number, row in enumerate(rows, start=1)
    ]
    said = NONE_SUSPECTED in blank and case.circumstances_section.suspected_none is False
    if not facts and (said or any(key.startswith("SuspectedSubstance.") for key in blank)):
        facts.append(
            Fact(
                _("Suspected substances"),
                _("Still empty: name a substance, or say that none is suspected"),
                missing=True,
            )
        )
    return facts


def _suspected(row: Any) -> str:
    """What was said of a suspicion, and what became of it."""
    became = outcome_words(row.outcome) if row.outcome else ""
    return " · ".join(part for part in (row_words(row, ("role", "evidence", "route")), became) if part)


def outcome_words(code: str | None) -> str:
    """What became of a suspicion, in words."""
    match code:
        case "confirmed":
            return _("confirmed")
        case "not_detected":
            return _("looked for, not detected")
        case "not_tested":
            return _("not looked for")
        case _:
            return _("not known yet")


def _toxicology(dossier: Any, case: Any, blank: Mapping[str, str]) -> list[Fact]:
    facts = []
    for request in named(dossier, "ToxRequest"):
        if request.status == "not_requested":
            facts.append(Fact(_("Requested"), _("No")))
            facts.append(fact(request, dictionary.field("ToxRequest.not_requested_reason")))
            continue
        facts += answered_facts(request, REQUEST)
        facts.extend(
            Fact(_("Specimen"), row_words(sample, ("matrix", "timing", "sampled_at")))
            for sample in named(dossier, "ToxSample")
            if sample.request_id == request.pk
        )
        facts += _results(dossier, [row for row in named(dossier, "ToxResult") if row.request_id == request.pk])
    for document in named(dossier, "SourceDocument"):
        facts.append(Fact(_("Source document"), row_words(document, ("kind", "state", "state_on"))))
    if not facts and any(key.startswith(("Case.tox_status", "ToxRequest.")) for key in blank):
        facts.append(Fact(_("Toxicology"), _("Still empty: say what was requested, or why nothing was"), missing=True))
    return facts


def _results(dossier: Any, standing: Sequence[Any]) -> list[Fact]:
    """Results as lines of a summary: a family with metabolites is one line, under the name of its parent."""
    if not standing:
        return []
    by_key = {str(row.pk): row for row in standing}
    found = []
    for family in analytes.families_of(standing, dossier.reference.catalogue):
        rows = [by_key[one.analyte.key] for one in family.members]
        if len(rows) == 1 and not family.members[0].why:
            found.append(Fact(_result_name(rows[0]), result_words(rows[0])))
        else:
            said = "; ".join(f"{_analyte(row)}: {result_words(row)}" for row in rows)
            found.append(Fact(heading_of(family), said))
    return found


def _analyte(row: Any) -> str:
    """The name of one result in a family; a metabolite needs no link to be known."""
    return substance_name(row) if row.substance is not None else row.reported_as or ""


def _result_name(result: Any) -> str:
    return substance_name(result) if result.substance else f"‘{result.reported_as}’"


def result_words(result: Any) -> str:
    """The outcome of one result with its value as reported."""
    said = result.value is not None or result.value_missing not in (None, NOT_ASKED)
    value = row_words(result, ("qualifier", "value", "unit")).replace(" · ", " ").removeprefix("= ") if said else ""
    outcome = row_words(result, ("outcome",))
    return " · ".join(part for part in (outcome, value) if part)


def _findings(dossier: Any, case: Any, blank: Mapping[str, str]) -> list[Fact]:
    return [
        Fact(substance_name(row), row_words(row, ("role", "certainty", "evidence", "route", "origin")) or "–")
        for row in named(dossier, "SubstanceFinding")
    ]


def _circumstances(dossier: Any, case: Any, blank: Mapping[str, str]) -> list[Fact]:
    facts = [
        Fact(_("Naloxone"), row_words(row, ("given_by", "doses", "response")))
        for row in named(dossier, "NaloxoneGiven")
    ]
    facts.extend(Fact(_("Known use"), row_words(row, ("group", "user_type"))) for row in named(dossier, "KnownUse"))
    return facts


ROWS_OF_PAGE: Mapping[str, Any] = {
    "omstandigheden": _circumstances,
    "middelen": _suspicions,
    "toxicologie": _toxicology,
    "conclusie": _findings,
}

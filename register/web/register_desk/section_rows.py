"""The rows of each page of a case as facts, from a dossier whose rows were read at once."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from register.casework import analytes
from register.casework.dossier import Dossier
from register.casework.whole import named
from register.coding.analytes import Family
from register.coding.sentences import capital
from register.quality import dictionary
from register.web.facts import Fact, fact
from register.web.language import active
from register.web.physician.summaries import (
    REQUEST,
    answered_facts,
    outcome_words,
    result_words,
    row_words,
    substance_name,
)

Rows = Callable[[Any, frozenset[str]], list[Fact]]
FINDING = ("role", "certainty", "evidence", "route", "origin")


def of(dossier: Dossier) -> Mapping[str, Rows]:
    """What reads the rows of each page, for the summaries."""
    pages = {
        "omstandigheden": _circumstances,
        "middelen": _suspicions,
        "toxicologie": _toxicology,
        "conclusie": _findings,
    }
    return {slug: _reader(shown, dossier) for slug, shown in pages.items()}


def _reader(shown: Callable[[Dossier], list[Fact]], dossier: Dossier) -> Rows:
    return lambda case, blank: shown(dossier)


def result_name(row: Any) -> str:
    """The name of a result: of the catalogue, else as it was reported."""
    return substance_name(row) if row.substance is not None else f"‘{row.reported_as}’"


def row_fact(kind: str, row: Any) -> Fact:
    """One row of a list in one line."""
    match kind:
        case "SuspectedSubstance":
            return Fact(substance_name(row), _suspected(row) or "–")
        case "SubstanceFinding":
            return Fact(substance_name(row), row_words(row, FINDING) or "–")
        case "ToxResult":
            return Fact(result_name(row), result_words(row) or "–")
        case "ToxRequest":
            return Fact(_("Toxicology request"), row_words(row, ("status", "lab", "requested_on", "due_on")))
        case "ToxSample":
            return Fact(_("Specimen"), row_words(row, ("matrix", "timing", "sampled_at")))
        case "NaloxoneGiven":
            return Fact(_("Naloxone"), row_words(row, ("given_by", "doses", "response")))
        case "KnownUse":
            return Fact(_("Known use"), row_words(row, ("group", "user_type")))
        case _:
            return Fact(_("Source document"), row_words(row, ("kind", "state", "state_on")))


def _suspicions(dossier: Dossier) -> list[Fact]:
    rows = named(dossier, "SuspectedSubstance")
    return [Fact(f"{number} {substance_name(row)}", _suspected(row) or "–") for number, row in enumerate(rows, start=1)]


def _suspected(row: Any) -> str:
    became = outcome_words(row.outcome) if row.outcome else ""
    return " · ".join(part for part in (row_words(row, ("evidence", "route")), became) if part)


def _toxicology(dossier: Dossier) -> list[Fact]:
    facts = []
    for request in named(dossier, "ToxRequest"):
        if request.status == "not_requested":
            facts += [
                Fact(_("Requested"), _("No")),
                fact(request, dictionary.field("ToxRequest.not_requested_reason")),
            ]
            continue
        facts += answered_facts(request, REQUEST)
        facts += [row_fact("ToxSample", row) for row in named(dossier, "ToxSample") if row.request_id == request.pk]
        facts += _results(dossier, [row for row in named(dossier, "ToxResult") if row.request_id == request.pk])
    return facts + [row_fact("SourceDocument", row) for row in named(dossier, "SourceDocument")]


def _results(dossier: Dossier, rows: list[Any]) -> list[Fact]:
    """A family with metabolites is one line, under the name of its parent."""
    by_key = {str(row.pk): row for row in rows}
    found = []
    for family in analytes.families_of(rows, dossier.reference.catalogue):
        members = [by_key[one.analyte.key] for one in family.members]
        if len(members) == 1 and not family.members[0].why:
            found.append(row_fact("ToxResult", members[0]))
        else:
            said = "; ".join(f"{_analyte(row)}: {result_words(row)}" for row in members)
            found.append(Fact(_heading(dossier, family), said))
    return found


def _analyte(row: Any) -> str:
    return substance_name(row) if row.substance is not None else row.reported_as or ""


def _heading(dossier: Dossier, family: Family) -> str:
    parent = dossier.reference.catalogue.substances.get(family.parent or "")
    if parent is None:
        return f"‘{family.name}’"
    return capital(parent.name_nl if active() == "nl" else parent.name_en)


def _findings(dossier: Dossier) -> list[Fact]:
    return [row_fact("SubstanceFinding", row) for row in named(dossier, "SubstanceFinding")]


def _circumstances(dossier: Dossier) -> list[Fact]:
    kinds = ("NaloxoneGiven", "KnownUse")
    return [row_fact(kind, row) for kind in kinds for row in named(dossier, kind)]

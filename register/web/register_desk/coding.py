"""The coding of a case in words: its codes, where it falls by each definition and why, and what each measure counts."""

from typing import Any

from django.utils.translation import gettext as _

from register.casework.derived import classified
from register.casework.dossier import Dossier
from register.casework.whole import named
from register.coding.attribution import Attribution
from register.coding.sentences import capital
from register.reporting import codelists
from register.reporting.codelists import Code
from register.web.language import active
from register.workflow.verbs import Verb


def of(dossier: Dossier, allowed: frozenset[Verb]) -> dict[str, Any]:
    """What the part of the review page about coding shows."""
    case = dossier.case
    cause, assessment = case.causeofdeath_section, case.assessment_section
    found = classified(dossier)
    ucod = cause.icd10_ucod or cause.icd10_ucod_suggested
    definitions = {"sel_b": _("Selection B"), "sel_d": _("Selection D"), "nl_broad": _("National, broad")}
    values = {"yes": _("yes"), "no": _("no"), "undetermined": _("undetermined")}
    results = {row.definition: row for row in named(dossier, "DefinitionResult")}
    return {
        "basis": _("confirmed") if assessment.coding_confirmed_by_id else _("suggestion"),
        "ucod": ucod,
        "ucod_title": _title(dossier, ucod or ""),
        "t_codes": ", ".join(cause.icd10_t_codes or found.suggestion.t_codes),
        "outcomes": [
            {
                "label": label,
                "value": values[results[name].outcome],
                "rule": f"{results[name].rule_id} · {results[name].rule_version}",
                "why": results[name].explanation_nl if active() == "nl" else results[name].explanation_en,
            }
            for name, label in definitions.items()
            if name in results
        ],
        "measures": _measures(dossier, found.attribution),
        "can_accept": Verb.CODE_CASE in allowed
        and bool(cause.icd10_ucod_suggested)
        and not assessment.coding_confirmed_by_id,
    }


def _measures(dossier: Dossier, where: Attribution) -> list[tuple[str, str]]:
    """Each measure by the name it has in the figures, with what the case counts under; empty for nothing."""
    catalogue = dossier.reference.catalogue
    groups = sorted((catalogue.groups[code] for code in where.any_groups), key=lambda group: (group.rank, group.code))
    if where.sole_substance:
        sole = capital(_name(catalogue.substances[where.sole_substance]))
    else:
        sole = _name(catalogue.groups[where.sole_group]) if where.sole_group else ""
    said = {
        "any": "; ".join(map(_name, groups)),
        "sole": sole,
        "hierarchical": _label(codelists.PRIMARY_GROUPS, where.primary_group or ""),
    }
    return [(_label(codelists.MEASURES, code), words) for code, words in said.items()]


def _label(codes: tuple[Code, ...], code: str) -> str:
    return next((one.label(active()) for one in codes if one.code == code), "")


def _name(row: Any) -> str:
    return str(row.name_nl if active() == "nl" else row.name_en)


def _title(dossier: Dossier, code: str) -> str:
    """The title of an ICD-10 code in own words; empty for a code that the register does not describe."""
    found = dossier.reference.catalogue.icd10.get(code)
    return "" if found is None else found.title_nl if active() == "nl" else found.title_en

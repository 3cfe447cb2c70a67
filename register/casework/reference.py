"""The vocabularies of the database as the pure rooms read them: the substance catalogue and what rules compare with.

Beside them stand the settings, which every piece of work on a case needs as well: one question reads both states.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock

from django.db.models import Q
from django.utils import timezone

from register.casework.configuration import current as configuration
from register.casework.configuration.current import Configuration, state_of
from register.coding import analytes
from register.coding import catalogue as shipped
from register.coding.catalogue import Catalogue
from register.models import Icd10Code, Municipality, Region, Substance, SubstanceGroup, SubstanceSynonym
from register.models.planned import planned_cursor
from register.quality.record import Lookups
from register.quality.record import Municipality as Place

STATE = state_of((Substance, SubstanceSynonym, SubstanceGroup, Icd10Code, Municipality, Region))

# Traps of the field that the catalogue does not say: what proves what, what is given in care, what is measured in what.
PROVES = {"6-mam": "heroin", "6-monoacetylmorphine": "heroin"}
CARE_DRUGS = frozenset({"naloxone", "midazolam", "ketamine", "lidocaine"})
ANTIDOTES = frozenset({"naloxone"})
UNITS_OF = {"promille": frozenset({"ethanol"})}
CLASSES_OF_ABUSE = frozenset({"opioid", "cocaine", "stimulant", "other"})
SCOPE_OF_GROUP = {"opioid-nitazene": "nitazenes", "benzo-designer": "designer_benzo", "ghb": "ghb"}
BUILDING = Lock()


@dataclass(frozen=True)
class Reference:
    """One state of the vocabularies, and of the settings."""

    catalogue: Catalogue
    lookups: Lookups
    configuration: Configuration


def current() -> Reference:
    """The vocabularies as they stand today; built anew only when a row of them changed, or the day did."""
    with planned_cursor() as cursor:
        cursor.execute(f"SELECT {STATE}, {configuration.STATE}")
        state, settings = cursor.fetchone()
    # Who comes while another thread builds waits for it instead of building the same beside it.
    with BUILDING:
        catalogue, lookups = _built(state, timezone.localdate())
        return Reference(catalogue, lookups, configuration.at(settings))


@lru_cache(maxsize=2)
def _built(state: str, today: date) -> tuple[Catalogue, Lookups]:
    catalogue = Catalogue(substances=_substances(today), groups=_groups(), icd10=_icd10())
    return catalogue, _lookups(catalogue)


def _lookups(catalogue: Catalogue) -> Lookups:
    groups = {code: catalogue.groups[substance.group] for code, substance in catalogue.substances.items()}
    return Lookups(
        municipalities={
            row.code: Place(row.name, row.region_id, row.valid_from, row.valid_to) for row in Municipality.objects.all()
        },
        region_names=dict(Region.objects.values_list("code", "name")),
        substance_names={code: (row.name_nl, row.name_en) for code, row in catalogue.substances.items()},
        metabolite_parents=catalogue.metabolite_parents,
        proves=PROVES,
        care_drugs=CARE_DRUGS,
        antidotes=ANTIDOTES,
        drugs_of_abuse=frozenset(code for code, group in groups.items() if group.class_ in CLASSES_OF_ABUSE),
        units_of=UNITS_OF,
        scope_needed={
            code: SCOPE_OF_GROUP[group.code] for code, group in groups.items() if group.code in SCOPE_OF_GROUP
        },
        analytes=analytes.names(catalogue),
    )


def _substances(today: date) -> dict[str, shipped.Substance]:
    synonyms = defaultdict(list)
    # Ten thousand rows: as plain values, which costs a third of the same as instances.
    names = SubstanceSynonym.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today)).order_by("id")
    for code, *name in names.values_list("substance_id", "text", "kind", "language"):
        synonyms[code].append(shipped.Synonym(*name))
    return {
        row.code: shipped.Substance(
            code=row.code,
            name_nl=row.name_nl,
            name_en=row.name_en,
            group=row.group_id,
            euda_group=row.euda_group_id or "",
            atc=row.atc,
            cas=row.cas,
            icd10_t=row.icd10_t,
            icd10_f=row.icd10_f,
            synonyms=tuple(synonyms[row.code]),
            metabolites=tuple(row.metabolites),
            verified=row.verified,
        )
        for row in Substance.objects.order_by("code")
    }


def _groups() -> dict[str, shipped.SubstanceGroup]:
    return {
        row.code: shipped.SubstanceGroup(
            code=row.code,
            name_nl=row.name_nl,
            name_en=row.name_en,
            class_=row.substance_class,
            rank=row.hierarchy_rank,
            selection_d=row.selection_d,
            nl_broad=row.nl_broad,
        )
        for row in SubstanceGroup.objects.order_by("code")
    }


def _icd10() -> dict[str, shipped.Icd10Code]:
    return {
        row.code: shipped.Icd10Code(
            code=row.code,
            kind=row.kind,
            intent=row.intent,
            agent_class=row.agent_class,
            title_nl=row.title_nl,
            title_en=row.title_en,
            role=row.role,
            selection_b=row.selection_b,
        )
        for row in Icd10Code.objects.order_by("code")
    }

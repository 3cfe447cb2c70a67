"""Loading the shipped vocabularies. Running it again changes only what the files changed; nothing is deleted.

What a steward of the catalogue decided stands: a column they set, and a name they gave or ended, is left as it is.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from django.db import models

from register.audit import acting_as
from register.coding import catalogue
from register.coding.folding import fold
from register.models import (
    CodeValue,
    EudaGroup,
    ForensicService,
    Icd10Code,
    Laboratory,
    Municipality,
    Region,
    Substance,
    SubstanceChange,
    SubstanceGroup,
    SubstanceSynonym,
)
from register.quality import value_sets

LOADER = "system:vocabularies"
# The laboratories that the field names for post-mortem toxicology; an owner adds its own.
LABORATORIES = (
    ("nfi", "Nederlands Forensisch Instituut"),
    ("erasmus-mc", "Erasmus MC, toxicologie"),
    ("other", "Ander laboratorium / Other laboratory"),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of a vocabulary the files hold."""

    vocabulary: str
    rows: int


def load_vocabularies() -> list[Loaded]:
    """Write every shipped vocabulary to its table: insert what is new, update what differs."""
    with acting_as(LOADER):
        return _load(catalogue.load())


def _load(shipped: catalogue.Catalogue) -> list[Loaded]:
    return [
        *_places(),
        _store(Laboratory, [{"code": code, "name": name} for code, name in LABORATORIES]),
        _store(
            SubstanceGroup,
            [
                {
                    "code": group.code,
                    "name_nl": group.name_nl,
                    "name_en": group.name_en,
                    "substance_class": group.class_,
                    "hierarchy_rank": group.rank,
                    "selection_d": group.selection_d,
                    "nl_broad": group.nl_broad,
                }
                for group in shipped.groups.values()
            ],
        ),
        _store(
            EudaGroup,
            [
                {
                    "code": row["euda_group"],
                    "name_nl": row["name_nl"],
                    "name_en": row["name_en"],
                    "parent": row["parent"],
                }
                for row in catalogue.rows("euda_groups.csv")
            ],
        ),
        *_substances(shipped),
        _store(
            Icd10Code,
            [
                {
                    "code": code.code,
                    "kind": code.kind,
                    "intent": code.intent,
                    "agent_class": code.agent_class,
                    "title_nl": code.title_nl,
                    "title_en": code.title_en,
                    "role": code.role,
                    "selection_b": code.selection_b,
                }
                for code in shipped.icd10.values()
            ],
        ),
        _store(
            CodeValue,
            [
                {
                    "value_set": name,
                    "position": position,
                    "code": value.code,
                    "label_nl": value.label_nl,
                    "label_en": value.label_en,
                }
                for name in value_sets.names()
                for position, value in enumerate(value_sets.values(name), start=1)
            ],
            key=("value_set", "code"),
        ),
    ]


def _places() -> list[Loaded]:
    rows = list(catalogue.rows("municipalities.csv"))
    regions = {row["ggd_code"]: row["ggd_name"] for row in rows}
    return [
        _store(Region, [{"code": code, "name": name} for code, name in regions.items()]),
        _store(
            Municipality,
            [
                {
                    "code": row["gm_code"],
                    "name": row["gm_name"],
                    "region_id": row["ggd_code"],
                    "safety_region": row["vr_code"],
                    "province_code": row["province_code"],
                    "province": row["province"],
                }
                for row in rows
            ],
        ),
        _store(
            ForensicService,
            [
                {"code": f"FD-{code}", "name": f"Forensische dienst {name}", "region_id": code}
                for code, name in regions.items()
            ],
        ),
    ]


def _substances(shipped: catalogue.Catalogue) -> list[Loaded]:
    columns, names = _decided()
    return [
        _store(
            Substance,
            [
                {
                    "code": substance.code,
                    "name_nl": substance.name_nl,
                    "name_en": substance.name_en,
                    "group_id": substance.group,
                    "euda_group_id": substance.euda_group or None,
                    "atc": substance.atc,
                    "cas": substance.cas,
                    "icd10_t": substance.icd10_t,
                    "icd10_f": substance.icd10_f,
                    "metabolites": list(substance.metabolites),
                    "verified": substance.verified,
                }
                for substance in shipped.substances.values()
            ],
            decided=columns,
        ),
        _store(
            SubstanceSynonym,
            [
                {
                    "substance_id": substance.code,
                    "text": synonym.text,
                    "kind": synonym.kind,
                    "language": synonym.language,
                }
                for substance in shipped.substances.values()
                for synonym in {synonym.text: synonym for synonym in substance.synonyms}.values()
                if (substance.code, fold(synonym.text)) not in names
            ],
            key=("substance_id", "text"),
        ),
    ]


def _decided() -> tuple[dict[tuple[str, ...], set[str]], set[tuple[str, str]]]:
    """What stewards decided: columns by the key of their substance, and names as code and folded text."""
    columns: dict[tuple[str, ...], set[str]] = defaultdict(set)
    names = set()
    for code, act, after in SubstanceChange.objects.values_list("substance_id", "act", "after"):
        if act in (SubstanceChange.Act.NAMED, SubstanceChange.Act.NAME_ENDED):
            names.add((code, fold(after["text"])))
        else:
            columns[(code,)].update(after)
    return columns, names


def _store(
    model: type[models.Model],
    rows: list[dict[str, Any]],
    key: tuple[str, ...] = ("code",),
    decided: Mapping[tuple[str, ...], Set[str]] | None = None,
) -> Loaded:
    """Insert or update ``rows`` by their natural key, in one read and at most two writes.

    ``decided`` names the columns of a stored row that stay as they are, by its key.
    """
    manager = model._default_manager
    stored = {tuple(getattr(row, name) for name in key): row for row in manager.all()}
    fresh, changed = [], []
    for row in rows:
        place = tuple(row[name] for name in key)
        known, kept = stored.get(place), (decided or {}).get(place, frozenset())
        if known is None:
            fresh.append(model(**row))
            continue
        differing = {name: new for name, new in row.items() if name not in kept and getattr(known, name) != new}
        for name, new in differing.items():
            setattr(known, name, new)
        if differing:
            changed.append(known)
    manager.bulk_create(fresh, batch_size=1000)
    if changed:
        names = {name.removesuffix("_id") for name in rows[0]} - {model._meta.pk.name, *key}
        manager.bulk_update(changed, sorted(names), batch_size=1000)
    return Loaded(model._meta.model_name or "", len(rows))

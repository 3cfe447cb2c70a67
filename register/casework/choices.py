"""The vocabularies as a form offers them: codes with names in the order in which people look for them."""

from collections.abc import Iterable, Mapping

from django.db.models import Model
from django.db.models.functions import Lower

from register.models import (
    EudaGroup,
    ForensicService,
    Icd10Code,
    Laboratory,
    Municipality,
    Region,
    Substance,
    SubstanceGroup,
)

Pair = tuple[str, str]


def municipalities(region: str | None) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Municipalities that exist, by name: those of the region, and all others."""
    rows = Municipality.objects.filter(valid_to=None).order_by(Lower("name")).values_list("code", "name", "region_id")
    near: list[Pair] = []
    far: list[Pair] = []
    for code, name, where in rows:
        (near if where == region else far).append((code, name))
    return tuple(near), tuple(far)


def municipality_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of these municipalities, those that were dissolved included."""
    return dict(Municipality.objects.filter(code__in=list(codes)).values_list("code", "name"))


def forensic_services(region: str | None) -> tuple[Pair, ...]:
    """The forensic services at work in a region."""
    rows = ForensicService.objects.filter(active=True, region_id=region).order_by("name")
    return tuple(rows.values_list("code", "name"))


def laboratories() -> tuple[Pair, ...]:
    """The laboratories that take requests."""
    return tuple(Laboratory.objects.filter(active=True).order_by("name").values_list("code", "name"))


def substance_groups(language: str) -> tuple[Pair, ...]:
    """The groups of the substance catalogue, by their rank."""
    name = "name_nl" if language == "nl" else "name_en"
    return tuple(SubstanceGroup.objects.order_by("hierarchy_rank", "code").values_list("code", name))


def euda_groups(language: str) -> tuple[Pair, ...]:
    """The reporting groups of the European Union Drugs Agency, by name."""
    name = "name_nl" if language == "nl" else "name_en"
    return tuple(EudaGroup.objects.order_by(Lower(name)).values_list("code", name))


def substance_names(codes: Iterable[str], language: str) -> dict[str, str]:
    """The names of these substances."""
    name = "name_nl" if language == "nl" else "name_en"
    return dict(Substance.objects.filter(code__in=list(codes)).values_list("code", name))


def substances(language: str) -> tuple[Pair, ...]:
    """Every substance that is not retired, by name."""
    name = "name_nl" if language == "nl" else "name_en"
    rows = Substance.objects.exclude(status=Substance.Status.RETIRED).order_by(Lower(name))
    return tuple(rows.values_list("code", name))


def icd10_title(code: str, language: str) -> str:
    """The title of an ICD-10 code in own words; empty for a code that the register does not describe."""
    found = Icd10Code.objects.filter(code=code).first()
    if found is None:
        return ""
    return found.title_nl if language == "nl" else found.title_en


NAMED: Mapping[str, type[Model]] = {
    "municipality": Municipality,
    "region": Region,
    "forensic_service": ForensicService,
    "lab": Laboratory,
    "substance": Substance,
    "substance_group": SubstanceGroup,
}


def name_of(vocabulary: str, code: str, language: str) -> str:
    """The name of one code of a vocabulary; the code itself when there is no such row."""
    row = NAMED[vocabulary]._default_manager.filter(pk=code).first()
    return str(getattr(row, f"name_{language}", None) or getattr(row, "name", code))

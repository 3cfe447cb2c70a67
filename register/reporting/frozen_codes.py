"""The code lists of one release that its vocabulary makes: areas, groups and substances as they were frozen."""

from collections.abc import Sequence

from register.coding.catalogue import Catalogue
from register.disclosure import TOTAL
from register.reporting import codelists as codes
from register.reporting.codelists import Code
from register.reporting.errors import BuildError
from register.reporting.extract import Area

# Before the code of a group of the EU drugs agency: a substance may have the same code.
EUDA = "euda"


def area_codes(areas: Sequence[Area]) -> tuple[Code, ...]:
    """The country, each province followed by the regions that lie wholly in it, then regions across provinces."""
    country = Code(TOTAL, codes.AREA.nl, codes.AREA.en)
    lies_in: dict[str, set[str]] = {}
    for area in areas:
        lies_in.setdefault(area.region, set()).add(area.province)
    provinces = sorted({(area.province, area.province_name) for area in areas if area.province != codes.UNKNOWN})
    regions = sorted({(area.region, area.name) for area in areas})
    found = [country]
    for province, name in provinces:
        found.append(Code(province, name, name, TOTAL))
        found += [Code(code, named, named, province) for code, named in regions if lies_in[code] == {province}]
    found += [
        Code(code, named, named, TOTAL)
        for code, named in regions
        if len(lies_in[code]) > 1 or lies_in[code] == {codes.UNKNOWN}
    ]
    return (*found, codes.NOT_KNOWN)


def primary_codes() -> tuple[Code, ...]:
    """The groups of the hierarchical measure, best rank first."""
    return (codes.ALL, *codes.PRIMARY_GROUPS, codes.NO_SUBSTANCE)


def group_codes(catalogue: Catalogue) -> tuple[Code, ...]:
    """Each primary group followed by the groups of the catalogue within it; a primary group of one group is that group.

    Raises BuildError when a group has the code of a primary group it does not fill alone.
    """
    found: list[Code] = [codes.ALL]
    for primary in codes.PRIMARY_GROUPS:
        members = [group for group in catalogue.groups.values() if primary_of(group.class_) == primary.code]
        found.append(primary)
        if [group.code for group in members] == [primary.code]:
            continue
        found += [Code(group.code, group.name_nl, group.name_en, primary.code) for group in members]
    found.append(codes.NO_SUBSTANCE)
    _distinct(found)
    return tuple(found)


def substance_codes(catalogue: Catalogue) -> tuple[Code, ...]:
    """Every substance of the catalogue, with the group it belongs to."""
    listed = [
        Code(substance.code, substance.name_nl, substance.name_en, substance.group)
        for substance in catalogue.substances.values()
    ]
    return (codes.ALL, *listed, codes.NO_SUBSTANCE)


def euda_groups(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """The substances of each group of the EU drugs agency that has any, by its code in tables."""
    found: dict[str, set[str]] = {code: set() for code in catalogue.euda_groups}
    for substance in catalogue.substances.values():
        if substance.euda_group in found:
            found[substance.euda_group].add(substance.code)
    return {f"{EUDA}.{code}": frozenset(members) for code, members in found.items() if members}


def primary_of(class_: str) -> str:
    """The primary group of a substance class: whatever is no opioid, cocaine or stimulant is other."""
    return class_ if class_ in ("opioid", "cocaine", "stimulant") else "other"


def _distinct(found: Sequence[Code]) -> None:
    seen: set[str] = set()
    for code in found:
        if code.code in seen:
            raise BuildError(
                nl=f"De middelengroep {code.code} heeft dezelfde code als een hoofdgroep; hernoem haar.",
                en=f"The substance group {code.code} has the code of a main group; rename it.",
            )
        seen.add(code.code)

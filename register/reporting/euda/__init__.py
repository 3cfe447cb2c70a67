"""The yearly return to the EU drugs agency: ST5 (deaths of a year) and ST6 (trend) as a workbook.

It is made when it is asked for, from the published cells of a release and the vocabulary of that moment, because the
template of a year comes later than the figures. As long as a substance of the release has no EUDA group, or a group no
line in the template, it is refused with a list.
"""

import json
from collections.abc import Iterator
from functools import lru_cache

from register.models import EudaGroup, Substance
from register.reporting import published
from register.reporting.euda.figures import Figures
from register.reporting.euda.mapping import Mapping, Unmapped, UnmappedError
from register.reporting.euda.template import CURRENT, template
from register.reporting.euda.workbook import workbook_file
from register.reporting.formats import KINDS, Cube
from register.reporting.published import Released

__all__ = ["KIND", "Unmapped", "UnmappedError", "file_name", "workbook_of"]

KIND = KINDS["xlsx"]
# The tables from which the workbook is made; an older release may lack some, and their part of the workbook with them.
SUBSTANCES = "substance"
TABLES = (
    *("definition-sex", "age-euda-sex", "age-mean", "intent-group", "toxicology", "group", SUBSTANCES),
    *("euda-group", "substances-number", "sex-group", "age-ndm-group", "euda-group-sex"),
    *("autopsy", "euda-group-toxicology", "substances-number-toxicology"),
    *("substances-number-sex", "substances-number-age", "intent-sex", "toxicology-sex"),
)
KEPT = 8
Pairs = tuple[tuple[str, str], ...]


def workbook_of(release: Released) -> bytes:
    """The workbook of a release. Raises UnmappedError; LookupError for a release without a table of substances.

    The same cells and the same vocabulary give the same bytes.
    """
    return _made(release, tuple(_groups_by_substance()), tuple(_names_of_groups()))


def file_name(release: Released) -> str:
    """The name under which it is saved."""
    return f"{release.id}-euda-{CURRENT}.xlsx"


@lru_cache(maxsize=KEPT)
def _made(release: Released, pairs: Pairs, names: Pairs) -> bytes:
    tables = {name: found for name in TABLES if (found := _figures(release.id, name)) is not None}
    if SUBSTANCES not in tables:
        raise LookupError(f"{release.id} has no table of substances")
    chosen = template(CURRENT)
    mapping = Mapping.of(tables[SUBSTANCES], dict(pairs), dict(names), chosen)
    return workbook_file(release, tables, mapping, chosen)


def _figures(release: str, table: str) -> Figures | None:
    content = published.content(release, table, "json")
    return Figures(Cube.of(json.loads(content.body))) if content else None


def _groups_by_substance() -> Iterator[tuple[str, str]]:
    rows = Substance.objects.filter(euda_group__isnull=False).order_by("code")
    yield from rows.values_list("code", "euda_group_id")


def _names_of_groups() -> Iterator[tuple[str, str]]:
    yield from EudaGroup.objects.order_by("code").values_list("code", "name_en")

"""What a reader can derive between the tables of a release, beyond sums: overlapping measures and definitions."""

from collections.abc import Sequence

from register.disclosure import CellKey, Link, Overlap, Table, containment_links, overlap_links
from register.disclosure.system import Identity
from register.reporting import tables
from register.reporting.codelists import PRIMARY_GROUPS, UNKNOWN
from register.reporting.extract import Extract

ABOUT = ("group", "substance")
# By its rules, version 1, every death of Selection D is one of the broad definition; no other pair is nested.
LARGER, SMALLER = "nl_broad", "sel_d"


def links_between(parts: Sequence[Table], extract: Extract) -> list[Link]:
    """Every relation between the tables that follows from how deaths are attributed and defined."""
    keys = {part.key(codes) for part in parts for codes in part.rows()}
    known = {key for key in keys if UNKNOWN not in _about(key)}
    return [
        *overlap_links(known, ABOUT, _overlap(extract)),
        *_without_substance(keys - known),
        *containment_links(keys, larger=LARGER, smaller=SMALLER),
    ]


def _overlap(extract: Extract) -> Overlap:
    """How substances lie in groups and groups in primary groups. Every level lists all that the catalogue holds."""
    catalogue = extract.catalogue
    parents = {("substance", one.code): ("group", one.group) for one in catalogue.substances.values()}
    for code in tables.group_codes(catalogue):
        if code.code in catalogue.groups and code.parent not in ("", "_T"):
            parents["group", code.code] = ("group", code.parent)
    sober = {group.code for group in catalogue.groups.values() if group.class_ == "alcohol"}
    ignored = [node for node, above in parents.items() if node[1] in sober or above[1] in sober]
    return Overlap(
        parents=parents,
        complete=frozenset(parents.values()),
        ranked=tuple(("group", primary.code) for primary in PRIMARY_GROUPS),
        ignored=frozenset(ignored if extract.settings.alcohol_ignored else ()),
    )


def _without_substance(keys: set[CellKey]) -> list[Link]:
    """Deaths without any contributing substance are the same deaths in every table and by every measure."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], CellKey] = {}
    links: list[Link] = []
    for key in sorted(keys):
        stratum = (key.population, tuple(pair for pair in key.at if pair[0] not in ABOUT))
        first = found.setdefault(stratum, key)
        if first is not key:
            links.append(Identity(((first, 1), (key, -1)), "no substance by one measure is none by another"))
    return links


def _about(key: CellKey) -> set[str]:
    return {code for dimension, code in key.at if dimension in ABOUT}

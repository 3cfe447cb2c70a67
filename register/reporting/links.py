"""What a reader can derive between the tables of a release, beyond sums: overlapping measures and definitions."""

from collections.abc import Sequence

from register.disclosure import Link, Overlap, Table, containment_links, overlap_links
from register.reporting import tables
from register.reporting.codelists import PRIMARY_GROUPS, TOTAL, UNKNOWN
from register.reporting.extract import Extract

ABOUT = ("group", "substance")
# By its rules, version 1, every death of Selection D is one of the broad definition; no other pair is nested.
LARGER, SMALLER = "nl_broad", "sel_d"


def links_between(parts: Sequence[Table], extract: Extract) -> list[Link]:
    """Every relation between the tables that follows from how deaths are attributed and defined."""
    keys = {part.key(codes) for part in parts for codes in part.rows()}
    return [
        *overlap_links(keys, ABOUT, _overlap(extract)),
        *containment_links(keys, larger=LARGER, smaller=SMALLER),
    ]


def _overlap(extract: Extract) -> Overlap:
    """How substances lie in groups and groups in primary groups. Every level lists all that the catalogue holds."""
    catalogue = extract.catalogue
    parents = {("substance", one.code): ("group", one.group) for one in catalogue.substances.values()}
    for code in tables.group_codes(catalogue):
        if code.code in catalogue.groups and code.parent not in ("", TOTAL):
            parents["group", code.code] = ("group", code.parent)
    sober = {group.code for group in catalogue.groups.values() if group.class_ == "alcohol"}
    ignored = [node for node, above in parents.items() if node[1] in sober or above[1] in sober]
    return Overlap(
        parents=parents,
        complete=frozenset(parents.values()),
        ranked=tuple(("group", primary.code) for primary in PRIMARY_GROUPS),
        ignored=frozenset(ignored if extract.settings.alcohol_ignored else ()),
        none=frozenset((dimension, UNKNOWN) for dimension in ABOUT),
    )

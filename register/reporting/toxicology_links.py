"""What a reader can derive among the deaths whose toxicology is known, and among the others.

Either half is a register of its own: what holds of groups, opioids and the number of substances among all deaths holds
in it too.
"""

from collections.abc import Iterator, Mapping, Sequence

from register.disclosure import AtLeastZero, CellKey, Identity, Link
from register.reporting import tables
from register.reporting.codelists import FINAL, NOT_FINAL, UNKNOWN
from register.reporting.extract import Extract
from register.reporting.tables import TIME
from register.reporting.tabulate_toxicology import BESIDE

Groups = Mapping[str, frozenset[str]]


def toxicology_links(extract: Extract, *, definition: str, years: Sequence[str]) -> Iterator[Link]:
    """The relations of each half of each year; none where no table is crossed with toxicology."""
    groups = tables.euda_groups(extract.catalogue)
    if not (extract.tox_crossed and groups):
        return
    for year in years:
        for state in (FINAL, NOT_FINAL):
            yield from _Half(extract, groups, definition, {TIME: year, "tox": state}).links()


class _Half:
    """The cells of the deaths of a year with known toxicology, or of the others."""

    def __init__(self, extract: Extract, groups: Groups, definition: str, at: Mapping[str, str]) -> None:
        self.extract, self.groups, self.definition, self.at = extract, groups, definition, at
        self.some = ((self._of("deaths"), 1), (self._of("any", group=UNKNOWN), -1))
        self.beside = frozenset(
            one.code
            for one in extract.catalogue.substances.values()
            if tables.primary_of(extract.catalogue.group_of(one.code).class_) == BESIDE
        )

    def links(self) -> Iterator[Link]:
        """The number of substances, opioids together and each group beside each other."""
        several, none = (self._of("deaths", number=code) for code in ("several", UNKNOWN))
        opioid, alone = self._of("any", group=BESIDE), self._of("sole", group=BESIDE)
        each = {code: self._of("any", euda_group=code) for code in self.groups}
        yield Identity(((none, 1), (self._of("any", group=UNKNOWN), -1)), "no substance by number is none by group")
        yield AtLeastZero(((several, 1), (opioid, -1), (alone, 1)), "a group with another is several substances")
        for code, key in each.items():
            members = self.groups[code]
            if members <= self.beside:
                yield AtLeastZero(((opioid, 1), (key, -1)), "a part has no more deaths")
            sober = any(self._class(one) == "alcohol" for one in members)
            others = () if members & self.beside or (sober and self._ignored) else ((alone, -1),)
            yield AtLeastZero((*self.some, (key, -1), *others), "who has another group alone does not have this one")
        parts = tuple((key, 1) for code, key in each.items() if self.groups[code] & self.beside)
        held = frozenset[str]().union(*self.groups.values())
        if self.beside <= held:
            yield AtLeastZero((*parts, (opioid, -1)), "a whole has no more deaths than what covers it")

    @property
    def _ignored(self) -> bool:
        return self.extract.settings.alcohol_ignored

    def _class(self, substance: str) -> str:
        return self.extract.catalogue.group_of(substance).class_

    def _of(self, measure: str, **nodes: str) -> CellKey:
        return CellKey.of(self.definition, measure, {**self.at, **nodes})

"""What a reader can derive among the deaths whose toxicology is known, among the others, and among those of each sex.

Each is a register of its own: what holds of groups, opioids and the number of substances among all deaths holds in it
too, and in what each sex has of either, which nobody prints.
"""

from collections.abc import Iterator, Mapping, Sequence

from register.disclosure import AtLeastZero, CellKey, Identity, Link
from register.reporting import codelists, frozen_codes
from register.reporting.codelists import FINAL, NOT_FINAL, TOTAL, UNKNOWN
from register.reporting.extract import Extract
from register.reporting.table_design import TIME
from register.reporting.tabulate_st5 import BESIDE

Groups = Mapping[str, frozenset[str]]


def st5_links(extract: Extract, *, definition: str, years: Sequence[str]) -> Iterator[Link]:
    """The relations of each part of each year; none where no such table is made."""
    groups = frozen_codes.euda_groups(extract.catalogue)
    if not (extract.st5_told and groups):
        return
    sexes = [one.code for one in codelists.sexes() if one.code != TOTAL]
    for year in years:
        for state in (FINAL, NOT_FINAL):
            yield from _Part(extract, groups, definition, {TIME: year, "tox": state}).links()
        for code in (band.code for band in codelists.ages(codelists.NDM_BANDS) if band.code != TOTAL):
            at = {TIME: year, "age": code}
            none = (CellKey.of(definition, "deaths", {**at, "number": UNKNOWN}), 1)
            once = (CellKey.of(definition, "hierarchical", {**at, "group": UNKNOWN}), -1)
            yield Identity((none, once), "no substance by number is none by group")
        for sex in sexes:
            part = _Part(extract, groups, definition, {TIME: year, "sex": sex})
            yield from part.links()
            yield from part.ranked()
            yield from _alone(definition, year, sex) if extract.held_together else ()
            for state in (FINAL, NOT_FINAL) if extract.held_together else ():
                both = _Part(extract, groups, definition, {TIME: year, "sex": sex, "tox": state})
                yield from both.links()
                yield from both.held()


def _alone(definition: str, year: str, sex: str) -> Iterator[Link]:
    """Who has opioids alone is counted at opioids, of each intent."""
    for intent in (one.code for one in codelists.values("VS-INTENT") if one.code != TOTAL):
        at = {TIME: year, "sex": sex, "intent": intent, "group": BESIDE}
        once, alone = (CellKey.of(definition, measure, at) for measure in ("hierarchical", "sole"))
        yield AtLeastZero(((once, 1), (alone, -1)), "who has a group alone is counted there")


class _Part:
    """The cells of the deaths of a year with one state of toxicology, or of one sex."""

    def __init__(self, extract: Extract, groups: Groups, definition: str, at: Mapping[str, str]) -> None:
        self.extract, self.groups, self.definition, self.at = extract, groups, definition, at
        self.none = self._of("any", group=UNKNOWN)
        self.some = ((self._of("deaths"), 1), (self.none, -1))
        self.opioid, self.alone = self._of("any", group=BESIDE), self._of("sole", group=BESIDE)
        self.beside = frozenset(
            one.code
            for one in extract.catalogue.substances.values()
            if frozen_codes.primary_of(extract.catalogue.group_of(one.code).class_) == BESIDE
        )

    def links(self) -> Iterator[Link]:
        """The number of substances, opioids together and each group beside each other."""
        several, none = (self._of("deaths", number=code) for code in ("several", UNKNOWN))
        each = {code: self._of("any", euda_group=code) for code in self.groups}
        yield Identity(((none, 1), (self.none, -1)), "no substance by number is none by group")
        further = ((several, 1), (self.opioid, -1), (self.alone, 1))
        yield AtLeastZero(further, "a group with another is several substances")
        for code, key in each.items():
            members = self.groups[code]
            if members <= self.beside:
                yield AtLeastZero(((self.opioid, 1), (key, -1)), "a part has no more deaths")
            sober = any(self._class(one) == "alcohol" for one in members)
            ignored = sober and self.extract.settings.alcohol_ignored
            others = () if members & self.beside or ignored else ((self.alone, -1),)
            yield AtLeastZero((*self.some, (key, -1), *others), "who has another group alone does not have this one")
        parts = tuple((key, 1) for code, key in each.items() if self.groups[code] & self.beside)
        if self.beside <= frozenset[str]().union(*self.groups.values()):
            yield AtLeastZero((*parts, (self.opioid, -1)), "a whole has no more deaths than what covers it")

    def ranked(self) -> Iterator[Link]:
        """The same deaths where each is counted once, at its best ranked group."""
        for code, key in ((BESIDE, self.opioid), (UNKNOWN, self.none)):
            once = self._of("hierarchical", group=code)
            yield Identity(((key, 1), (once, -1)), "the best ranked group counts all who have it")

    def held(self) -> Iterator[Link]:
        """What other tables tell of one sex, and of known toxicology, in what they have of both."""
        yield AtLeastZero(((self.opioid, 1), (self.alone, -1)), "who has a group alone has it")
        yield AtLeastZero((*self.some, (self.opioid, -1)), "no group has more deaths than there are")

    def _class(self, substance: str) -> str:
        return self.extract.catalogue.group_of(substance).class_

    def _of(self, measure: str, **nodes: str) -> CellKey:
        return CellKey.of(self.definition, measure, {**self.at, **nodes})

"""What a laboratory found, as families: metabolites and markers under the substance they come from.

A family is how a report is read ("heroïne: 6-MAM, morfine, codeïne"); it adds no substance and sets no role. An analyte
that may also have been taken by itself stands under another only when that other one is in the report too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from register.coding.catalogue import Catalogue, rows
from register.coding.folding import fold
from register.coding.once import OncePerCatalogue
from register.coding.sentences import Sentence
from register.coding.terms import CERTAIN, COMBINATION_MARKER, METABOLITE

DETECTED = "detected"
# Pairs in which the list of metabolites of the catalogue says too little or too much, each with its reason.
_PAIRS = tuple(rows("analytes_together.csv"))
TOGETHER = {
    (row["analyte"], row["parent"]): Sentence(row["nl"], row["en"]) for row in _PAIRS if row["together"] == "yes"
}
KEPT_APART = frozenset((row["analyte"], row["parent"]) for row in _PAIRS if row["together"] == "no")


@dataclass(frozen=True, slots=True)
class Relation:
    """A known name that is no substance of the catalogue: what it comes from, how sure that is, and why.

    ``name`` is the first of its names; equal for all spellings of one metabolite. ``text`` is this spelling.
    """

    text: str
    name: str
    kind: str
    parents: tuple[str, ...]
    certainty: str
    reason: Sentence
    together: bool = False

    @property
    def proves(self) -> tuple[str, ...]:
        """The substances that were there for certain when this was found; none when there are several origins."""
        sure = self.certainty == CERTAIN and self.kind in (METABOLITE, COMBINATION_MARKER)
        return self.parents if sure and (self.together or len(self.parents) == 1) else ()


@dataclass(frozen=True, slots=True)
class Analyte:
    """One result; ``key`` says which. ``value`` is in ``unit``, one of the register's own (ug_l, g_l or ug_kg)."""

    key: str
    reported_as: str
    code: str | None
    outcome: str
    value: Decimal | None = None
    unit: str | None = None
    matrix: str = ""
    scope: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """An analyte in a family. ``why`` says why it stands under the parent; None for the parent itself."""

    analyte: Analyte
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Analytes that point to one substance: ``parent`` is its code, None for what is not linked to the catalogue."""

    parent: str | None
    members: tuple[Member, ...]
    present: bool

    @property
    def name(self) -> str:
        """The words of the report, for a family without a parent."""
        return self.members[0].analyte.reported_as


def _relations(catalogue: Catalogue) -> Mapping[str, Relation]:
    found: dict[str, Relation] = {}
    first: dict[tuple[str, str, str], str] = {}
    for row in rows("substance_relations.csv"):
        name = first.setdefault((row["relation"], row["codes"], row["nl"]), row["text"])
        together = "+" in row["codes"]
        parents = tuple(code for code in row["codes"].replace("+", ";").split(";") if code in catalogue.substances)
        relation = Relation(
            row["text"],
            name,
            row["relation"],
            parents,
            row["certainty"],
            Sentence(row["nl"], row["en"]),
            together=together,
        )
        if parents:
            found.setdefault(fold(row["text"]), relation)
    for substance in catalogue.substances.values():
        for metabolite in substance.metabolites:
            if metabolite not in catalogue.substances:
                reason = _from(metabolite, substance.name_nl, metabolite, substance.name_en)
                relation = Relation(metabolite, metabolite, METABOLITE, (substance.code,), CERTAIN, reason)
                found.setdefault(fold(metabolite), relation)
    return found


def _named(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(fold(name) for one in catalogue.substances.values() for name in (one.name_nl, one.name_en))


relations = OncePerCatalogue("analyte_relations", _relations)
_names = OncePerCatalogue("analyte_names", _named)


def names(catalogue: Catalogue) -> frozenset[str]:
    """The names of metabolites and markers that are no substance of the catalogue, in lower case."""
    return frozenset(one.text.lower() for key, one in relations(catalogue).items() if key not in _names(catalogue))


def relation_of(text: str, catalogue: Catalogue) -> Relation | None:
    """The relation of a name that is a metabolite or marker and no substance by itself."""
    key = fold(text)
    return None if key in _names(catalogue) else relations(catalogue).get(key)


def identity(analyte: Analyte, catalogue: Catalogue) -> str:
    """One word for everything that is the same: a code, else the first name of a metabolite, else the folded name."""
    if analyte.code:
        return analyte.code
    relation = relation_of(analyte.reported_as, catalogue)
    return relation.name if relation else fold(analyte.reported_as)


def present(analytes: Iterable[Analyte], catalogue: Catalogue) -> frozenset[str]:
    """The substances that the report proves: found themselves, or by what forms from nothing else."""
    codes: set[str] = set()
    for analyte in analytes:
        if analyte.outcome != DETECTED:
            continue
        if analyte.code:
            codes.add(analyte.code)
        elif relation := relation_of(analyte.reported_as, catalogue):
            codes.update(relation.proves)
    return frozenset(codes)


def families(analytes: Sequence[Analyte], catalogue: Catalogue) -> tuple[Family, ...]:
    """The analytes of a report in families, in the order in which each family is first met."""
    found = present(analytes, catalogue)
    grouped: dict[str, list[Member]] = {}
    parents: dict[str, str | None] = {}
    for analyte in analytes:
        parent, why = _place(analyte, found, catalogue)
        key = parent or identity(analyte, catalogue)
        parents.setdefault(key, parent)
        grouped.setdefault(key, []).append(Member(analyte, why))
    return tuple(
        Family(
            parents[key],
            tuple(sorted(members, key=lambda member: member.why is not None)),
            present=key in found or any(one.why is None and one.analyte.outcome == DETECTED for one in members),
        )
        for key, members in grouped.items()
    )


def _place(analyte: Analyte, found: frozenset[str], catalogue: Catalogue) -> tuple[str | None, Sentence | None]:
    """The substance under which an analyte stands, and why."""
    if not analyte.code:
        relation = relation_of(analyte.reported_as, catalogue)
        if relation is None:
            return None, None
        there = [parent for parent in relation.parents if parent in found]
        if there or (len(relation.parents) == 1 and relation.certainty == CERTAIN):
            return _root((there or list(relation.parents))[0], found, catalogue), relation.reason
        return None, None
    root = _root(analyte.code, found, catalogue)
    if root == analyte.code:
        return analyte.code, None
    said = TOGETHER.get((analyte.code, root))
    return root, said or _from(*_names_of(analyte.code, root, catalogue))


def _root(code: str, found: frozenset[str], catalogue: Catalogue) -> str:
    """The substance in the report from which ``code`` may come by one or more steps; itself when there is none."""
    seen = {code}
    while True:
        above = next((one for one in _above(code, catalogue) if one in found and one not in seen), None)
        if above is None:
            return code
        seen.add(above)
        code = above


def _above(code: str, catalogue: Catalogue) -> list[str]:
    own = [parent for parent in catalogue.metabolite_parents.get(code, ()) if (code, parent) not in KEPT_APART]
    return own + [parent for analyte, parent in TOGETHER if analyte == code]


def _names_of(code: str, parent: str, catalogue: Catalogue) -> tuple[str, str, str, str]:
    one, other = catalogue.substance(code), catalogue.substance(parent)
    return one.name_nl, other.name_nl, one.name_en, other.name_en


def _from(nl: str, parent_nl: str, en: str, parent_en: str) -> Sentence:
    return Sentence(f"{nl} is een afbraakproduct van {parent_nl}", f"{en} is a metabolite of {parent_en}")

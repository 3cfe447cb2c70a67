"""Counting what ST5 asks: substances among the deaths whose toxicology is known, and intent and toxicology by sex.

Known and unknown toxicology add up to all deaths, so what a reader finds by taking one from the other is a cell like
any other. What is told two by two is also counted together, which nobody prints, so that no alternative is taken for
possible which no register could have.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from register.coding.attribution import Attribution
from register.disclosure import Dimension, Table
from register.disclosure.cube import Codes
from register.reporting import codelists as codes
from register.reporting.codelists import FINAL, NOT_FINAL, PRIMARY_GROUPS, TOTAL, UNKNOWN
from register.reporting.extract import Death

Counted = Sequence[tuple[Death, Attribution]]
Groups = dict[str, frozenset[str]]
Row = tuple[str, tuple[str, ...], Attribution]
# The one main group that stands beside the groups of the agency: opioids together.
BESIDE = PRIMARY_GROUPS[0].code
STATES = Dimension.flat("tox", (FINAL, NOT_FINAL))


def known(death: Death) -> str:
    """Whether the toxicology of a death is known: there is a final result."""
    return FINAL if death.tox == FINAL else NOT_FINAL


def tabulated(
    counted: Counted, groups: Groups, *, definition: str, periods: Dimension, together: bool
) -> Iterator[Table]:
    """All that ST5 asks beside what is counted for the monitor; ``groups`` are those of the agency.

    ``together``: groups by sex and toxicology and by sex and intent are counted too, which releases before did not.
    """
    about = definition, periods
    sexes, ages, intents, numbers, main = (
        Dimension.flat(name, [one.code for one in known_ if one.code != TOTAL])
        for name, known_ in (
            ("sex", codes.sexes()),
            ("age", codes.ages(codes.NDM_BANDS)),
            ("intent", codes.values("VS-INTENT")),
            ("number", codes.numbers()),
            ("group", (codes.ALL, *PRIMARY_GROUPS, codes.NO_SUBSTANCE)),
        )
    )
    by_state, by_sex, by_both = (
        [(str(death.year), at(death), where) for death, where in counted]
        for at in (lambda one: (known(one),), lambda one: (one.sex,), lambda one: (one.sex, known(one)))
    )
    yield _by_group(by_state, groups, about, (STATES,))
    for rows, halves in ((by_state, STATES), (by_sex, sexes)):
        yield from _opioids(rows, about, (halves,))
        yield _numbered(rows, about, halves, numbers)
    told = [
        (str(death.year), death.sex, known(death), death.intent, _number(where), where.primary_group or UNKNOWN)
        for death, where in counted
    ]
    yield _table("T10 sex", about, (sexes, STATES), ((year, sex, state) for year, sex, state, *_ in told))
    yield _table("T6 sex", about, (intents, sexes), ((year, intent, sex) for year, sex, _, intent, *_ in told))
    aged = [
        (str(death.year), codes.band_of(death.age_known, codes.NDM_BANDS), death.sex, _number(where))
        for death, where in counted
    ]
    yield _table("T13 age", about, (ages, numbers), ((year, age, number) for year, age, _, number in aged))
    yield _table("T13 ages", about, (ages, sexes, numbers), aged, printed=False)
    numbered = ((year, sex, state, number) for year, sex, state, _, number, _ in told)
    yield _table("T13 people", about, (sexes, STATES, numbers), numbered, printed=False)
    once: Counter[Codes] = Counter((year, intent, sex, group) for year, sex, _, intent, _, group in told)
    yield Table("T6 people", definition, (periods, intents, sexes, main), once, "hierarchical", "group", printed=False)
    if together:
        yield _by_group(by_both, groups, about, (sexes, STATES))
        yield from _opioids(by_both, about, (sexes, STATES))
        alone: Counter[Codes] = Counter(
            (str(death.year), death.intent, death.sex, BESIDE)
            for death, where in counted
            if where.sole_primary == BESIDE
        )
        opioid = periods, intents, sexes, Dimension.listed("group", (BESIDE,))
        yield Table("T6 opioid people", definition, opioid, alone, "sole", "group", printed=False)


def _by_group(
    rows: Sequence[Row], groups: Groups, about: tuple[str, Dimension], halves: tuple[Dimension, ...]
) -> Table:
    """The groups of the agency by one thing, or by two at once, which nobody prints."""
    definition, periods = about
    of_substance = {substance: code for code, members in groups.items() for substance in members}
    counts: Counter[Codes] = Counter(
        (year, *at, code)
        for year, at, where in rows
        for code in {of_substance[one] for one in where.any_substances if one in of_substance}
    )
    listed = Dimension.listed("euda_group", tuple(groups))
    name, sides = f"T5 EUDA {_named(halves)}", (periods, *halves, listed)
    return Table(name, definition, sides, counts, "any", "euda_group", printed=len(halves) == 1)


def _opioids(rows: Sequence[Row], about: tuple[str, Dimension], halves: tuple[Dimension, ...]) -> Iterator[Table]:
    """Opioids together, and alone; and the deaths without any substance, which other tables tell too."""
    definition, periods = about
    name, printed = f"T4 opioid {_named(halves)}", len(halves) == 1
    listed, alone = (Dimension.listed("group", held) for held in ((BESIDE, UNKNOWN), (BESIDE,)))
    with_any: Counter[Codes] = Counter(
        (year, *at, code)
        for year, at, where in rows
        for code in ((BESIDE,) if BESIDE in where.any_primary else () if where.any_substances else (UNKNOWN,))
    )
    yield Table(name, definition, (periods, *halves, listed), with_any, "any", "group", printed=printed)
    soles: Counter[Codes] = Counter((year, *at, BESIDE) for year, at, where in rows if where.sole_primary == BESIDE)
    yield Table(name, definition, (periods, *halves, alone), soles, "sole", "group", printed=printed)


def _numbered(rows: Sequence[Row], about: tuple[str, Dimension], halves: Dimension, numbers: Dimension) -> Table:
    found = ((year, *at, _number(where)) for year, at, where in rows)
    return _table(f"T13 {halves.name}", about, (halves, numbers), found)


def _named(halves: tuple[Dimension, ...]) -> str:
    return " ".join(one.name for one in halves)


def _number(where: Attribution) -> str:
    return codes.number_of(len(where.any_substances))


def _table(
    name: str,
    about: tuple[str, Dimension],
    dimensions: tuple[Dimension, ...],
    found: Iterable[Codes],
    *,
    printed: bool = True,
) -> Table:
    definition, periods = about
    return Table(name, definition, (periods, *dimensions), Counter(found), printed=printed)

"""Counting main groups of substances by sex and by age: each death once, at its best ranked group, so that all adds up.

Age, sex and group are told two by two. So that no alternative is taken for possible which no register could have, the
three are also counted together, and that is printed by nobody.
"""

from collections import Counter
from collections.abc import Iterator

from register.coding.attribution import Attribution
from register.disclosure import Dimension, Table
from register.disclosure.cube import Codes
from register.reporting import codelists as codes
from register.reporting import frozen_codes
from register.reporting.codelists import TOTAL, UNKNOWN
from register.reporting.extract import Death

Counted = list[tuple[Death, Attribution]]


def tabulated(counted: Counted, *, definition: str, periods: Dimension) -> Iterator[Table]:
    """By sex, by age, and by both at once."""
    ages, sexes, groups = (
        Dimension.flat(name, [one.code for one in known if one.code != TOTAL])
        for name, known in (
            ("age", codes.ages(codes.NDM_BANDS)),
            ("sex", codes.sexes()),
            ("group", frozen_codes.primary_codes()),
        )
    )
    rows = [
        (
            str(death.year),
            codes.band_of(death.age_known, codes.NDM_BANDS),
            death.sex,
            where.primary_group or UNKNOWN,
        )
        for death, where in counted
    ]
    by_sex: Counter[Codes] = Counter((year, sex, group) for year, _, sex, group in rows)
    yield Table("T4 sex", definition, (periods, sexes, groups), by_sex, "hierarchical", "group")
    by_age: Counter[Codes] = Counter((year, age, group) for year, age, _, group in rows)
    yield Table("T4 age", definition, (periods, ages, groups), by_age, "hierarchical", "group")
    both: Counter[Codes] = Counter(rows)
    people = (periods, ages, sexes, groups)
    yield Table("T4 people", definition, people, both, "hierarchical", "group", printed=False)

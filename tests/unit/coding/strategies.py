"""Facts of deaths at random, for the properties of the coding room."""

from hypothesis import strategies as st

from register.coding.facts import CERTAINTIES, INCLUSIONS, INTENTS, ORIGINS, RELATIONS, ROLES, CaseFacts, Contributor
from tests.unit.coding.cases import CATALOGUE

T_LIST = (*(f"T40.{digit}" for digit in range(10)), "T43.6")
T_OTHER = ("T39.1", "T41.2", "T42.4", "T43.0", "T43.5", "T44.7", "T50.9", "T51.0", "T58", "T65.8")
CAUSES = (code for code, row in CATALOGUE.icd10.items() if row.kind != "poisoning_nature")
UCODS = (*CAUSES, "I46.9", "V89.2", "F32")

substances = st.sampled_from(sorted(CATALOGUE.substances))
origins = st.sampled_from((None, *ORIGINS))
certainties = st.sampled_from((None, *CERTAINTIES))


def contributors(
    roles: tuple[str | None, ...] = ROLES, *, at_least: int = 0
) -> st.SearchStrategy[tuple[Contributor, ...]]:
    """Up to five different substances with any of the roles."""
    row = st.builds(Contributor, substances, st.sampled_from(roles), origins, certainties)
    return st.lists(row, min_size=at_least, max_size=5, unique_by=lambda row: row.code).map(tuple)


def deaths(
    *,
    roles: tuple[str | None, ...] = (*ROLES, None),
    coded: bool | None = None,
    at_least: int = 0,
) -> st.SearchStrategy[CaseFacts]:
    """Any death; ``coded`` True gives it ICD-10 codes, False gives it none."""
    codes = st.sampled_from(UCODS)
    t_codes = st.lists(st.sampled_from((*T_LIST, *T_OTHER)), max_size=3, unique=True).map(tuple)
    return st.builds(
        CaseFacts,
        intent=st.sampled_from((None, *INTENTS)),
        relation=st.sampled_from((None, *RELATIONS)),
        inclusion=st.sampled_from((None, *INCLUSIONS)),
        substances=contributors(roles, at_least=at_least),
        ucod={True: codes, False: st.none(), None: st.none() | codes}[coded],
        t_codes=st.just(()) if coded is False else t_codes,
        death_in_netherlands=st.sampled_from((True, False, None)),
        disorder=st.booleans(),
        as_prescribed=st.booleans(),
    )

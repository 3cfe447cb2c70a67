"""Facts of deaths for the tests of the coding room, short enough to read in a table."""

from register.coding import catalogue
from register.coding.facts import CaseFacts, Contributor

CATALOGUE = catalogue.load()


def rows(text: str) -> tuple[Contributor, ...]:
    """``heroin:joint_cause oxycodone:sole_cause:prescribed`` as contributors; a role of ``-`` is not set."""
    return tuple(_row(*entry.split(":")) for entry in text.split())


def _row(code: str, role: str = "joint_cause", origin: str | None = None, certainty: str | None = None) -> Contributor:
    return Contributor(code, None if role == "-" else role, origin or None, certainty)


def death(
    substances: str = "",
    *,
    intent: str | None = "accident",
    relation: str | None = "direct",
    inclusion: str | None = "confirmed",
    ucod: str | None = None,
    t_codes: str = "",
    death_in_netherlands: bool | None = True,
    intent_provisional: bool = False,
    disorder: bool = False,
    as_prescribed: bool = False,
) -> CaseFacts:
    """A direct, confirmed, accidental death unless said otherwise."""
    return CaseFacts(
        intent,
        relation,
        inclusion,
        rows(substances),
        ucod,
        tuple(t_codes.split()),
        death_in_netherlands,
        intent_provisional,
        disorder,
        as_prescribed,
    )

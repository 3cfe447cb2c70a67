"""The worklists that a person keeps for themselves, and the columns they want to see. No word of a case."""

from collections.abc import Sequence
from uuid import UUID

from register.casework.errors import InvalidError, NotFoundError
from register.models import Region, SavedList, Substance, User
from register.quality.problems import Problem

MOST, LONGEST_NAME = 12, 60
NAME_NEEDED = Problem("Geef de lijst een naam.", "Give the list a name.")
NAME_TOO_LONG = Problem(f"Houd de naam onder {LONGEST_NAME} tekens.", f"Keep the name below {LONGEST_NAME} characters.")
NAME_TAKEN = Problem("U hebt al een lijst met deze naam.", "You have a list with this name already.")
TOO_MANY = Problem(
    f"U hebt al {MOST} lijsten. Haal er eerst een weg.", f"You have {MOST} lists already. Take one away first."
)
UNKNOWN_REGION = Problem("Kies een GGD-regio uit de lijst.", "Choose a GGD region from the list.")
UNKNOWN_SUBSTANCE = Problem("Kies een middel uit de lijst.", "Choose a substance from the list.")


def of(owner: User) -> list[SavedList]:
    """The lists of this person, by name."""
    return list(SavedList.objects.filter(owner=owner).order_by("name"))


def regions() -> tuple[tuple[str, str], ...]:
    """The regions that exist, by name."""
    return tuple(Region.objects.filter(valid_to=None).order_by("name").values_list("code", "name"))


def keep(
    *, name: str, base: str = "", region: str = "", substance: str = "", assigned: str = "", owner: User
) -> SavedList:
    """Keep a list. InvalidError says by field what is wrong."""
    words = " ".join(name.split())
    mine = of(owner)
    problems: dict[str, Problem] = {}
    if not words or not words.isprintable():
        problems["name"] = NAME_NEEDED
    elif len(words) > LONGEST_NAME:
        problems["name"] = NAME_TOO_LONG
    elif words.casefold() in {one.name.casefold() for one in mine}:
        problems["name"] = NAME_TAKEN
    elif len(mine) >= MOST:
        problems["name"] = TOO_MANY
    if region and region not in dict(regions()):
        problems["region"] = UNKNOWN_REGION
    if substance and not (substance.isprintable() and Substance.objects.filter(pk=substance).exists()):
        problems["substance"] = UNKNOWN_SUBSTANCE
    if problems:
        raise InvalidError(problems)
    return SavedList.objects.create(
        owner=owner,
        name=words,
        base=base,
        region_id=region or None,
        substance_id=substance or None,
        assigned=assigned if assigned in SavedList.Assigned.values else "",
    )


def drop(*, list_id: UUID | str, owner: User) -> None:
    """Take a list of one's own away. NotFoundError when there is none."""
    deleted, _ = SavedList.objects.filter(pk=list_id, owner=owner).delete()
    if not deleted:
        raise NotFoundError


def choose_columns(*, columns: Sequence[str], of_all: Sequence[str], letter_keys: bool, owner: User) -> None:
    """Keep which columns this person wants to see, in their order, and whether letters walk through the lists.

    All columns is the usual choice.
    """
    chosen = [name for name in of_all if name in columns]
    owner.worklist_columns = "" if chosen == list(of_all) else " ".join(chosen) or "-"
    owner.letter_keys = letter_keys
    owner.save(update_fields=["worklist_columns", "letter_keys"])

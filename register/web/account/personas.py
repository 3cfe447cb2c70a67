"""The made-up people of a demonstration register, who sign in with one press of a button."""

from typing import Any

from django.contrib.auth import get_user_model

# Nobody else can be chosen, also when a real account stands in the same database.
PERSONAS = (
    "arts.amsterdam",
    "arts.rotterdam",
    "ggd.hoofd",
    "lab.invoer",
    "register.jansen",
    "register.devries",
    "panel.bakker",
    "panel.visser",
    "stoffen.beheer",
    "ndm.statisticus",
    "euda.rapporteur",
    "ews.analist",
    "beheer",
    "privacy",
)


def present() -> list[Any]:
    """The personas that exist here and may sign in, in the order of the table."""
    found = get_user_model().objects.filter(username__in=PERSONAS, is_active=True).select_related("region")
    return sorted(found, key=lambda person: PERSONAS.index(person.get_username()))


def named(username: str) -> Any | None:
    """The persona with this name, or None."""
    return next((person for person in present() if person.get_username() == username), None)

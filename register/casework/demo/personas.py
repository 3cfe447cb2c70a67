"""The made-up people of the demonstration. Their accounts exist nowhere else."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

from register.models import User
from register.workflow.roles import Role


@dataclass(frozen=True, slots=True)
class Persona:
    """One made-up user; ``region`` is the code of a GGD region or empty."""

    username: str
    first_name: str
    last_name: str
    role: Role
    region: str = ""


# A name that nobody can register: mail of a demonstration reaches nobody.
MAILBOXES = "register.example"
PERSONAS = (
    Persona("arts.amsterdam", "Anouk", "Amstel", Role.PHYSICIAN, "GG3406"),
    Persona("arts.rotterdam", "Ruben", "Rotte", Role.PHYSICIAN, "GG4607"),
    Persona("ggd.hoofd", "Hanna", "Hoofdweg", Role.COORDINATOR, "GG3406"),
    Persona("register.jansen", "Joost", "Jansen", Role.REGISTER_STAFF),
    Persona("register.devries", "Diewertje", "de Vries", Role.REGISTER_STAFF),
    Persona("panel.bakker", "Bea", "Bakker", Role.PANEL_MEMBER),
    Persona("panel.visser", "Victor", "Visser", Role.PANEL_MEMBER),
    Persona("stoffen.beheer", "Stijn", "Stof", Role.CATALOGUE_STEWARD),
    Persona("ndm.statisticus", "Nadia", "Monitor", Role.STATISTICIAN),
    Persona("beheer", "Bas", "Beheer", Role.ADMIN),
    Persona("privacy", "Pien", "Privacy", Role.AUDITOR),
)


def password() -> str:
    """The one password of all personas: it differs between installations and can be computed again."""
    return salted_hmac("register.demo.personas", "password", secret=settings.SECRET_KEY).hexdigest()[:16]


def create() -> dict[str, User]:
    """Make the personas that do not exist yet; an existing one is left as it is."""
    word = password()
    people = {}
    for persona in PERSONAS:
        user, created = User.objects.get_or_create(
            username=persona.username,
            defaults={
                "first_name": persona.first_name,
                "last_name": persona.last_name,
                "email": f"{persona.username}@{MAILBOXES}",
                "role": persona.role.value,
                "region_id": persona.region or None,
                "forensic_service_id": f"FD-{persona.region}" if persona.region else None,
                "is_staff": persona.role is Role.ADMIN,
            },
        )
        if created:
            user.set_password(word)
            user.save(update_fields=["password"])
        people[persona.username] = user
    return people


def strangers() -> int:
    """How many users are no persona: with even one, this is somebody's register."""
    return User.objects.exclude(username__in=[persona.username for persona in PERSONAS]).count()

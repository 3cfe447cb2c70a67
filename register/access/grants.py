"""What an account is given: a role, the region and service that go with it, and the day on which it ends."""

from dataclasses import dataclass
from datetime import date

from register.access.errors import Fault
from register.access.permission import REGIONAL
from register.models import ForensicService, Region
from register.workflow.roles import Role

Pair = tuple[str, str]

LONGEST_REASON = 500

UNKNOWN_ROLE = Fault("role", "Kies een rol uit de lijst.", "Choose a role from the list.")
UNKNOWN_REGION = Fault("region", "Kies een GGD-regio uit de lijst.", "Choose a GGD region from the list.")
REGION_NEEDED = Fault(
    "region", "Kies de GGD-regio waarvoor deze rol werkt.", "Choose the GGD region for which this role works."
)
NO_REGION = Fault(
    "region",
    "Deze rol werkt voor het hele land: laat de GGD-regio leeg.",
    "This role works for the whole country: leave the GGD region empty.",
)
SERVICE_ELSEWHERE = Fault(
    "forensic_service",
    "Kies een forensische dienst van de gekozen regio.",
    "Choose a forensic service of the chosen region.",
)
SERVICE_NEEDED = Fault(
    "forensic_service",
    "Deze regio heeft meer dan één forensische dienst: kies er een.",
    "This region has more than one forensic service: choose one.",
)
NO_SERVICE = Fault(
    "forensic_service",
    "Alleen een forensisch arts hoort bij een forensische dienst: laat dit leeg.",
    "Only a forensic physician belongs to a forensic service: leave this empty.",
)
ENDS_IN_THE_PAST = Fault(
    "ends_on", "Deze einddatum is al voorbij. Kies vandaag of later.", "This end date is over. Choose today or later."
)
REASON_NEEDED = Fault("reason", "Schrijf op waarom u dit doet.", "Write down why you do this.")
REASON_TOO_LONG = Fault(
    "reason",
    f"Houd de reden onder {LONGEST_REASON} tekens.",
    f"Keep the reason below {LONGEST_REASON} characters.",
)
REASON_HIDDEN = Fault(
    "reason",
    "De reden bevat een onzichtbaar teken. Typ haar opnieuw, op één regel.",
    "The reason holds an invisible character. Type it again, on one line.",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What was asked for; codes are empty when nothing was chosen, ``ends_on`` is None for an account without end."""

    role: str
    region: str = ""
    service: str = ""
    ends_on: date | None = None


def settled(grant: Grant, *, today: date, kept_until: date | None = None) -> Grant | list[Fault]:
    """The grant with the service of its region filled in, or everything that is wrong with it.

    ``kept_until`` is the end date that the account has already: one in the past may stay as it is.
    """
    over = grant.ends_on is not None and grant.ends_on < today and grant.ends_on != kept_until
    faults = [ENDS_IN_THE_PAST] if over else []
    if grant.role not in {role.value for role in Role}:
        return [UNKNOWN_ROLE, *faults]
    role = Role(grant.role)
    if fault := _region_fault(role, grant.region):
        return [fault, *faults]
    service = _service(role, grant)
    if isinstance(service, Fault):
        return [service, *faults]
    return faults or Grant(grant.role, grant.region, service, grant.ends_on)


def reason_faults(reason: str) -> list[Fault]:
    """What is wrong with the reason of an administrator."""
    if not reason.strip():
        return [REASON_NEEDED]
    if not reason.isprintable():
        return [REASON_HIDDEN]
    return [REASON_TOO_LONG] if len(reason) > LONGEST_REASON else []


def readable(reason: str) -> str:
    """The reason as the trail keeps it; empty when it is refused, because a NUL byte cannot even be told."""
    return "" if reason_faults(reason) else reason.strip()


def regions() -> tuple[Pair, ...]:
    """The GGD regions that exist, by name: code and name."""
    return tuple(Region.objects.filter(valid_to=None).order_by("name").values_list("code", "name"))


def services() -> tuple[Pair, ...]:
    """The forensic services at work, by name: code and name."""
    return tuple(ForensicService.objects.filter(active=True).order_by("name").values_list("code", "name"))


def _region_fault(role: Role, region: str) -> Fault | None:
    if role not in REGIONAL:
        return NO_REGION if region else None
    if not region:
        return REGION_NEEDED
    return None if region.isprintable() and Region.objects.filter(pk=region).exists() else UNKNOWN_REGION


def _service(role: Role, grant: Grant) -> str | Fault:
    """The service that goes with the grant: chosen, or the only one of the region; none but for a physician."""
    if role is not Role.PHYSICIAN:
        return NO_SERVICE if grant.service else ""
    offered = ForensicService.objects.filter(region_id=grant.region, active=True).values_list("pk", flat=True)
    codes = list(offered)
    if grant.service:
        return grant.service if grant.service in codes else SERVICE_ELSEWHERE
    return codes[0] if len(codes) == 1 else SERVICE_NEEDED

"""Emergency access: somebody reads one case of another region for an hour, with a reason, and everybody hears of it.

What it opens and until when the database decides, at each statement anew (migration 0026); here stands who may ask,
what is answered, and who may end it (ADR 0060).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from register.access import emergency_mail, limits
from register.access.door import cases_for
from register.access.errors import Fault, InvalidError, NotFoundError, refuse_unless
from register.access.permission import may
from register.audit import Event, acting_as, log_access, look_under, opened_case
from register.models import Case, EmergencyAccess, User
from register.quality import value_sets
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

ACTOR = emergency_mail.ACTOR
REASONS = "VS-EMERGENCY"
LEAST_TEXT, LONGEST_TEXT, LONGEST_NUMBER = 10, 500, 20
# So long somebody hears that an access is over; afterwards the case is as unknown to them as any other.
REMEMBERED = timedelta(days=1)
# So long a page lists what was opened.
LISTED = timedelta(days=30)

NUMBER_NEEDED = Fault(
    "number", "Vul een zaaknummer in, zoals 2026-000418.", "Fill in a case number, such as 2026-000418."
)
REASON_NEEDED = Fault("reason_code", "Kies waarom u de zaak nodig hebt.", "Choose why you need the case.")
TEXT_NEEDED = Fault(
    "text",
    f"Schrijf in ten minste {LEAST_TEXT} tekens waarom u de zaak nodig hebt.",
    f"Write in at least {LEAST_TEXT} characters why you need the case.",
)
TEXT_TOO_LONG = Fault(
    "text", f"Schrijf ten hoogste {LONGEST_TEXT} tekens.", f"Write at most {LONGEST_TEXT} characters."
)
TEXT_HIDDEN = Fault(
    "text",
    "De toelichting bevat een onzichtbaar teken. Typ haar opnieuw.",
    "The text holds an invisible character. Type it again.",
)
UNKNOWN = Fault(
    "number",
    "Er is geen zaak met dit nummer die u zo kunt inzien. Controleer het nummer. Deze poging is vastgelegd.",
    "There is no case with this number that you can see this way. Check the number. This attempt was noted.",
)
OWN_REGION = Fault(
    "number",
    "Deze zaak is van uw eigen regio: u vindt haar bij Mijn zaken.",
    "This case belongs to your own region: you find it under My cases.",
)
OPEN_ALREADY = Fault(
    "number",
    "Deze zaak staat al voor u open. U kunt opnieuw vragen als die toegang voorbij is.",
    "This case is open to you already. You can ask again when that access is over.",
)
TOO_MANY = Fault(
    "number",
    "U hebt in een uur vijf keer om een zaak gevraagd. Probeer het later, of bel het register.",
    "You asked for a case five times in one hour. Try again later, or call the register.",
)


class OverError(Exception):
    """The emergency access of this person to this case is over."""

    code = "emergency_over"

    def __init__(self, access: EmergencyAccess) -> None:
        super().__init__("The emergency access is over.")
        self.access = access


def faults_of(*, number: str, reason_code: str, text: str, today: date) -> list[Fault]:
    """What is wrong with what somebody filled in, before the register is asked whether there is such a case."""
    faults = [] if number.strip() else [NUMBER_NEEDED]
    if reason_code not in {value.code for value in reasons(today)}:
        faults.append(REASON_NEEDED)
    words = text.strip()
    if len(words) < LEAST_TEXT:
        faults.append(TEXT_NEEDED)
    elif len(words) > LONGEST_TEXT:
        faults.append(TEXT_TOO_LONG)
    elif not all(character.isprintable() or character in "\r\n\t" for character in words):
        faults.append(TEXT_HIDDEN)
    return faults


def reasons(today: date) -> Sequence[value_sets.Value]:
    """The reasons that can be chosen on this day."""
    return [value for value in value_sets.values(REASONS) if value.valid_on(today)]


def ask(*, number: str, reason_code: str, text: str, by: User) -> EmergencyAccess:
    """Open the case with this number to ``by`` for an hour. Each asking counts, also one that opens nothing.

    :raises InvalidError: with a fault at each field that cannot be.
    :raises RefusedError: when ``by`` may not.
    """
    refuse_unless(may(by, Verb.OPEN_ELSEWHERE))
    faults = faults_of(number=number, reason_code=reason_code, text=text, today=timezone.localdate())
    if faults:
        raise InvalidError(faults)
    # A try is used up for good, whatever comes after it.
    if not limits.take(limits.EMERGENCIES_OF_PERSON, str(by.pk)):
        raise InvalidError([TOO_MANY])
    found = _found(number.strip(), by)
    with acting_as(by, doing=Verb.OPEN_ELSEWHERE):
        access = _opened(found, reason_code, text.strip(), by)
        look_under(access.pk)  # what it begins with is noted like what follows
        about, policy = {"reason": reason_code}, Verb.OPEN_ELSEWHERE.value
        log_access(Event.EMERGENCY_OPEN, objects=[access.case_id], filters=about, policy=policy)
        emergency_mail.announce(access)
    return access


def end(*, access_id: UUID, by: User) -> bool:
    """End an access early: whoever asked for it, the register, or the privacy officer. False when it was over.

    :raises NotFoundError: when there is none, or ``by`` may not know of it.
    :raises RefusedError: when it is not theirs to end.
    """
    with acting_as(by, doing=Verb.END_EMERGENCY):
        access = EmergencyAccess.objects.filter(pk=access_id).first()
        if access is None:
            raise NotFoundError
        if access.person_id != by.pk:
            refuse_unless(may(by, Verb.END_EMERGENCY))
        running = EmergencyAccess.objects.filter(pk=access_id, ended_at__isnull=True, expires_at__gt=Now())
        ended = bool(running.update(ended_at=Now(), ended_by=by))
        if ended:
            about = {"grant": str(access_id)}
            policy = Verb.END_EMERGENCY.value
            log_access(Event.EMERGENCY_CLOSE, objects=[access.case_id], filters=about, policy=policy)
    return ended


def latest(*, case_id: UUID, by: User, now: datetime) -> EmergencyAccess | None:
    """The emergency access that ``by`` has to this case, or lately had."""
    if not may(by, Verb.OPEN_ELSEWHERE):
        return None
    lately = EmergencyAccess.objects.filter(person=by, case_id=case_id, granted_at__gt=now - REMEMBERED)
    return lately.order_by("-granted_at").first()


def enter(access: EmergencyAccess) -> None:
    """Go on under this access: to the end of the request the session reads its case too, and every look says how.

    :raises OverError: when it is over.
    """
    look_under(access.pk)
    require_open(access)


def require_open(access: EmergencyAccess) -> None:
    """Go on while the access of this session opens its case; OverError when it does no more."""
    if opened_case() != access.case_id:
        raise OverError(EmergencyAccess.objects.get(pk=access.pk))


def cases_under(access: EmergencyAccess) -> QuerySet[Case]:
    """The one case of an access, while the session looks under it."""
    return Case.objects.filter(pk=access.case_id)


def of_person(user: User, *, now: datetime) -> list[EmergencyAccess]:
    """What this person opened lately, the newest first."""
    return list(_lately(now).filter(person=user))


def of_others(user: User, *, now: datetime) -> list[EmergencyAccess]:
    """What others opened lately of the cases that this person answers for: of their region, or of the country."""
    if not may(user, Verb.SEE_EMERGENCIES):
        return []
    mine = Q(region_id=user.region_id) if user.region_id else Q()
    return list(_lately(now).filter(mine).exclude(person=user))


def _lately(now: datetime) -> QuerySet[EmergencyAccess]:
    rows = EmergencyAccess.objects.filter(granted_at__gt=now - LISTED).order_by("-granted_at")
    return rows.select_related("person", "person_region", "ended_by")


def _found(number: str, by: User) -> tuple[UUID, str, str]:
    """Key, number and region of the case that was asked for. What is not there is answered like what is not for them:
    a draft, and a case of the own region that they do not see."""
    if not number.isprintable() or len(number) > LONGEST_NUMBER:
        raise InvalidError([UNKNOWN])
    with acting_as(by):
        own = cases_for(by).filter(case_number=number).exists()
    if own:
        raise InvalidError([OWN_REGION])
    with acting_as(ACTOR):
        handed_in = Case.objects.filter(case_number=number).exclude(status=CaseState.DRAFT)
        found = handed_in.exclude(region_id=by.region_id).values_list("pk", "case_number", "region_id").first()
    if found is None:
        raise InvalidError([UNKNOWN])
    return found


def _opened(case: tuple[UUID, str, str], reason_code: str, text: str, by: User) -> EmergencyAccess:
    """The row, with the moments that the database gave it."""
    key, number, region = case
    now = timezone.now()
    access = EmergencyAccess(
        case_id=key,
        case_number=number,
        region_id=region,
        person=by,
        person_role=by.role,
        person_region_id=by.region_id or "",
        person_epoch=by.session_epoch,
        reason_code=reason_code,
        text=text,
        granted_at=now,
        expires_at=now + EmergencyAccess.LASTS,
    )
    try:
        with transaction.atomic():
            access.save(force_insert=True)
    except IntegrityError:
        raise InvalidError([OPEN_ALREADY]) from None
    access.refresh_from_db()
    return access

"""What each emergency access turned out to be: the privacy officer says so within five working days, with a name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from register.access import emergency_mail
from register.access.log_review import LONGEST_NOTE, NOTE_MISSING, NOTE_TOO_LONG, OUTCOME_MISSING, OUTCOMES
from register.access.permission import Refused, may
from register.audit import Event, acting_as, log_access, reading
from register.audit.reading import Look
from register.models import EmergencyAccess, User
from register.workflow.verbs import Verb

WITHIN = 5  # working days
SATURDAY = 5
# So long an access with an outcome stays on the list; one without stays until it has one.
SHOWN = timedelta(days=90)
MOST = 100

STILL_OPEN = Refused(
    "still_open",
    "Deze noodtoegang loopt nog. Beëindig haar eerst, of wacht tot zij voorbij is.",
    "This emergency access is still open. End it first, or wait until it is over.",
)
OWN_ACCESS = Refused(
    "own_report",
    "Deze noodtoegang was van uzelf; een ander beoordeelt haar.",
    "This emergency access was your own; somebody else reviews it.",
)
REVIEWED_ALREADY = Refused(
    "reviewed_already",
    "Een ander schreef intussen op wat deze noodtoegang bleek te zijn. Wat u typte, staat er nog.",
    "Somebody else wrote down meanwhile what this emergency access turned out to be. What you typed is still here.",
)
UNKNOWN_ACCESS = Refused("unknown", "Deze noodtoegang is er niet.", "There is no such emergency access.")


@dataclass(frozen=True, slots=True)
class Line:
    """One access with what was looked at under it.

    ``time`` counts how often this person has opened this case by now. ``due`` is the last day for an outcome.
    """

    access: EmergencyAccess
    looks: list[Look]
    time: int
    due: date
    overdue: bool
    over: bool


def due_on(granted: date) -> date:
    """The fifth working day after this one, Monday to Friday; holidays are counted as working days."""
    day, left = granted, WITHIN
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day


def worklist(*, now: datetime) -> list[Line]:
    """Every access without an outcome, the oldest first, then those of the last ninety days that have one."""
    wanted = Q(reviewed_at=None) | Q(granted_at__gt=now - SHOWN)
    related = ("person", "person_region", "region", "ended_by", "reviewed_by")
    found = EmergencyAccess.objects.filter(wanted).select_related(*related)
    waiting = sorted((one for one in found if one.reviewed_at is None), key=lambda one: one.granted_at)
    settled = sorted((one for one in found if one.reviewed_at), key=lambda one: one.granted_at, reverse=True)
    shown = [*waiting, *settled][:MOST]
    looks = reading.looks_under([(one.pk, one.case_id, str(one.person_id)) for one in shown])
    times = _times(shown)
    return [_line(one, looks.get(one.pk, []), times[one.pk], now) for one in shown]


def count_waiting() -> int:
    """How many wait for an outcome."""
    return EmergencyAccess.objects.filter(reviewed_at=None).count()


def review(*, access_id: UUID, outcome: str, note: str, by: User) -> EmergencyAccess | Refused:
    """Write down, once, what an access turned out to be."""
    verdict = may(by, Verb.REVIEW_EMERGENCY)
    if isinstance(verdict, Refused):
        return verdict
    words = note.strip()
    with acting_as(by, doing=Verb.REVIEW_EMERGENCY):
        access = EmergencyAccess.objects.filter(pk=access_id).first()
        if access is None:
            return UNKNOWN_ACCESS
        refused = _refused(access, outcome, words, by)
        if refused is not None:
            return refused
        waits = EmergencyAccess.objects.filter(pk=access_id, reviewed_at__isnull=True)
        if not waits.update(outcome=outcome, note=words, reviewed_at=Now(), reviewed_by=by):
            return REVIEWED_ALREADY
        about = {"grant": str(access_id), "outcome": outcome}
        log_access(Event.EMERGENCY_REVIEW, objects=[access.case_id], filters=about, policy=Verb.REVIEW_EMERGENCY.value)
        access.refresh_from_db()
    return access


def round_of(*, now: datetime) -> None:
    """Escalate what had no outcome in time. The key of a message makes it go once, whenever the worker runs."""
    today = timezone.localdate(now)
    with acting_as(emergency_mail.ACTOR):
        for access in EmergencyAccess.objects.filter(reviewed_at=None, granted_at__lt=now - timedelta(days=WITHIN)):
            if due_on(timezone.localdate(access.granted_at)) < today:
                emergency_mail.escalate(access)


def _refused(access: EmergencyAccess, outcome: str, words: str, by: User) -> Refused | None:
    if access.person_id == by.pk:
        return OWN_ACCESS
    if access.reviewed_at is not None:
        return REVIEWED_ALREADY
    if not access.is_over(timezone.now()):
        return STILL_OPEN
    if outcome not in OUTCOMES:
        return OUTCOME_MISSING
    if not words:
        return NOTE_MISSING
    return NOTE_TOO_LONG if len(words) > LONGEST_NOTE else None


def _times(shown: Iterable[EmergencyAccess]) -> dict[UUID, int]:
    """Of each access, how many this person had of this case up to and including it."""
    people = {one.person_id for one in shown}
    rows = EmergencyAccess.objects.filter(person__in=people).order_by("granted_at")
    counted: Counter[tuple[UUID, UUID]] = Counter()
    times = {}
    for key, person, case in rows.values_list("pk", "person_id", "case_id"):
        counted[person, case] += 1
        times[key] = counted[person, case]
    return times


def _line(access: EmergencyAccess, looks: list[Look], time: int, now: datetime) -> Line:
    due = due_on(timezone.localdate(access.granted_at))
    overdue = access.reviewed_at is None and due < timezone.localdate(now)
    return Line(access, looks, time, due, overdue, access.is_over(now))

"""How the work stands: what waits, what is parked, what was done today, and what is stuck since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from register.models import OutboxMessage
from register.outbox.heartbeat import Program, Pulse, pulses

# Longer than the longest task may take.
LATE_AFTER = timedelta(minutes=15)
PROGRAMS = {Program.WORKER: "The worker", Program.CLOCK: "The clock of the worker"}


@dataclass(frozen=True, slots=True)
class Stuck:
    """Work that is parked, or that nobody has done a quarter of an hour after it was due. ``reason``: kind of error."""

    id: UUID
    task: str
    since: datetime
    attempts: int
    parked: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The work at one moment."""

    waiting: int
    parked: int
    done_today: int
    stuck: tuple[Stuck, ...]
    pulses: tuple[Pulse, ...]

    @property
    def sound(self) -> bool:
        return not self.stuck and not any(pulse.silent for pulse in self.pulses)


def stuck(*, now: datetime) -> QuerySet[OutboxMessage]:
    """Messages that are parked or late, the oldest first."""
    late = Q(parked_at__isnull=False) | Q(available_at__lt=now - LATE_AFTER)
    return OutboxMessage.objects.filter(late, done_at__isnull=True).order_by("created_at")


def standing(*, now: datetime) -> Standing:
    """How the work stands."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    numbers = OutboxMessage.objects.aggregate(
        waiting=Count("pk", filter=Q(done_at__isnull=True, parked_at__isnull=True)),
        parked=Count("pk", filter=Q(done_at__isnull=True, parked_at__isnull=False)),
        done_today=Count("pk", filter=Q(done_at__gte=midnight)),
    )
    return Standing(
        **numbers,
        stuck=tuple(_stuck(message) for message in stuck(now=now)),
        pulses=tuple(pulses(now=now)),
    )


def complaints(found: Standing) -> list[str]:
    """A sentence for everything that is stuck or silent; none when the work goes as it should."""
    silent = [_silence(pulse) for pulse in found.pulses if pulse.silent]
    return silent + [_complaint(each) for each in found.stuck]


def _stuck(message: OutboxMessage) -> Stuck:
    return Stuck(
        id=message.pk,
        task=message.task,
        since=message.parked_at or message.available_at,
        attempts=message.attempts,
        parked=message.parked_at is not None,
        reason=message.last_error,
    )


def _silence(pulse: Pulse) -> str:
    if pulse.at is None:
        return f"{PROGRAMS[pulse.program]} was never heard: start it."
    return f"{PROGRAMS[pulse.program]} was last heard at {_moment(pulse.at)}: see whether it runs."


def _complaint(each: Stuck) -> str:
    why = f" ({each.reason})" if each.reason else ""
    if each.parked:
        return (
            f"{each.task} ({each.id}) is parked since {_moment(each.since)} after {each.attempts} tries{why}: "
            "mend the cause, then run `manage.py relay_outbox --parked`."
        )
    return f"{each.task} ({each.id}) waits since {_moment(each.since)} and was tried {each.attempts} times{why}."


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"

"""Signs of life: the worker and its clock each leave one row, brought up to date every minute.

The clock leaves its row when it rings, the worker when it hears the bell through the broker. So a worker that lives
but takes no work any more is found out too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models.functions import Now

from register.models import Heartbeat

SILENT_AFTER = timedelta(minutes=3)


class Program(StrEnum):
    """Who leaves signs of life."""

    WORKER = "worker"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Pulse:
    """When a program was last heard, or never."""

    program: Program
    at: datetime | None
    silent: bool


def beat(program: Program) -> None:
    """This program works now, by the clock of the database."""
    Heartbeat.objects.update_or_create(name=program.value, defaults={"at": Now()})


def pulses(*, now: datetime) -> list[Pulse]:
    """The last sign of each program; more than three minutes ago is silent."""
    heard: dict[str, datetime] = dict(Heartbeat.objects.values_list("name", "at"))
    return [_pulse(program, heard.get(program.value), now) for program in Program]


def _pulse(program: Program, at: datetime | None, now: datetime) -> Pulse:
    return Pulse(program, at, silent=at is None or at < now - SILENT_AFTER)

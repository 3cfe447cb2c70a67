"""After a rule got another severity: which cases in review can be closed now.

The worker looks at each of them again, in batches, because one who sets a rule meets no case. A batch is whole or not
there at all, so a killed worker costs the batch that it was at.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone

from register import outbox
from register.audit import Event, acting_as, log_access
from register.casework import reference
from register.casework.dossier import load, store
from register.casework.review_marks import follow_closing
from register.models import Case, ConfigurationChange, OutboxMessage
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

ACTOR = "system:settings"
TASK = "register.follow_settings"
BATCH = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How many parts of the work are done. ``parts`` is 0 until the worker began; ``parked``: it failed too often."""

    done: int
    parts: int
    parked: bool


def ask(change: ConfigurationChange, *, today: date) -> None:
    """Have the cases in review looked at again when this transaction commits, or on the day on which it holds."""
    comes = change.holds_from > today
    begins = timezone.make_aware(datetime.combine(change.holds_from, time.min)) if comes else None
    _go_on(change.pk, done=0, parts=0, after="", not_before=begins)


def follow(*, change_id: UUID, after: str, done: int, parts: int, trace: UUID | None = None) -> int:
    """Look again at one batch of the cases in review behind the key ``after``, and ask for the next; how many cases.

    Only those that can be closed now and could not before, or the other way about, are written.
    """
    change = ConfigurationChange.objects.get(pk=change_id)
    with acting_as(ACTOR, doing=Verb.SET_RULES, reason=change.reason, trace=trace):
        waiting = Case.objects.filter(status=CaseState.IN_REVIEW).order_by("pk")
        parts = parts or -(-waiting.count() // BATCH)
        behind = waiting.filter(pk__gt=after) if after else waiting
        locked = [row.pk for row in behind.select_for_update(of=("self",)).only("pk")[:BATCH]]
        dossiers, current, now = load(waiting.filter(pk__in=locked)), reference.current(), timezone.now()
        for dossier in dossiers:
            # None counted: ``follow_closing`` leaves pairs aside, and so nobody need ask for them here.
            dossier.reference, dossier.open_pairs = current, 0
            follow_closing(dossier, now=now)
        changed = [dossier for dossier in dossiers if dossier.changed]
        store(changed)
        if changed:
            log_access(Event.CASE_UPDATE, objects=[dossier.case.pk for dossier in changed])
        if len(locked) == BATCH:
            _go_on(change_id, done=done + 1, parts=parts, after=str(locked[-1]))
    return len(locked)


def progress() -> Progress | None:
    """How far the work is that was asked for last; None when nothing is left to do yet."""
    due = OutboxMessage.objects.filter(task=TASK, done_at=None, available_at__lte=Now())
    left = due.order_by("-created_at").first()
    if left is None:
        return None
    return Progress(int(left.payload["done"]), int(left.payload["parts"]), left.parked_at is not None)


def _go_on(change_id: UUID, *, done: int, parts: int, after: str, not_before: datetime | None = None) -> None:
    outbox.enqueue(
        TASK,
        key=f"settings:{change_id}:{done}",
        not_before=not_before,
        change_id=str(change_id),
        after=after,
        done=str(done),
        parts=str(parts),
    )

"""Asking the worker for what a release needs next: a step of its build, the end of an embargo, telling of it."""

from datetime import datetime

from register.models import Release, WebhookDelivery
from register.outbox import enqueue

BUILD_TASK = "register.build_release"
APPEAR_TASK = "register.release_appears"
ANNOUNCE_TASK = "register.announce_release"


def ask_for_build(release: Release) -> None:
    """Ask for the next step of the build, once for each state in which the release stands."""
    enqueue(BUILD_TASK, key=f"{BUILD_TASK}:{release.pk}:{release.row_version}", release_id=str(release.pk))


def ask_for_appearance(release: Release, at: datetime) -> None:
    """Ask to replace the release before this one when the embargo ends."""
    enqueue(APPEAR_TASK, key=f"{APPEAR_TASK}:{release.pk}", not_before=at, release_id=str(release.pk))


def ask_to_announce(release: Release, kind: WebhookDelivery.Kind, *, now: datetime) -> None:
    """Ask to tell organisations that the release appeared or was retracted: now, or once its embargo has ended."""
    appears = release.published_at
    later = appears if appears and appears > now else None
    key = f"{ANNOUNCE_TASK}:{release.pk}:{kind.value}"
    enqueue(ANNOUNCE_TASK, key=key, not_before=later, release_id=str(release.pk), kind=kind.value)

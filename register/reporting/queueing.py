"""Asking the worker for what a release needs next: a step of its build, or the end of an embargo."""

from datetime import datetime

from register.models import Release
from register.outbox import enqueue

BUILD_TASK = "register.build_release"
APPEAR_TASK = "register.release_appears"


def ask_for_build(release: Release) -> None:
    """Ask for the next step of the build, once for each state in which the release stands."""
    enqueue(BUILD_TASK, key=f"{BUILD_TASK}:{release.pk}:{release.row_version}", release_id=str(release.pk))


def ask_for_appearance(release: Release, at: datetime) -> None:
    """Ask to replace the release before this one when the embargo ends."""
    enqueue(APPEAR_TASK, key=f"{APPEAR_TASK}:{release.pk}", not_before=at, release_id=str(release.pk))

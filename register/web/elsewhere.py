"""The door to a case of another region: open while an emergency access lasts, to look and for nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from register.access import Refused, emergency
from register.casework.errors import NotFoundError, RefusedError
from register.workflow.verbs import Verb

LOOKS = ("GET", "HEAD")
READ_ONLY = Refused(
    "emergency_reads_only",
    "Met noodtoegang leest u deze zaak alleen. Er is niets gewijzigd.",
    "With emergency access you only read this case. Nothing was changed.",
)


@contextmanager
def opened(request: HttpRequest, case_id: UUID, verb: Verb) -> Iterator[QuerySet[Any]]:
    """The case, while the person's emergency access opens it. ``request.emergency`` is what the banner shows.

    It is not found without one; a page that was in the making when the access ended is not shown, however it came out:
    what the database no longer gave might look as if it were not there.
    """
    person: Any = request.user
    access = emergency.latest(case_id=case_id, by=person, now=timezone.now())
    if access is None:
        raise NotFoundError
    request.notes.emergency = access.pk  # type: ignore[attr-defined]
    emergency.enter(access)
    request.emergency = access  # type: ignore[attr-defined]
    if verb != Verb.READ_CASE or request.method not in LOOKS:
        raise RefusedError.of(READ_ONLY)
    try:
        yield emergency.cases_under(access)
    except DatabaseError:
        raise
    except Exception:
        emergency.require_open(access)
        raise
    emergency.require_open(access)

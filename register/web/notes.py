"""What a request must leave in the access log, also when its transaction is rolled back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest

from register.audit import Event, log_access


@dataclass(frozen=True, slots=True)
class Note:
    """One look, or one refused try."""

    event: Event
    objects: tuple[UUID, ...]
    object_type: str
    outcome: str
    rows: int | None

    def store(self) -> None:
        log_access(self.event, object_type=self.object_type, objects=self.objects, outcome=self.outcome, rows=self.rows)


@dataclass(slots=True)
class Notes:
    """The notes of one request. They are stored at once, and stored again when the request is rolled back."""

    kept: list[Note] = field(default_factory=list)

    def store_again(self) -> None:
        for note in self.kept:
            note.store()


def looked(
    request: HttpRequest,
    event: Event,
    objects: Iterable[UUID] = (),
    *,
    object_type: str = "case",
    rows: int | None = None,
) -> None:
    """Note that the signed-in person looks at ``objects``. Call it before the page is made."""
    _note(request, Note(event, tuple(objects), object_type, "ok", rows))


def refused(request: HttpRequest, objects: Iterable[UUID] = (), *, object_type: str = "case") -> None:
    """Note that the signed-in person tried what is not allowed."""
    _note(request, Note(Event.DENIED, tuple(objects), object_type, "denied", None))


def _note(request: HttpRequest, note: Note) -> None:
    note.store()
    request.notes.kept.append(note)  # type: ignore[attr-defined]

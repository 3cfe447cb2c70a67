"""What a request must leave in the access log, also when its transaction is rolled back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from register.audit import Event, log_access, look_under

# Answers that hold nothing of what was asked for, with the code of why.
REFUSALS = {403: "forbidden", 404: "not_found", 405: "method"}
FAULT = 500
# What an address is about, by the key it carries.
KEYS = {"case_id": "case", "release_id": "release"}


@dataclass(frozen=True, slots=True)
class Note:
    """One look, or one refused try."""

    event: Event
    objects: tuple[UUID, ...]
    object_type: str = ""
    outcome: str = "ok"
    rows: int | None = None
    filters: Mapping[str, object] = field(default_factory=dict)
    detail: str = ""
    policy: str = ""

    def store(self) -> None:
        log_access(
            self.event,
            object_type=self.object_type,
            objects=self.objects,
            outcome=self.outcome,
            detail=self.detail,
            rows=self.rows,
            filters=self.filters,
            policy=self.policy,
        )


@dataclass(slots=True)
class Notes:
    """The notes of one request. They are stored at once, and stored again when the request is rolled back.

    ``policy`` is the verb that the door asked for last: the rule by which this person was let in or refused.
    ``emergency`` is the emergency access under which they look, if they do.
    """

    kept: list[Note] = field(default_factory=list)
    policy: str = ""
    emergency: UUID | None = None

    def store_again(self, request: HttpRequest, status: int) -> None:
        """Store what the rollback took away. A refusal is noted if it is not yet; a fault of ours showed nothing."""
        if self.emergency is not None:
            look_under(self.emergency)
        denied = any(note.event == Event.DENIED for note in self.kept)
        if status in REFUSALS and not denied:
            self.kept.append(_refusal(request, REFUSALS[status]))
        for note in self.kept:
            (replace(note, outcome="error") if status >= FAULT and note.outcome == "ok" else note).store()


def looked(
    request: HttpRequest,
    event: Event,
    objects: Iterable[UUID] = (),
    *,
    object_type: str = "",
    rows: int | None = None,
    filters: Mapping[str, object] | None = None,
) -> None:
    """Note that the signed-in person looks at ``objects``. Call it before the page is made.

    ``filters`` are coded choices; of words that somebody typed only the ``keyed_digest``.
    """
    _note(request, Note(event, tuple(objects), object_type, "ok", rows, filters or {}, policy=_policy(request)))


def refused(request: HttpRequest, detail: str) -> None:
    """Note that the signed-in person tried what is not allowed; ``detail`` is the code of why."""
    if request.user.is_authenticated:
        _note(request, _refusal(request, detail))


def _refusal(request: HttpRequest, detail: str) -> Note:
    about, objects = _named_by(request)
    return Note(Event.DENIED, objects, about, "denied", detail=detail, policy=_policy(request))


def _policy(request: HttpRequest) -> str:
    return str(request.notes.policy)  # type: ignore[attr-defined]


def _named_by(request: HttpRequest) -> tuple[str, tuple[UUID, ...]]:
    """What the address of this request names."""
    match = request.resolver_match
    keys: dict[str, Any] = match.kwargs if match else {}
    for name, about in KEYS.items():
        if name in keys:
            return about, (keys[name],)
    return "page", ()


def _note(request: HttpRequest, note: Note) -> None:
    request.notes.kept.append(note)  # type: ignore[attr-defined]
    note.store()

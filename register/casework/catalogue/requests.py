"""What the desk asks of the stewards: a substance that the catalogue does not hold, by name, and nothing of a case."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from register.access import may, substance_requests_for
from register.audit import acting_as, doing
from register.casework import unknown_names
from register.casework.catalogue import checks
from register.casework.errors import InvalidError, NotFoundError, RefusedError, refuse_unless
from register.models import Substance, SubstanceRequest, User
from register.quality.problems import Problem
from register.workflow.verbs import Verb

State = SubstanceRequest.State
LONGEST_NOTE = 300
NOTE_WRONG = Problem(f"Schrijf ten hoogste {LONGEST_NOTE} tekens.", f"Write at most {LONGEST_NOTE} characters.")
ASKED_ALREADY = Problem(
    "Om dit middel is al gevraagd; de stoffenbeheerder heeft nog niet geantwoord.",
    "This substance was asked for already; the steward has not answered yet.",
)
SETTLED = (
    "substance_request_settled",
    "Op deze vraag is intussen geantwoord. Bekijk het antwoord.",
    "This request was answered in the meantime. Look at the answer.",
)


def ask(*, key: str, name: str, note: str, by: User, now: datetime) -> SubstanceRequest:
    """Ask for the substance that the unknown name ``key`` stands for, under a name for the steward.

    The name keeps waiting until the substance is there and somebody links it.
    """
    with acting_as(by):
        unknown_names.require(by)
        unknown_names.find(key=key, by=by)
        text, said = checks.words(name), checks.words(note)
        problems = {field.removesuffix("_nl"): problem for field, problem in checks.preferred("name_nl", text).items()}
        if len(said) > LONGEST_NOTE or not said.isprintable():
            problems["note"] = NOTE_WRONG
        if _open(by).filter(name_key=key).exists():
            problems["name"] = ASKED_ALREADY
        if problems:
            raise InvalidError(problems)
        doing(Verb.REVIEW_CASE)
        made: SubstanceRequest = SubstanceRequest.objects.create(
            words=text, note=said, name_key=key, asked_by=by, asked_at=now
        )
    return made


def withdraw(*, request_id: UUID, by: User, now: datetime) -> None:
    """The desk needs it no more."""
    with acting_as(by):
        unknown_names.require(by)
        doing(Verb.REVIEW_CASE)
        _settle(_waiting(request_id, by), State.WITHDRAWN, by, now)


def decline(*, request_id: UUID, answer: str, by: User, now: datetime) -> None:
    """A steward adds no substance, and says why; InvalidError without it."""
    with acting_as(by):
        refuse_unless(may(by, Verb.STEWARD_CATALOGUE))
        problems = checks.reason(answer)
        if problems:
            raise InvalidError(problems)
        doing(Verb.STEWARD_CATALOGUE, reason=checks.words(answer))
        _settle(_waiting(request_id, by), State.DECLINED, by, now, answer=checks.words(answer))


def settle(request_id: UUID, *, substance: Substance, by: User, now: datetime) -> None:
    """The substance was added: within the act of the steward that added it."""
    _settle(_waiting(request_id, by), State.ADDED, by, now, substance=substance)


def waiting(*, by: User) -> QuerySet[SubstanceRequest]:
    """What waits for a steward, the oldest first."""
    return _open(by).select_related("asked_by").order_by("asked_at", "id")


def find(*, request_id: str, by: User) -> SubstanceRequest | None:
    """A request that waits, by the text of its key; None when there is none."""
    try:
        key = UUID(request_id)
    except ValueError:
        return None
    return _open(by).filter(pk=key).first()


def latest(*, by: User, limit: int) -> Sequence[SubstanceRequest]:
    """The latest requests, the newest first, with what came of them."""
    rows = substance_requests_for(by).select_related("asked_by", "settled_by", "substance")
    return list(rows.order_by("-asked_at", "id")[:limit])


def asked_for(*, by: User) -> frozenset[str]:
    """The keys of the names about which a steward was asked and did not answer yet."""
    return frozenset(_open(by).values_list("name_key", flat=True))


def _open(by: User) -> QuerySet[SubstanceRequest]:
    return substance_requests_for(by).filter(state=State.OPEN)


def _waiting(request_id: UUID, by: User) -> SubstanceRequest:
    found = substance_requests_for(by).select_for_update().filter(pk=request_id).first()
    if found is None:
        raise NotFoundError
    if found.state != State.OPEN:
        raise RefusedError(*SETTLED)
    return found


def _settle(found: SubstanceRequest, state: State, by: User, now: datetime, **values: object) -> None:
    for name, value in {"state": state, "settled_by": by, "settled_at": now, **values}.items():
        setattr(found, name, value)
    found.save(update_fields=["state", "settled_by", "settled_at", *values])

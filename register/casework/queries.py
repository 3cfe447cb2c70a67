"""Questions to the reporter. A question hangs on one field or on the case; only the register closes it."""

from uuid import UUID

from django.utils import timezone

from register.audit import Event
from register.casework import question_mail, review_marks, steps
from register.casework.dossier import Dossier
from register.casework.errors import InvalidError, NotFoundError, RefusedError
from register.casework.merging import require_read
from register.casework.opening import opened
from register.models import Case, Query, QueryMessage, User
from register.quality import dictionary
from register.quality.problems import Problem
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

LONGEST_TEXT = 2000
TEXT_NEEDED = Problem(
    "Kies een standaardtekst, of schrijf het in eigen woorden.",
    "Choose a standard text, or write it in your own words.",
)
TEXT_TOO_LONG = Problem(
    f"Deze tekst is te lang; er passen {LONGEST_TEXT} tekens.", f"This text is too long; {LONGEST_TEXT} characters fit."
)
UNKNOWN_FIELD = Problem("Dit veld bestaat niet.", "There is no such field.")


def ask(*, case_id: UUID | str, field: str, text: str, seen_version: int, by: User) -> Case:
    """Ask about ``field`` (``Model.field``), or about the case when it is empty.

    The first question sends the case to its reporter. A further remark about a field goes into the thread that is open.
    """
    with opened(case_id=case_id, by=by, verb=Verb.ASK_QUERY, seen_version=seen_version, merges=True) as dossier:
        ask_dossier(dossier, field=field, text=text, by=by)
    return dossier.case


def ask_dossier(dossier: Dossier, *, field: str, text: str, by: User | None, rule: str = "") -> None:
    """Ask about a case in memory; ``rule`` is the quality rule that raised the question. ``by`` None: the register."""
    if field and dictionary.find(field) is None:
        raise InvalidError({"field": UNKNOWN_FIELD})
    query = next((row for row in dossier.rows(Query) if row.field == field and row.state != Query.State.CLOSED), None)
    if query is None:
        query = dossier.add(Query(field=field, rule=rule, opened_by=by, opened_at=timezone.now()))
    _put(dossier, query, text, by)


def answer(*, query_id: UUID | str, text: str, seen_version: int, by: User) -> Case:
    """Answer a question. With the last answer the case returns to the register's desk."""
    case_id = _case_of(query_id)
    with opened(case_id=case_id, by=by, verb=Verb.ANSWER_QUERY, seen_version=seen_version, merges=True) as dossier:
        query = _query(dossier, query_id)
        _say(dossier, query, text, by)
        dossier.change(query, state=Query.State.ANSWERED)
        waiting = [row for row in dossier.rows(Query) if row.state == Query.State.OPEN]
        if not waiting and dossier.case.status == CaseState.QUERY_OPEN:
            steps.move(dossier, "answer", by=by, now=timezone.now(), reason=text)
    return dossier.case


def close_query(*, case_id: UUID | str, query_id: UUID | str, seen_version: int, by: User) -> Case:
    """Close one question of this case; with the last one the case goes back into review.

    StaleError when somebody wrote in its thread since the person saw it.
    """
    with opened(case_id=case_id, by=by, verb=Verb.CLOSE_QUERY, seen_version=seen_version, merges=True) as dossier:
        query = _query(dossier, query_id)
        require_read(dossier, query)
        dossier.change(query, state=Query.State.CLOSED)
        asked = any(row.state != Query.State.CLOSED for row in dossier.rows(Query))
        if not asked and dossier.case.status in (CaseState.QUERY_OPEN, CaseState.QUERY_ANSWERED):
            steps.move(dossier, "settle", by=by, now=timezone.now())
    return dossier.case


def reask(*, query_id: UUID | str, text: str, seen_version: int, by: User) -> Case:
    """Ask again in the same thread."""
    case_id = _case_of(query_id)
    with opened(case_id=case_id, by=by, verb=Verb.ASK_QUERY, seen_version=seen_version, merges=True) as dossier:
        query = _query(dossier, query_id)
        _put(dossier, query, text, by)
    return dossier.case


def accept_answers(*, case_id: UUID | str, seen_version: int, by: User) -> Case:
    """Close the questions that were answered and go on with the review."""
    with opened(
        case_id=case_id, by=by, verb=Verb.CLOSE_QUERY, seen_version=seen_version, event=Event.CASE_DECIDE
    ) as dossier:
        for query in dossier.rows(Query):
            if query.state == Query.State.ANSWERED:
                dossier.change(query, state=Query.State.CLOSED)
        steps.move(dossier, "settle", by=by, now=timezone.now())
    return dossier.case


def _put(dossier: Dossier, query: Query, text: str, by: User | None) -> None:
    """Write the question down, move the case to its reporter when it is not there already, and let them know."""
    _say(dossier, query, text, by)
    dossier.change(query, state=Query.State.OPEN)
    if dossier.case.status != CaseState.QUERY_OPEN:
        steps.move(dossier, "ask", by=by, now=timezone.now(), reason=text)
        if by is not None:
            review_marks.mark(dossier, by=by, now=timezone.now())
    question_mail.announce(reporter_id=dossier.case.reporter_id, now=timezone.now())


def _say(dossier: Dossier, query: Query, text: str, by: User | None) -> None:
    words = text.strip()
    if not words or len(words) > LONGEST_TEXT:
        raise InvalidError({"text": TEXT_TOO_LONG if words else TEXT_NEEDED})
    dossier.add(QueryMessage(query=query, text=words, by=by, role=by.role if by else steps.SYSTEM_ROLE))


def _query(dossier: Dossier, query_id: UUID | str) -> Query:
    """A question of this case that is not closed."""
    query = dossier.row(Query, query_id)
    if query is None:
        raise NotFoundError
    if query.state == Query.State.CLOSED:
        raise RefusedError("query_closed", "Deze vraag is al gesloten.", "This question was closed already.")
    return query


def _case_of(query_id: UUID | str) -> UUID:
    """The case of a question; whether the person may see it is for the door to say."""
    try:
        key = UUID(str(query_id))
    except ValueError:
        raise NotFoundError from None
    case_id = Query.objects.filter(pk=key).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFoundError
    return case_id


def reason_of_reply(text: str) -> str:
    """Why an answer changes when a question asked about it; ``text`` is the reply."""
    return f"Antwoord op een vraag: {text}"

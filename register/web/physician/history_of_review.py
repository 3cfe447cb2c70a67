"""The part of a case's history that is no answer: questions and what was said, warnings that were accepted, reviews."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from register.web.language import active
from register.web.physician import lines
from register.workflow.roles import Role

# When, in a sentence, with what belongs to it.
Told = tuple[datetime, str, tuple[str, ...]]
Who = Callable[[Any], str]
CLOSED = "closed"
SAID_IN_A_THREAD = frozenset({"ask", "answer"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked and answered, each once, and the versions of the case at which it was stored."""

    told: tuple[Told, ...]
    versions: frozenset[int]


def entries(case: Any, who: Who) -> Iterable[Told]:
    """What was closed, accepted, reviewed and voted, by whom and when; of a vote neither who nor what."""
    yield from _closed(case, who)
    yield from _accepted(case, who)
    yield from _reviews(case, who)
    yield from _votes(case)


def asked(case: Any, who: Who) -> Asked:
    """Every message of the threads, with the rule that raised a question."""
    threads = {query.pk: query for query in case.query_rows.all()}
    messages = list(case.querymessage_rows.select_related("by").order_by("at", "pk"))
    told = []
    for message in messages:
        query = threads[message.query_id]
        is_question = message.role == Role.REGISTER_STAFF or message.by is None
        words = _("%(who)s asked about ‘%(subject)s’.") if is_question else _("%(who)s answered about ‘%(subject)s’.")
        details = [message.text]
        if is_question and query.rule:
            details.append(_("Raised by rule %(rule)s.") % {"rule": query.rule})
        sentence = words % {"who": who(message.by), "subject": lines.subject(query.field)}
        told.append((message.at, sentence, tuple(details)))
    return Asked(tuple(told), frozenset(message.case_version for message in messages if message.case_version))


def _closed(case: Any, who: Who) -> Iterable[Told]:
    rows = case.query_rows.model
    before: dict[Any, str] = {}
    for record in rows.history.filter(case_id=case.pk).select_related("history_user").order_by("history_id"):
        if record.state == CLOSED and before.get(record.id) != CLOSED:
            words = _("%(who)s closed the question about ‘%(subject)s’.")
            subject = lines.subject(record.field)
            yield record.history_date, words % {"who": who(record.history_user), "subject": subject}, ()
        before[record.id] = record.state


def _accepted(case: Any, who: Who) -> Iterable[Told]:
    for row in case.acceptedfinding_rows.select_related("by"):
        words = _("%(who)s left an answer as it is after a warning.") % {"who": who(row.by)}
        said = row.words_nl if active() == "nl" else row.words_en
        yield row.at, words, (*([said] if said else []), _("Reason: %(reason)s") % {"reason": row.reason})


def _reviews(case: Any, who: Who) -> Iterable[Told]:
    """The marks of the register, each once: the record in which its version first stands."""
    marked = None
    for record in case.history.select_related("reviewed_by").order_by("history_id"):
        if record.reviewed_version and record.reviewed_version != marked:
            yield record.reviewed_at, _("%(who)s reviewed the case.") % {"who": who(record.reviewed_by)}, ()
        marked = record.reviewed_version


def _votes(case: Any) -> Iterable[Told]:
    rows = case.panelvote_rows.model
    for record in rows.history.filter(case_id=case.pk).order_by("history_id"):
        first = record.history_type == "+"
        yield (
            record.history_date,
            _("A member of the panel voted.") if first else _("A member of the panel changed their vote."),
            (),
        )

"""The part of a case's history that is no answer: questions and what was said, warnings that were accepted, reviews."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from register.web.physician import lines
from register.workflow.roles import Role

# When, in a sentence, with what belongs to it.
Told = tuple[datetime, str, tuple[str, ...]]
Who = Callable[[Any], str]
CLOSED = "closed"


def entries(case: Any, who: Who) -> Iterable[Told]:
    """What was asked, answered, accepted and reviewed, by whom and when."""
    yield from _questions(case, who)
    yield from _accepted(case, who)
    yield from _reviews(case, who)


def _questions(case: Any, who: Who) -> Iterable[Told]:
    subjects = {query.pk: lines.subject(query.field) for query in case.query_rows.all()}
    messages = case.querymessage_rows.select_related("by").order_by("at")
    for message in messages:
        asked = message.role == Role.REGISTER_STAFF or message.by is None
        words = _("%(who)s asked about ‘%(subject)s’.") if asked else _("%(who)s answered about ‘%(subject)s’.")
        yield message.at, words % {"who": who(message.by), "subject": subjects[message.query_id]}, (message.text,)
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
        yield row.at, words, (_("Reason: %(reason)s") % {"reason": row.reason},)


def _reviews(case: Any, who: Who) -> Iterable[Told]:
    """The marks of the register, each once: the record in which its version first stands."""
    marked = None
    for record in case.history.select_related("reviewed_by").order_by("history_id"):
        if record.reviewed_version and record.reviewed_version != marked:
            yield record.reviewed_at, _("%(who)s reviewed the case.") % {"who": who(record.reviewed_by)}, ()
        marked = record.reviewed_version

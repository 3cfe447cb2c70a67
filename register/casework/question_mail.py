"""The mail that says that questions wait. It says how many, never about what: no word of a case leaves by mail."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from register import outbox
from register.access import may
from register.audit import acting_as
from register.models import Query, User
from register.workflow.verbs import Verb

ACTOR = "system:questions"
TASK = "register.send_question_mail"
# Who reviews a case asks several questions in a row: they go out as one mail.
TOGETHER = timedelta(minutes=5)


def announce(*, reporter_id: UUID, now: datetime) -> None:
    """Let a mail go to the reporter soon after ``now``; questions that come until then are in the same mail."""
    at = now + TOGETHER - (now - datetime.min.replace(tzinfo=now.tzinfo)) % TOGETHER
    outbox.enqueue(TASK, key=f"questions:{reporter_id}:{at:%Y%m%d%H%M}", not_before=at, reporter_id=str(reporter_id))


def remind(*, reporter_id: UUID) -> None:
    """Let the same mail go now, once a day at most: somebody of the register asks for an answer."""
    outbox.enqueue(
        TASK, key=f"questions-reminder:{reporter_id}:{timezone.localdate():%Y%m%d}", reporter_id=str(reporter_id)
    )


def deliver(*, reporter_id: UUID, trace: UUID | None = None) -> None:
    """Send the mail, unless everything was answered meanwhile, or the person has no address or may not answer."""
    with acting_as(ACTOR, trace=trace):
        reporter = User.objects.get(pk=reporter_id)
        waiting = list(
            Query.objects.filter(case__reporter=reporter, state=Query.State.OPEN).values_list("case_id", "pk")[:2]
        )
        count = Query.objects.filter(case__reporter=reporter, state=Query.State.OPEN).count()
        if count and reporter.email and may(reporter, Verb.ANSWER_QUERY):
            _mail(reporter, count, waiting).send()


def _mail(reporter: User, count: int, waiting: list[tuple[UUID, UUID]]) -> EmailMessage:
    with translation.override(reporter.language):
        subject = ngettext("You have %(count)d question", "You have %(count)d questions", count) % {"count": count}
        context = {"name": reporter.display_name, "subject": subject, "link": _link(waiting)}
        return EmailMessage(
            subject=subject, body=render_to_string("physician/question_mail.txt", context), to=[reporter.email]
        )


def _link(waiting: list[tuple[UUID, UUID]]) -> str:
    """To the question itself when there is one, else to the list. Keys are random; signing in comes first."""
    address = reverse("physician:questions")
    if len(waiting) == 1:
        address = reverse("physician:question", args=waiting[0])
    return settings.PUBLIC_URL.rstrip("/") + address

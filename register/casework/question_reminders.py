"""Reminders of questions that stay open: to their reporter twice, then to the region's lead, on the days that are set.

Each day's round looks a week back, so that a day on which no worker ran is made up for; the key of a message makes it
go once. A mail says how many questions wait and nothing about a case.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from register import outbox
from register.access import may
from register.audit import acting_as
from register.casework import question_mail
from register.casework.configuration import current as configuration
from register.models import Query, User
from register.quality.terms import FIRST_REMINDER, LEAD, SECOND_REMINDER
from register.workflow.roles import Role
from register.workflow.verbs import Verb

TASK = "register.send_lead_mail"
CATCH_UP = timedelta(days=7)
THREE_WEEKS = timedelta(days=21)


def round_of(*, now: datetime) -> None:
    """Write down every mail that is due on this day and was not written down before."""
    today = timezone.localdate(now)
    with acting_as(question_mail.ACTOR):
        terms = configuration.current().terms
        for after in (terms.span(FIRST_REMINDER), terms.span(SECOND_REMINDER)):
            for reporter, day in _opened(_between(today, after), "case__reporter_id"):
                key = f"questions-after:{after.days}:{reporter}:{day:%Y%m%d}"
                outbox.enqueue(question_mail.TASK, key=key, reporter_id=str(reporter))
        for region, day in _opened(_between(today, terms.span(LEAD)), "case__region_id"):
            outbox.enqueue(TASK, key=f"questions-lead:{region}:{day:%Y%m%d}", region_id=str(region))


def deliver(*, region_id: str, now: datetime, trace: UUID | None = None) -> None:
    """Tell the leads of a region how many questions wait for so long; nothing when none does any more."""
    with acting_as(question_mail.ACTOR, trace=trace):
        days = configuration.current().terms.span(LEAD)
        late = Q(opened_at__date__lte=timezone.localdate(now) - days, case__region=region_id)
        count = Query.objects.filter(late, state=Query.State.OPEN).count()
        leads = User.objects.filter(role=Role.COORDINATOR, region=region_id, is_active=True).exclude(email="")
        for lead in leads if count else ():
            if may(lead, Verb.ANSWER_QUERY):
                _mail(lead, count, days).send()


def _between(today: date, after: timedelta) -> Q:
    """Questions that are open for this long, and no more than a week longer."""
    return Q(opened_at__date__lte=today - after, opened_at__date__gt=today - after - CATCH_UP)


def _opened(when: Q, owner: str) -> Iterable[tuple[object, date]]:
    rows = Query.objects.filter(when, state=Query.State.OPEN).values_list(owner, "opened_at__date").distinct()
    return sorted(rows, key=str)


def _mail(lead: User, count: int, waiting: timedelta) -> EmailMessage:
    with translation.override(lead.language):
        subject = _subject(count, waiting)
        link = settings.PUBLIC_URL.rstrip("/") + reverse("physician:questions")
        context = {"name": lead.display_name, "subject": f"{subject}.", "link": link}
        body = render_to_string("register_desk/lead_mail.txt", context)
        return EmailMessage(subject=subject, body=body, to=[lead.email])


def _subject(count: int, waiting: timedelta) -> str:
    if waiting == THREE_WEEKS:
        words = ngettext(
            "%(count)d question in your region waits for more than three weeks",
            "%(count)d questions in your region wait for more than three weeks",
            count,
        )
    else:
        words = ngettext(
            "%(count)d question in your region waits for more than %(days)d days",
            "%(count)d questions in your region wait for more than %(days)d days",
            count,
        )
    return words % {"count": count, "days": waiting.days}

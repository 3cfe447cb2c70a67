"""A question that stays open is brought to mind: to its reporter twice, then to who leads the region."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from register.casework import queries, question_reminders
from register.models import OutboxMessage, User
from register.tasks import send_question_mail
from register.workflow.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def _sent_after(days: int) -> list[tuple[str, str]]:
    """Who gets which mail in the round of the day on which the question is this old; the round may come twice."""
    mail.outbox.clear()
    later = timezone.now() + timedelta(days=days)
    for _ in range(2):
        question_reminders.round_of(now=later)
    for message in OutboxMessage.objects.filter(done_at=None).exclude(payload__has_key="case_id"):
        if "reporter_id" in message.payload:
            send_question_mail(str(message.pk))
        else:
            question_reminders.deliver(region_id=message.payload["region_id"], now=later)
            OutboxMessage.objects.filter(pk=message.pk).update(done_at=later)
    return [(sent.to[0], str(sent.subject)) for sent in mail.outbox]


def test_a_reminder_goes_after_one_and_two_weeks_and_the_lead_hears_after_three(
    physician: User, reviewer: User
) -> None:
    lead = factories.person(Role.COORDINATOR, factories.AMSTERDAM)
    former = factories.person(Role.COORDINATOR, factories.AMSTERDAM)
    for person, address in (
        (physician, "arts@ggd.example"),
        (lead, "hoofd@ggd.example"),
        (former, "weg@ggd.example"),
    ):
        User.objects.filter(pk=person.pk).update(email=address)
    User.objects.filter(pk=former.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    case = factories.in_review(physician, reviewer)
    queries.ask(
        case_id=case.pk, field="Decedent.sex", text="Klopt de ketamine?", seen_version=case.row_version, by=reviewer
    )
    OutboxMessage.objects.update(done_at=timezone.now())
    assert _sent_after(6) == []
    assert _sent_after(8) == [("arts@ggd.example", "U hebt 1 vraag")]
    assert _sent_after(15) == [("arts@ggd.example", "U hebt 1 vraag")]
    assert _sent_after(22) == [("hoofd@ggd.example", "1 vraag in uw regio wacht langer dan drie weken")]
    for word in (case.case_number, "ketamine", "eslacht", "Amsterdam"):
        assert word not in str(mail.outbox[0].body)
    queries.answer(query_id=case.query_rows.get().pk, text="Ja", seen_version=factories.version(case), by=physician)
    assert _sent_after(7) == []

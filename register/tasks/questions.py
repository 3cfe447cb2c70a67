"""Mail to those for whom a question waits, and to who leads their region."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from register import outbox
from register.casework import question_mail, question_reminders, rule_questions


@shared_task(name="register.send_question_mail")
def send_question_mail(message_id: str) -> None:
    """Say to the physician of this message how many questions wait."""
    with outbox.handling(message_id) as message:
        if message is not None:
            question_mail.deliver(reporter_id=UUID(message.payload["reporter_id"]), trace=message.trace)


@shared_task(name="register.remind_of_questions")
def remind_of_questions() -> None:
    """Write down the reminders that are due today."""
    question_reminders.round_of(now=timezone.now())


@shared_task(name="register.ask_by_rule")
def ask_by_rule() -> None:
    """Ask what the rules ask by themselves today."""
    rule_questions.round_of(now=timezone.now())


@shared_task(name="register.send_lead_mail")
def send_lead_mail(message_id: str) -> None:
    """Say to the leads of a region how many questions wait for too long."""
    with outbox.handling(message_id) as message:
        if message is not None:
            question_reminders.deliver(region_id=message.payload["region_id"], now=timezone.now(), trace=message.trace)

"""The mail that says that questions wait: how many, for whom, and nothing about a case."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from register.audit import acting_as
from register.casework import queries, question_mail
from register.models import Case, OutboxMessage, User
from register.tasks import send_question_mail
from tests import factories

pytestmark = pytest.mark.django_db

HALF_PAST = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def ask(case: Case, reviewer: User, field: str = "Decedent.age_years") -> None:
    queries.ask(
        case_id=case.pk, field=field, text="Klopt de ketamine?", seen_version=factories.version(case), by=reviewer
    )


def due() -> list[OutboxMessage]:
    """The mails that wait, made due."""
    waiting = OutboxMessage.objects.filter(task="register.send_question_mail", done_at=None)
    waiting.update(available_at=timezone.now() - timedelta(seconds=1))
    return list(waiting)


def deliver() -> None:
    for message in due():
        send_question_mail(str(message.pk))


@pytest.fixture
def asked(physician: User, reviewer: User) -> Case:
    physician.email = "arts@ggd.example"
    physician.save()
    case = factories.in_review(physician, reviewer)
    ask(case, reviewer)
    return case


def test_one_question_leads_to_the_question_itself_and_says_nothing_of_the_case(asked: Case) -> None:
    deliver()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["arts@ggd.example"], "U hebt 1 vraag")
    body = str(sent.body)
    assert f"/zaken/{asked.pk}/vragen/{asked.query_rows.get().pk}/" in body
    for word in (asked.case_number, "ketamine", "eeftijd", "Amsterdam", "34"):
        assert word not in body.replace(str(asked.pk), "").replace(str(asked.query_rows.get().pk), "")


def test_questions_that_are_asked_in_a_row_go_out_as_one_mail_to_the_list(asked: Case, reviewer: User) -> None:
    for field in ("Decedent.sex", "Death.place_type"):
        ask(asked, reviewer, field)
    OutboxMessage.objects.all().update(done_at=timezone.now())
    for seconds in (1, 100, 299):
        with acting_as(reviewer):
            question_mail.announce(reporter_id=asked.reporter_id, now=HALF_PAST + timedelta(seconds=seconds))
    assert OutboxMessage.objects.get(done_at=None).available_at == HALF_PAST + timedelta(minutes=5)
    deliver()
    (sent,) = mail.outbox
    assert sent.subject == "U hebt 3 vragen"
    assert "/vragen/\n" in str(sent.body)


def test_the_mail_speaks_the_language_of_its_reader(asked: Case, physician: User) -> None:
    physician.language = "en"
    physician.save()
    deliver()
    assert mail.outbox[0].subject == "You have 1 question"


def test_a_question_that_was_answered_meanwhile_sends_no_mail(asked: Case, physician: User) -> None:
    queries.answer(query_id=asked.query_rows.get().pk, text="Ja", seen_version=factories.version(asked), by=physician)
    deliver()
    assert mail.outbox == []


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_who_has_no_address_or_no_account_any_more_gets_no_mail(
    asked: Case, physician: User, change: dict[str, object]
) -> None:
    for name, value in change.items():
        setattr(physician, name, value)
    physician.save()
    deliver()
    assert mail.outbox == []


def test_the_outbox_holds_the_key_of_the_person_and_nothing_else(asked: Case, physician: User) -> None:
    (message,) = due()
    assert message.payload == {"reporter_id": str(physician.pk)}
    assert "ketamine" not in f"{message.key}{message.payload}"

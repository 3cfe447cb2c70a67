"""The history of a case in sentences, page by page, the newest first."""

from django.test import Client
from django.urls import reverse

from register.audit import acting_as
from register.casework import moves, queries
from register.models import QueryMessage, User
from tests.factories import version
from tests.integration.web_register.conftest import Submit


def test_a_long_history_is_paged_and_nothing_is_told_twice(
    desk: Client, submit: Submit, reviewer: User, physician: User
) -> None:
    case = submit()
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="Decedent.sex", text="Klopt het?", seen_version=version(case), by=reviewer)
    query = case.query_rows.get()
    with acting_as(physician):
        said = [
            QueryMessage(case=case, query=query, text=f"Antwoord {number:03}", by=physician, role=physician.role)
            for number in range(60)
        ]
        QueryMessage.objects.create_many(said)
    address = reverse("physician:history", args=[case.pk])
    first, second, beyond = (desk.get(address, {"blad": page}).content.decode() for page in ("1", "2", "9"))
    assert "Bladzijde 1 van 2" in first and "Bladzijde 2 van 2" in second and "Bladzijde 2 van 2" in beyond
    answers = [f"Antwoord {number:03}" for number in range(60)]
    assert [(first + second).count(answer) for answer in answers] == [1] * 60
    assert (first + second).count("Klopt het?") == 1
    assert "Klopt het?" in second and "In beoordeling nemen" in second

"""The history of a case in sentences, page by page, and how a decided case comes to be opened again."""

from django.test import Client
from django.urls import reverse

from register.audit import acting_as
from register.casework import moves, queries
from register.models import QueryMessage, User
from tests.factories import ROTTERDAM, closed, version
from tests.factories import physician as another_physician
from tests.integration.web_register.conftest import Submit
from tests.signing_in import sign_in


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
    assert "Pagina 1 van 2" in first and "Pagina 2 van 2" in second and "Pagina 2 van 2" in beyond
    answers = [f"Antwoord {number:03}" for number in range(60)]
    assert [(first + second).count(answer) for answer in answers] == [1] * 60
    assert (first + second).count("Klopt het?") == 1
    assert "Klopt het?" in second and "In beoordeling nemen" in second


def test_a_physician_asks_to_reopen_with_a_reason_and_the_register_finds_it_in_a_list(
    desk: Client, reviewer: User, physician: User
) -> None:
    case = closed(physician, reviewer)
    asking, reason = sign_in(Client(), physician), "De uitslag van het haar kwam later binnen"
    address = reverse("physician:ask_reopening", args=[case.pk])
    assert address in asking.get(reverse("physician:case", args=[case.pk])).content.decode()
    assert asking.post(address, {"version": version(case), "reason": " "}).status_code == 422
    assert asking.post(address, {"version": version(case), "reason": reason}).status_code == 302
    assert (
        "is gevraagd deze zaak te heropenen" in asking.get(reverse("physician:case", args=[case.pk])).content.decode()
    )
    assert asking.get(address).status_code == 302
    listed = desk.get(reverse("register_desk:worklist", args=["heropening-gevraagd"])).content.decode()
    assert case.case_number in listed
    assert reason in desk.get(reverse("register_desk:review", args=[case.pk])).content.decode()
    moves.reopen(case_id=case.pk, reason="Nieuwe uitslag", seen_version=version(case), by=reviewer)
    listed = desk.get(reverse("register_desk:worklist", args=["heropening-gevraagd"])).content.decode()
    assert case.case_number not in listed
    stranger = sign_in(Client(), another_physician(ROTTERDAM))
    assert stranger.get(address).status_code == 404

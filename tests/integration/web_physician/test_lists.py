"""Mijn zaken: the right cases in the right list, found by number, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from register.audit import acting_as
from register.models import Case, User
from register.workflow.verbs import Verb
from tests.integration.web_physician.conftest import Draft, events
from tests.signing_in import sign_in


def test_a_draft_stands_among_the_drafts_with_the_page_to_go_on_with(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    page = desk.get("/zaken/").content.decode()
    assert "Concept – M, 34 jr, Amsterdam<" in page
    assert " – 4 van 6 onderdelen – " in page
    assert f'href="/zaken/{case.pk}/conclusie/"' in page
    assert "verder bij Conclusie" in page


def test_a_submitted_case_waits_for_its_result_and_stands_among_the_submitted(desk: Client, submitted: Draft) -> None:
    case = submitted()
    page = desk.get("/zaken/").content.decode()
    expected, rest = page.split('id="h-i"')
    assert f'href="/zaken/{case.pk}/toxicologie/"' in expected
    assert f'href="/zaken/{case.pk}/"' in rest


def test_a_result_past_its_date_is_called_late_in_words(desk: Client, submitted: Draft, physician: User) -> None:
    case = submitted()
    with acting_as(physician, doing=Verb.ENTER_TOX):
        case.change(followup_due=timezone.localdate() - timedelta(days=9))
    assert "9 dagen te laat" in desk.get("/zaken/").content.decode()


def test_the_cases_of_a_colleague_stand_only_in_the_list_of_the_region(
    client: Client, colleague: User, submitted: Draft
) -> None:
    case = submitted()
    sign_in(client, colleague)
    assert str(case.pk) not in client.get("/zaken/").content.decode()
    assert str(case.pk) in client.get("/zaken/lijst/regio/").content.decode()


def test_a_case_is_found_by_its_number(desk: Client, submitted: Draft) -> None:
    case = submitted()
    answer = desk.post("/zaken/zoeken/", {"number": f" {case.case_number} "})
    assert answer.headers["Location"] == f"/zaken/{case.pk}/"


@pytest.mark.parametrize("number", ["", "2026-999999", "'; DROP TABLE", "x" * 5000, "\x00"])
def test_a_number_that_finds_nothing_gives_a_sentence_and_stays(desk: Client, number: str) -> None:
    answer = desk.post("/zaken/zoeken/", {"number": number})
    assert answer.status_code == 422
    assert "aak" in answer.content.decode().split('class="error-text"')[1]


def test_a_case_of_another_region_is_not_found_by_its_number(other_desk: Client, submitted: Draft) -> None:
    assert other_desk.post("/zaken/zoeken/", {"number": submitted().case_number}).status_code == 422


def test_a_list_leaves_one_note_with_the_cases_it_showed(desk: Client, draft: Draft) -> None:
    case = draft()
    desk.get("/zaken/")
    assert [event.objects for event in events("case.list")] == [[case.pk]]


def _asked(sql: str) -> bool:
    """What the page asks; not that the session is in use, which is written once in half a minute."""
    return "SAVEPOINT" not in sql and 'UPDATE "register_session"' not in sql


@pytest.mark.parametrize(
    "path", ["/zaken/", "/zaken/lijst/concepten/", "/zaken/lijst/ingediend/", "/zaken/lijst/regio/"]
)
def test_a_list_takes_as_many_queries_for_one_case_as_for_six(
    desk: Client, draft: Draft, submitted: Draft, path: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(path).status_code == 200
        return len([query for query in seen if _asked(query["sql"])])

    draft(), submitted()
    one = queries()
    for _ in range(5):
        draft(), submitted()
    assert queries() == one


def test_the_second_page_of_a_list_takes_at_most_eight_queries(desk: Client, draft: Draft) -> None:
    for _ in range(26):
        draft()
    with CaptureQueriesContext(connection) as seen:
        page = desk.get("/zaken/lijst/concepten/?blad=2").content.decode()
    asked = [query["sql"] for query in seen if _asked(query["sql"])]
    assert "Pagina 2 van 2" in page
    assert len(asked) <= 8, "\n".join(asked)


@pytest.mark.parametrize("wanted", ["0", "-1", "99999999999999999999", "abc", ""])
def test_a_page_number_that_makes_no_sense_shows_a_page(desk: Client, draft: Draft, wanted: str) -> None:
    draft()
    assert desk.get(f"/zaken/lijst/concepten/?blad={wanted}").status_code == 200


def test_a_list_that_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get("/zaken/lijst/verzinsel/").status_code == 404


def test_a_coordinator_reads_the_region_and_begins_no_case(client: Client, draft: Draft) -> None:
    case = draft()
    sign_in(client, User.objects.create_user("ggd.hoofd", role="coordinator", region_id="GG3406"))
    page = client.get("/zaken/").content.decode()
    assert str(case.pk) in page
    assert "/zaken/nieuw" not in page
    assert client.post("/zaken/nieuw", {"sex": "male"}).status_code == 403
    assert Case.objects.count() == 1


def test_a_draft_that_says_nothing_goes_by_the_time_at_which_it_began(desk: Client, draft: Draft) -> None:
    case = draft()
    began = timezone.localtime(case.created_at)
    page = desk.get("/zaken/").content.decode()
    assert f"Nieuw concept {began:%H:%M}<" in page
    assert "Nieuw concept" not in page.split("</title>")[0]


def test_each_card_says_how_many_stand_behind_it(desk: Client, draft: Draft, submitted: Draft, physician: User) -> None:
    for _ in range(6):
        draft()
    late, _ = submitted(), submitted()
    with acting_as(physician, doing=Verb.ENTER_TOX):
        late.change(followup_due=timezone.localdate() - timedelta(days=1))
    page = desk.get("/zaken/").content.decode()
    for heading in (
        'id="h-c">Concepten <span class="count">6<',
        'id="h-t">Toxicologie verwacht <span class="count">2<',
    ):
        assert heading in page
    assert 'class="late">1 te laat<' in page
    assert "Alle concepten</a>" not in page and "Alle concepten (6)" in page
    assert 'id="h-v">Vragen van het register</h2>' in page


def test_a_draft_that_nobody_touched_for_two_weeks_is_brought_to_mind(
    desk: Client, draft: Draft, physician: User
) -> None:
    case = draft(filled=True)
    assert "niet aangeraakt" not in desk.get("/zaken/").content.decode()
    with acting_as(physician):
        Case.objects.change_many([_changed(case, days=14)], ["changed_at"])
    page = desk.get("/zaken/").content.decode()
    assert "1 concept is 14 dagen of langer niet aangeraakt" in page
    assert "14 dagen niet aangeraakt" in page


def _changed(case: Case, *, days: int) -> Case:
    case.changed_at = timezone.now() - timedelta(days=days, minutes=1)
    return case

"""What the register sees when a case comes back: what changed since its last mark, and nothing else."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from register.casework import intake, moves, queries, review, substances, toxicology
from register.models import Case, User
from register.web.register_desk.worklists import BY_SLUG, cases_in
from tests import factories
from tests.factories import version
from tests.integration.web_register.doubtful import doubtful

pytestmark = pytest.mark.django_db
FEW_QUERIES = 20
QUESTION = "Death.place_type"


@pytest.fixture
def case(physician: User, reviewer: User) -> Case:
    """A case of which the physician answered a question, changed two answers and entered a result."""
    case = doubtful(physician)
    moves.take(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    queries.ask(case_id=case.pk, field=QUESTION, text="Klopt dit?", seen_version=version(case), by=reviewer)
    act = {"case_id": case.pk, "by": physician, "reason": "Antwoord op een vraag"}
    intake.save_page(page="overlijden", raw={"place_type": "other_home"}, seen_version=version(case), **act)
    intake.save_page(
        page="overledene",
        raw={"residence_kind": "", "residence_kind_missing": "UNK"},
        seen_version=version(case),
        **act,
    )
    row = case.suspectedsubstance_rows.get()
    substances.remove_suspicion(row_id=row.pk, seen_version=version(case), **act)
    substances.add_suspicion(reported_as="ketamine", evidence=("scene",), seen_version=version(case), **act)
    toxicology.add_result(
        case_id=case.pk,
        request_id=case.toxrequest_rows.get().pk,
        raw={"reported_as": "6-MAM", "outcome": "detected"},
        seen_version=version(case),
        by=physician,
    )
    queries.answer(query_id=case.query_rows.get().pk, text="Aangepast.", seen_version=version(case), by=physician)
    case.refresh_from_db()
    return case


def _page(desk: Client, case: Case, **asked: str) -> str:
    return str(desk.get(reverse("register_desk:review", args=[case.pk]), asked).content.decode())


def _changes(page: str) -> list[tuple[str, str, str]]:
    """The lines of the table: what, was and is."""
    table = page[page.find('<table class="table diff">') :].partition("</table>")[0]
    lines = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', table, re.DOTALL)
    return [tuple(re.sub(r"<[^>]+>", "", part) for part in line) for line in lines]  # type: ignore[misc]


def test_the_changes_stand_there_first_old_beside_new(desk: Client, case: Case) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = _page(desk, case, lijst="gewijzigd")
    lines = {what: (was, now) for what, was, now in _changes(page)}
    assert lines["Soort plaats"] == ("Eigen woning", "Woning ander")
    assert lines["Soort woonplaats"][1] == "Onbekend"
    assert any(now == "vervallen" for _, now in lines.values())
    assert any("etamine" in what and was == "leeg" for what, (was, _) in lines.items())
    assert any("6-MAM" in what or "Heroïne" in what for what in lines)
    assert "Zonder wijziging" in page
    assert len(asked) <= FEW_QUERIES, "\n".join(query["sql"][:200] for query in asked)


def test_the_whole_case_takes_few_queries_too(desk: Client, case: Case) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = _page(desk, case, lijst="gewijzigd", toon="alles")
    assert "Alleen wijzigingen (" in page
    assert _changes(page) == []
    assert len(asked) <= FEW_QUERIES, "\n".join(query["sql"][:200] for query in asked)


def test_marking_it_as_reviewed_takes_it_out_of_the_changed_ones(
    desk: Client, case: Case, reviewer: User, physician: User
) -> None:
    changed = BY_SLUG["gewijzigd"]
    assert list(cases_in(changed, reviewer)) == [case]
    url = reverse("register_desk:step", args=[case.pk, "reviewed"])
    assert desk.post(url, {"version": case.row_version, "lijst": "gewijzigd"}).status_code == 302
    case.refresh_from_db()
    assert (case.reviewed_by, case.reviewed_version) == (reviewer, case.row_version)
    assert list(cases_in(changed, reviewer)) == []
    assert "Alleen wijzigingen (0)" in _page(desk, case)
    # What the register changes itself is no news, what the region sends afterwards is, whatever the state.
    queries.accept_answers(case_id=case.pk, seen_version=version(case), by=reviewer)
    assert list(cases_in(changed, reviewer)) == []
    request = case.toxrequest_rows.get().pk
    toxicology.receive_report(
        case_id=case.pk, request_id=request, raw={"status": "final"}, seen_version=version(case), by=physician
    )
    assert list(cases_in(changed, reviewer)) == [case]


def test_a_mark_on_an_older_version_is_refused(desk: Client, case: Case) -> None:
    url = reverse("register_desk:step", args=[case.pk, "reviewed"])
    assert desk.post(url, {"version": case.row_version - 1}).status_code == 409
    case.refresh_from_db()
    assert case.unreviewed_since is not None


def test_several_warnings_are_accepted_with_one_reason_chosen_from_the_list(
    desk: Client, case: Case, reviewer: User
) -> None:
    keys = re.findall(r'name="warnings" value="([^"]+)" checked', _page(desk, case))
    assert len(keys) > 1
    url = reverse("register_desk:step", args=[case.pk, "accept-warnings"])
    page = desk.post(url, {"version": version(case), "warnings": keys[0]})
    assert page.status_code == 422
    assert "Kies of schrijf de reden" in page.content.decode()
    assert len(re.findall(r'name="warnings" value="[^"]+" checked', page.content.decode())) == 1
    sent = {"version": version(case), "warnings": keys, "because": "checked"}
    assert desk.post(url, sent).status_code == 302
    rows = case.acceptedfinding_rows.filter(by=reviewer)
    assert {row.reason for row in rows} == {"Nagekeken: zo is het."}
    assert f"{keys[0]}" not in re.findall(r'name="warnings" value="([^"]+)"', _page(desk, case))


def test_a_hint_of_toxicology_stands_beside_what_there_is_to_decide(desk: Client, case: Case) -> None:
    page = _page(desk, case)
    assert "Let op bij de uitslagen" in page


def test_closing_the_last_question_takes_the_case_back_into_review(desk: Client, case: Case) -> None:
    url = reverse("register_desk:step", args=[case.pk, "close-query"])
    assert desk.post(url, {"version": version(case), "query": str(case.query_rows.get().pk)}).status_code == 302
    case.refresh_from_db()
    assert case.status == "in_review"


def test_a_case_that_was_opened_again_still_shows_how_it_was_closed(
    desk: Client, physician: User, reviewer: User
) -> None:
    case = factories.closed(physician, reviewer)
    case = moves.reopen(case_id=case.pk, reason="Late uitslag", seen_version=case.row_version, by=reviewer)
    case = moves.take(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    review.conclude(case_id=case.pk, intent_final="suicide", seen_version=case.row_version, by=reviewer)
    row = case.substancefinding_rows.get()
    substances.remove_finding(
        case_id=case.pk, row_id=row.pk, reason="Onjuist gebleken", seen_version=version(case), by=reviewer
    )
    now, then = _page(desk, case, toon="alles"), _page(desk, case, toon="gesloten")
    left = then[: then.find('<aside class="panel"')]
    assert "Zoals de zaak was in versie 1" in left
    assert "Ongeval" in left[left.find("s-decided") :]
    assert "enige oorzaak" in left.casefold() or "cocaïne" in left.casefold()
    assert "Zoals de zaak was" not in now

"""A physician and a reviewer change one page of one case at the same time (journey J7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.casework import queries
from register.models import Case, User
from tests import factories
from tests.journeys.conftest import (
    DESKTOP,
    PATIENCE,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_touchable,
    sign_in,
)
from tests.scale import in_a_soak

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True, slots=True)
class Words:
    """What the two read."""

    language: str
    save: str
    reason: str
    changed: str
    yours: str


DUTCH = Words("nl", "Opslaan en naar takenlijst", "Reden van deze wijziging", "Intussen gewijzigd", "Uw antwoord")
ENGLISH = Words(
    "en", "Save and go to the task list", "Reason for this change", "Changed in the meantime", "Your answer"
)


@dataclass(frozen=True, slots=True)
class Two:
    """Two people, each in a browser of their own, and the case with a question out."""

    case: Case
    physician: Page
    reviewer: Page
    words: Words
    script: bool


@pytest.fixture(
    params=[(DUTCH, True), in_a_soak((ENGLISH, True)), in_a_soak((DUTCH, False)), (ENGLISH, False)],
    ids=["nl", "en", "nl without script", "en without script"],
)
def two(request: Any, browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Two]:
    words, script = request.param
    reads = {"language": words.language}
    doctor = User.objects.create_user("arts.amsterdam", role="physician", region_id=factories.AMSTERDAM, **reads)
    reviewer = User.objects.create_user(
        "register.jansen", role="register_staff", first_name="J.", last_name="Jansen", **reads
    )
    case = factories.in_review(doctor, reviewer)
    queries.ask(case_id=case.pk, field="", text="Klopt de leeftijd?", seen_version=case.row_version, by=reviewer)
    contexts = [browser.new_context(viewport=DESKTOP, java_script_enabled=script) for _ in range(2)]
    pages = [_signed_in(context, live_server, who) for context, who in zip(contexts, (doctor, reviewer), strict=True)]
    for page in pages:
        page.goto(f"{live_server.url}/zaken/{case.pk}/overledene/")
    yield Two(case, *pages, words, script)
    for context in contexts:
        context.close()


def _signed_in(context: BrowserContext, live_server: LiveServer, who: User) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(live_server.url)
    sign_in(page, who.username)
    return page


def _save(page: Page, words: Words, **answers: str) -> None:
    for name, value in answers.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_label(words.reason).fill("Nagekeken in het dossier")
    page.get_by_role("button", name=words.save).click()


def _stored(case: Case) -> Any:
    return Case.objects.get(pk=case.pk).decedent_section


def test_the_same_answer_asks_the_second_to_choose_and_different_answers_are_both_kept(two: Two) -> None:
    _save(two.reviewer, two.words, age_years="36")
    expect(two.reviewer).to_have_url(f"{_base(two)}/")
    _save(two.physician, two.words, age_years="35", birth_year="1991")
    page = two.physician
    panel = page.locator("section[aria-labelledby=verschil]")
    expect(panel.get_by_role("heading")).to_have_text(two.words.changed)
    expect(panel).to_contain_text("J. Jansen")
    expect(panel).to_contain_text("36")
    expect(page.locator("[name=age_years]")).to_have_value("35")
    assert (_stored(two.case).age_years, _stored(two.case).birth_year) == (36, 1991)
    if two.script:
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        assert_touchable(page)
    panel.get_by_label(two.words.yours).check()
    _save(page, two.words)
    expect(page).to_have_url(f"{_base(two)}/")
    assert _stored(two.case).age_years == 35
    for one in (two.physician, two.reviewer):
        one.goto(f"{_base(two)}/overledene/")
    _save(two.physician, two.words, age_years="34")
    expect(two.physician).to_have_url(f"{_base(two)}/")
    _save(two.reviewer, two.words, birth_year="1992")
    expect(two.reviewer).to_have_url(f"{_base(two)}/")
    assert (_stored(two.case).age_years, _stored(two.case).birth_year) == (34, 1992)
    names = _stored(two.case).history.values_list("history_user__username", flat=True)
    assert {"arts.amsterdam", "register.jansen"} <= set(names)


def test_the_same_form_sent_again_changes_nothing_and_a_window_that_is_gone_leaves_no_lock(two: Two) -> None:
    """Back and save once more: the browser sends the form that it sent before. Then its window closes."""
    page = two.physician
    form = {
        name: page.locator(f"form[method=post] [name={name}]").first.input_value()
        for name in ("csrfmiddlewaretoken", "version", "save_id")
    }
    form |= {"age_years": "35", "reason": "Nagekeken in het dossier", "do": "list"}
    address = page.url
    answers = [page.request.post(address, form=form, headers={"Referer": address}, max_redirects=0) for _ in range(2)]
    assert [answer.status for answer in answers] == [302, 302]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert _stored(two.case).history.filter(age_years=35).count() == 1
    page.locator("[name=age_years]").fill("38")
    page.close()
    two.reviewer.reload()
    _save(two.reviewer, two.words, age_years="36")
    expect(two.reviewer).to_have_url(f"{_base(two)}/")
    assert _stored(two.case).age_years == 36


def _base(two: Two) -> str:
    return two.reviewer.url.split("/zaken/")[0] + f"/zaken/{two.case.pk}"

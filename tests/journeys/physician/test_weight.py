"""What a page weighs on a line that is bad at night: everything that comes over the wire for it, with nothing kept.

The web server sends style sheets and scripts compressed, as whitenoise stores them; pages leave as they are, because a
compressed page that holds a secret can be guessed.
"""

import gzip

import pytest
from playwright.sync_api import Page, Response

from register.models import User
from register.web.physician.pages import PAGES
from tests import factories
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HEAVIEST = 150_000  # bytes
HEADERS = 1_500  # of one answer, at most


def test_no_page_of_a_case_weighs_more_than_its_measure(transactional_db: None, page: Page) -> None:
    user = User.objects.create_user("arts.amsterdam", role="physician", region_id=factories.AMSTERDAM)
    case = factories.filled(user)
    page.goto(page.url)
    sign_in(page, user.username)
    page.wait_for_url("**/zaken/", wait_until="networkidle")  # nothing of this page comes in among the next
    base = page.url.split("/zaken/")[0]
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    weights = {}
    for slug in [*(each.slug for each in PAGES), "controleren"]:
        answers.clear()
        page.goto(f"{base}/zaken/{case.pk}/{slug}/", wait_until="networkidle")
        weights[slug] = sum(map(_weight, answers))
    assert min(weights.values()) > HEADERS
    assert {slug: weight for slug, weight in weights.items() if weight > HEAVIEST} == {}


def _weight(answer: Response) -> int:
    sent = answer.body()
    return HEADERS + len(gzip.compress(sent) if "/static/" in answer.url else sent)

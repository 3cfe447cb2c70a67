"""What a page weighs on a line that is bad at night: everything that comes over the wire for it, with nothing kept."""

import pytest
from playwright.sync_api import Page

from register.models import User
from register.web.physician.pages import PAGES
from tests import factories
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HEAVIEST = 150_000  # bytes


def test_no_page_of_a_case_weighs_more_than_its_measure(transactional_db: None, page: Page) -> None:
    user = User.objects.create_user("arts.amsterdam", role="physician", region_id=factories.AMSTERDAM)
    case = factories.filled(user)
    page.goto(page.url)
    sign_in(page, user.username)
    page.wait_for_url("**/zaken/")
    base = page.url.split("/zaken/")[0]
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[float] = []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    weights = {}
    for slug in [*(each.slug for each in PAGES), "controleren"]:
        received.clear()
        page.goto(f"{base}/zaken/{case.pk}/{slug}/", wait_until="networkidle")
        weights[slug] = round(sum(received))
    assert all(weights.values())
    assert {slug: weight for slug, weight in weights.items() if weight > HEAVIEST} == {}

"""J12: somebody is invited, opens the account, and is switched off; within the number of acts that was promised."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from register.access import accounts, invitations, issue_token
from register.access.grants import Grant
from register.access.invitees import Invitee
from register.models import ApiToken, Invitation, OutboxMessage, User
from register.tasks import send_invitation
from tests.journeys.conftest import (
    DESKTOP,
    TABLET,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_touchable,
    follow,
    sign_in,
)
from tests.scale import in_a_soak
from tests.trail import looks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(databases=["default", "stats"], transaction=True)]
MOST_TO_INVITE, MOST_TO_ACCEPT, MOST_TO_SWITCH_OFF = 7, 10, 3
PASSWORD = "een zin die niemand raadt"


@dataclass(frozen=True, slots=True)
class Words:
    """What people read on buttons and labels."""

    invite: str
    send: str
    sent: str
    choose: str
    open_account: str
    off: str
    switched_off: str


WORDS = {
    "nl": Words(
        "Iemand uitnodigen",
        "De uitnodiging sturen",
        "is onderweg naar",
        "Kies een wachtwoord",
        "Mijn account openen",
        "Het account uitzetten",
        "Het account is uitgezet.",
    ),
    "en": Words(
        "Invite somebody",
        "Send the invitation",
        "is on its way to",
        "Choose a password",
        "Open my account",
        "Switch off the account",
        "The account was switched off.",
    ),
}


@dataclass(slots=True)
class Counted:
    """Acts, each counted: one click, one field filled, one option chosen."""

    done: list[str] = field(default_factory=list)

    def click(self, target: Locator) -> None:
        self.done.append("click")
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        self.done.append("fill")
        target.fill(text)

    def choose(self, target: Locator, value: str) -> None:
        self.done.append("choose")
        target.select_option(value)


@pytest.fixture
def admin(transactional_db: None, live_server: LiveServer, settings: Settings) -> User:
    settings.PUBLIC_URL = live_server.url
    return User.objects.create_user("beheer", role="admin", first_name="Bas", last_name="Beheer")


@pytest.fixture
def elsewhere(browser: Browser) -> Callable[..., Page]:
    """A page in the browser of somebody else."""
    contexts = []

    def _elsewhere(**options: object) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "nl-NL", **options})  # type: ignore[arg-type]
        contexts.append(context)
        return context.new_page()

    yield _elsewhere  # type: ignore[misc]
    for context in contexts:
        context.close()


def _link() -> str:
    """Let the worker mail what waits; the link in the last mail."""
    for message in OutboxMessage.objects.filter(done_at__isnull=True):
        send_invitation(str(message.pk))
    found = re.search(r"http\S+/uitnodiging/\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]


def invite(page: Page, words: Words) -> int:
    """From the list of users to the mail; how many acts it took."""
    acts = Counted()
    acts.click(page.get_by_role("link", name=words.invite))
    acts.fill(page.locator("[name=email]"), "wim@ggd.example")
    acts.fill(page.locator("[name=name]"), "Wim Waarnemer")
    acts.choose(page.locator("[name=role]"), "physician")
    acts.choose(page.locator("[name=region]"), "GG3406")
    acts.fill(page.locator("[name=ends_on_month]"), "12")
    acts.click(page.get_by_role("button", name=words.send))
    expect(page.get_by_text(words.sent)).to_be_visible()
    return len(acts.done)


def accept(page: Page, words: Words) -> int:
    """From the mail to the signed-in account; opening the link counts as one."""
    acts = Counted(["link"])
    page.goto(_link())
    expect(page.get_by_role("heading", name=words.choose)).to_be_visible()
    assert page.url.endswith("/uitnodiging/")
    acts.fill(page.locator("[name=password]"), PASSWORD)
    acts.fill(page.locator("[name=password_again]"), PASSWORD)
    acts.click(page.get_by_role("button", name=words.open_account))
    page.wait_for_url(lambda url: "/uitnodiging/" not in url)
    return len(acts.done)


def switch_off(page: Page, words: Words) -> int:
    """From the list of users to an account that does nothing any more."""
    acts = Counted()
    acts.click(page.get_by_role("link", name="Wim Waarnemer"))
    acts.fill(page.locator("#s-reason"), "Waarneming voorbij")
    acts.click(page.get_by_role("button", name=words.off))
    expect(page.get_by_text(words.switched_off)).to_be_visible()
    return len(acts.done)


@pytest.mark.parametrize("language", [in_a_soak("nl"), "en"])
def test_somebody_is_invited_opens_the_account_and_is_switched_off(
    admin: User, page: Page, elsewhere: Callable[..., Page], language: str
) -> None:
    User.objects.update(language=language)
    words = WORDS[language]
    sign_in(page, "beheer")
    assert invite(page, words) <= MOST_TO_INVITE
    theirs = elsewhere()
    assert accept(theirs, WORDS["nl"]) <= MOST_TO_ACCEPT
    user = User.objects.get(username="wim")
    assert (user.role, user.region_id, user.ends_on.month) == ("physician", "GG3406", 12)  # type: ignore[union-attr]

    page.goto(page.url.split("/beheer/")[0])
    assert switch_off(page, words) <= MOST_TO_SWITCH_OFF
    theirs.reload()
    expect(theirs).to_have_url(re.compile("/aanmelden/"))
    assert len(looks(code="authz.change", objects=[user.pk])) == 2


def test_the_whole_way_goes_without_javascript(
    admin: User, without_script: Page, elsewhere: Callable[..., Page]
) -> None:
    sign_in(without_script, "beheer")
    invite(without_script, WORDS["nl"])
    accept(elsewhere(java_script_enabled=False), WORDS["nl"])
    without_script.goto(without_script.url.split("/beheer/")[0])
    switch_off(without_script, WORDS["nl"])
    assert not User.objects.get(username="wim").is_active


def _type(page: Page, *keys: str) -> None:
    """Go to the next control and type there."""
    page.keyboard.press("Tab")
    for key in keys:
        page.keyboard.type(key)


def test_somebody_is_invited_with_the_keyboard_alone(admin: User, page: Page) -> None:
    sign_in(page, "beheer")
    page.get_by_role("link", name="Iemand uitnodigen").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/nieuw/"))
    page.locator("[name=email]").focus()
    page.keyboard.type("wim@ggd.example")
    _type(page, "Wim Waarnemer")
    _type(page, "Forensisch arts")
    _type(page, "GGD Amsterdam")
    _type(page)
    for _ in range(3):  # day, month and year stay as proposed
        _type(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("is onderweg naar")).to_be_visible()
    assert Invitation.objects.get().region_id == "GG3406"


def test_an_expired_link_gives_a_page_with_a_way_out(
    admin: User, page: Page, live_server: LiveServer, settings: Settings
) -> None:
    page.goto(f"{live_server.url}/uitnodiging/niet:van:hier")
    expect(page.get_by_role("heading", name="Deze link werkt niet meer")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("main").get_by_role("link", name="Aanmelden").click()
    expect(page.get_by_role("heading", name="Aanmelden")).to_be_visible()


def test_a_token_is_issued_shown_once_and_revoked(admin: User, page: Page, live_server: LiveServer) -> None:
    sign_in(page, "beheer")
    page.get_by_role("link", name="Tokens").first.click()
    page.get_by_role("link", name="Token uitgeven").click()
    page.fill("[name=organisation]", "Trimbos-instituut")
    page.get_by_role("button", name="Het token uitgeven").click()
    plain = page.locator("#f-token").input_value()
    headers = {"Authorization": f"Bearer {plain}"}
    assert page.request.get(f"{live_server.url}/v1/releases", headers=headers).status == 200
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="Terug naar de tokens"))
    assert plain not in page.content()
    page.get_by_role("button", name="Intrekken Trimbos-instituut").click()
    expect(page.get_by_text("Het token van Trimbos-instituut is ingetrokken.")).to_be_visible()
    assert page.request.get(f"{live_server.url}/v1/releases", headers=headers).status == 401
    assert ApiToken.objects.get().revoked_at is not None


@pytest.fixture
def paths(admin: User) -> list[str]:
    """Every page of the desk, with accounts in more than one state and a token behind it."""
    for number in range(30):
        User.objects.create_user(f"arts{number:02}", role="physician", region_id="GG3406", first_name=f"Arts {number}")
    changed, other = User.objects.get(username="arts00"), User.objects.get(username="arts01")
    accounts.switch_off(user_id=changed.pk, reason="uit dienst", seen_version=1, by=admin)
    issue_token(organisation="NDM", by=admin, expires_at=timezone.now() + timedelta(days=9))
    grant = Grant("physician", "GG3406", ends_on=timezone.localdate() + timedelta(days=90))
    invitee = Invitee(name="Wim Waarnemer", email="wim@ggd.example", grant=grant)
    invitation = invitations.invite(invitee=invitee, by=admin, now=timezone.now())
    return [
        "/beheer/gebruikers/actief/",
        "/beheer/gebruikers/uitgenodigd/",
        f"/beheer/gebruikers/{changed.pk}/",
        f"/beheer/gebruikers/{other.pk}/",
        f"/beheer/gebruikers/{admin.pk}/",
        "/beheer/uitnodigingen/nieuw/",
        f"/beheer/uitnodigingen/{invitation.pk}/",
        "/beheer/toegang/",
        "/beheer/tokens/",
        "/beheer/tokens/nieuw/",
    ]


@pytest.mark.parametrize(("language", "theme"), [("nl", "night"), in_a_soak("en", "light")])
def test_every_page_of_the_desk_is_accessible_and_fits_a_phone(
    paths: list[str],
    page: Page,
    elsewhere: Callable[..., Page],
    live_server: LiveServer,
    language: str,
    theme: str,
) -> None:
    User.objects.update(language=language, theme=theme)
    sign_in(page, "beheer")
    for path in paths:
        page.goto(live_server.url + path)
        _assert_good(page)
    page.goto(f"{live_server.url}/beheer/uitnodigingen/nieuw/")
    follow(page, page.get_by_role("button", name=WORDS[language].send))
    _assert_good(page)
    theirs = elsewhere()
    theirs.goto(_link())
    _assert_good(theirs)
    follow(theirs, theirs.get_by_role("button", name=WORDS["nl"].open_account))
    _assert_good(theirs)


def _assert_good(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_every_control_of_the_desk_is_large_enough_for_a_finger_on_a_tablet(
    paths: list[str], elsewhere: Callable[..., Page], live_server: LiveServer
) -> None:
    touched = elsewhere(viewport=TABLET, has_touch=True, is_mobile=True)
    touched.goto(_link())
    assert_touchable(touched)
    touched.goto(live_server.url)
    sign_in(touched, "beheer")
    for path in paths:
        touched.goto(live_server.url + path)
        assert_touchable(touched)

"""The pages about accounts: who is there, one of them, and what an administrator changes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from register.audit import acting_as
from register.models import AccountChange, User
from register.web.admin_desk.users import LISTINGS, PAGE
from register.workflow.roles import Role
from tests.integration.access.conftest import AMSTERDAM, ROTTERDAM, Invite
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = pytest.mark.django_db
FEW_QUERIES = 10
LIST = "/beheer/gebruikers/"


def _many(count: int, **changes: object) -> None:
    for number in range(count):
        values = {"role": "physician", "region_id": AMSTERDAM, "forensic_service_id": f"FD-{AMSTERDAM}", **changes}
        User.objects.create_user(f"arts{number:03}-{len(changes)}", first_name="Arts", **values)


def _grant(user: User, **changes: str) -> dict[str, str]:
    user.refresh_from_db()
    return {
        "role": "physician",
        "region": AMSTERDAM,
        "reason": "verhuisd",
        "version": str(user.grant_version),
        **changes,
    }


def test_the_home_of_an_administrator_is_the_list_of_users(desk: Client) -> None:
    page = desk.get("/", follow=True)
    assert page.redirect_chain[-1][0] == f"{LIST}actief/"
    assert "Bas Beheer" in page.content.decode()


def test_each_list_shows_the_accounts_in_its_state_and_no_other(desk: Client, invite: Invite) -> None:
    today = timezone.localdate()
    for name, change in (
        ("werkt", {}),
        ("klaar", {"ends_on": today - timedelta(days=1)}),
        ("weg", {"is_active": False}),
    ):
        User.objects.create_user(f"{name}.arts", role="auditor", first_name=name, **change)
    invite(name="Nog Niet")
    late = invite(name="Te Laat", email="laat@ggd.example")
    now = timezone.now()
    with acting_as("system:test"):
        late.change(created_at=now - timedelta(days=9), expires_at=now - timedelta(days=1))
    names = {"actief": "werkt", "beeindigd": "klaar", "uitgezet": "weg"}
    names |= {"uitgenodigd": "Nog Niet", "uitnodiging-verlopen": "Te Laat"}
    assert set(names) == set(LISTINGS)
    for slug, name in names.items():
        body = desk.get(f"{LIST}{slug}/").content.decode()
        assert f">{name}</a>" in body
        assert not [other for other in names.values() if other != name and f">{other}</a>" in body]


@pytest.mark.parametrize("slug", LISTINGS)
def test_the_second_page_of_a_list_takes_few_queries_and_is_noted(desk: Client, invite: Invite, slug: str) -> None:
    _many(PAGE + 5)
    _many(PAGE + 5, is_active=False)
    for number in range(PAGE + 5):
        invite(email=f"w{number}@ggd.example")
    desk.get(f"{LIST}{slug}/")
    with CaptureQueriesContext(connection) as queries:
        page = desk.post(f"{LIST}{slug}/", {"blad": "2"})
    assert page.status_code == 200
    asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= FEW_QUERIES, "\n".join(asked)
    noted = looks(code="user.list")[-1]
    assert noted.row_count == len(page.context["rows"])


def test_a_search_finds_by_name_role_and_region_and_stands_in_no_address(desk: Client) -> None:
    _many(3)
    User.objects.create_user("hanna", role="coordinator", region_id=ROTTERDAM, first_name="Hanna", last_name="Hoofdweg")
    found = desk.post(f"{LIST}actief/", {"words": "hoofdweg HANNA", "role": "coordinator", "region": ROTTERDAM})
    assert [row.username for row in found.context["rows"]] == ["hanna"]
    for wanted in ({"role": "physician"}, {"region": AMSTERDAM}):
        rows = desk.post(f"{LIST}actief/", {"words": "", **wanted}).context["rows"]
        assert {row.name for row in rows} == {"Arts"}


@pytest.mark.parametrize("words", ["\x00", "\u202e", "'; DROP TABLE", "%", "x" * 5000, "nobody at all"])
def test_a_search_for_nonsense_finds_nobody_and_breaks_nothing(desk: Client, words: str) -> None:
    page = desk.post(f"{LIST}actief/", {"words": words, "role": "\x00", "region": "\x00", "blad": "1e9"})
    assert (page.status_code, page.context["rows"]) == (200, [])


def test_a_page_that_does_not_exist_is_the_last_one(desk: Client) -> None:
    _many(PAGE)
    assert desk.post(f"{LIST}actief/", {"blad": "999999999999999999999"}).context["page"].number == 2
    assert desk.post(f"{LIST}actief/", {"blad": "-1"}).status_code == 200
    assert desk.get(f"{LIST}onbekend/").status_code == 404


def test_a_change_is_stored_shown_and_noted(desk: Client, physician: User) -> None:
    page = desk.post(f"{LIST}{physician.pk}/wijzigen/", _grant(physician, region=ROTTERDAM), follow=True)
    body = page.content.decode()
    assert "Het account is gewijzigd." in body
    assert "verhuisd" in body
    physician.refresh_from_db()
    assert physician.region_id == ROTTERDAM
    assert [(look.objects, look.object_type) for look in looks(code="authz.change")] == [([physician.pk], "user")]


def test_mistakes_come_back_at_the_field_with_everything_that_was_typed(desk: Client, physician: User) -> None:
    sent = _grant(physician, role="coordinator", region="", reason="", ends_on_day="31", ends_on_month="2")
    page = desk.post(f"{LIST}{physician.pk}/wijzigen/", {**sent, "ends_on_year": "2030"})
    assert page.status_code == 422
    wrong = {field.name for field in page.context["change_fields"] if field.error}
    assert wrong == {"region", "reason", "ends_on"}
    role, *_, ends_on, _reason = page.context["change_fields"]
    assert [option.value for option in role.options if option.chosen] == ["coordinator"]
    assert [part.value for part in ends_on.parts] == ["31", "2", "2030"]
    assert page.context["switch_field"].value == ""
    assert not AccountChange.objects.exists()


@pytest.mark.parametrize(
    "boxes",
    [("1", "", ""), ("1", "1", "26"), ("x", "1", "2030"), ("30", "2", "2030"), ("1", "1", "0000"), ("١", "1", "2030")],
)
def test_an_end_date_that_is_no_day_is_refused(desk: Client, physician: User, boxes: tuple[str, str, str]) -> None:
    dates = dict(zip(("ends_on_day", "ends_on_month", "ends_on_year"), boxes, strict=True))
    page = desk.post(f"{LIST}{physician.pk}/wijzigen/", _grant(physician, **dates))
    assert page.status_code == 422
    assert "Vul een dag in die bestaat" in page.content.decode()


def test_an_old_page_says_that_somebody_else_was_first(desk: Client, physician: User) -> None:
    sent = _grant(physician, region=ROTTERDAM)
    User.objects.filter(pk=physician.pk).update(ends_on="2030-01-01", grant_version=2)
    page = desk.post(f"{LIST}{physician.pk}/wijzigen/", sent)
    assert page.status_code == 409
    assert "Een ander heeft dit intussen gewijzigd" in page.content.decode()
    assert page.context["change_fields"][-1].value == "verhuisd"


def test_switching_off_asks_a_reason_and_ends_every_session(desk: Client, physician: User) -> None:
    session = Client()
    sign_in(session, physician)
    url = f"{LIST}{physician.pk}/uitzetten/"
    refused = desk.post(url, {"version": "1", "reason": ""})
    assert (refused.status_code, refused.context["switch_field"].error) == (422, "Schrijf op waarom u dit doet.")
    assert session.get("/mijn-profiel/").status_code == 200
    done = desk.post(url, {"version": "1", "reason": "uit dienst"}, follow=True)
    assert "De persoon is overal afgemeld." in done.content.decode()
    assert session.get("/mijn-profiel/").status_code == 302
    again = desk.post(f"{LIST}{physician.pk}/aanzetten/", {"version": "2", "reason": "toch niet"}, follow=True)
    assert "Het account is aangezet." in again.content.decode()


def test_the_own_account_shows_no_form_and_cannot_be_changed_by_hand(desk: Client, admin: User) -> None:
    page = desk.get(f"{LIST}{admin.pk}/").content.decode()
    assert "Uw eigen account" in page
    assert "/uitzetten/" not in page
    for step in ("wijzigen", "uitzetten"):
        answer = desk.post(f"{LIST}{admin.pk}/{step}/", _grant(admin))
        assert answer.status_code == 403
        assert "Uw eigen rechten wijzigt u niet zelf." in answer.content.decode()
    assert len(looks(code="authz.denied")) == 2


def test_a_page_of_somebody_who_does_not_exist_is_not_found(desk: Client) -> None:
    for step in ("", "wijzigen/", "uitzetten/", "aanzetten/"):
        url = f"{LIST}{AccountChange().pk}/{step}"
        answer = desk.post(url, {"reason": "x", "role": "auditor"}) if step else desk.get(url)
        assert answer.status_code == 404


def test_the_review_of_access_names_who_gave_what_and_what_needs_attention(desk: Client, physician: User) -> None:
    desk.post(f"{LIST}{physician.pk}/wijzigen/", _grant(physician, region=ROTTERDAM))
    User.objects.create_user(
        "slaper", role="auditor", last_login=timezone.now() - timedelta(days=100), ends_on=timezone.localdate()
    )
    User.objects.create_user("voorbij", role="auditor", ends_on=timezone.localdate() - timedelta(days=1))
    rows = {row["user"].username: row for row in desk.get("/beheer/toegang/").context["rows"]}
    assert rows["arts"]["granted_by"] == "Bas Beheer"
    assert rows["slaper"]["attention"] == "90 dagen niet gebruikt"
    assert rows["voorbij"]["attention"] == "einddatum voorbij"


def test_the_review_of_access_takes_few_queries_for_many_accounts(desk: Client) -> None:
    _many(60)
    desk.get("/beheer/toegang/")
    with CaptureQueriesContext(connection) as queries:
        desk.get("/beheer/toegang/?blad=2")
    asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= FEW_QUERIES, "\n".join(asked)


PATHS = (
    LIST,
    f"{LIST}actief/",
    f"{LIST}{{user}}/",
    "/beheer/uitnodigingen/nieuw/",
    "/beheer/uitnodigingen/{invitation}/",
    "/beheer/toegang/",
    "/beheer/tokens/",
    "/beheer/tokens/nieuw/",
)
STEPS = (
    f"{LIST}{{user}}/wijzigen/",
    f"{LIST}{{user}}/uitzetten/",
    f"{LIST}{{user}}/aanzetten/",
    "/beheer/uitnodigingen/nieuw/",
    "/beheer/uitnodigingen/{invitation}/opnieuw/",
    "/beheer/uitnodigingen/{invitation}/intrekken/",
    "/beheer/tokens/nieuw/",
    "/beheer/tokens/{user}/intrekken/",
)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_no_other_role_enters_the_desk(physician: User, invite: Invite, role: Role) -> None:
    keys = {"user": physician.pk, "invitation": invite().pk}
    other = User.objects.create_user("other", role=role.value, region_id=AMSTERDAM)
    client = Client()
    sign_in(client, other)
    for path in PATHS:
        assert client.get(path.format(**keys)).status_code == 403, path
    for path in STEPS:
        assert client.post(path.format(**keys), _grant(physician, region=ROTTERDAM)).status_code == 403, path
    assert not AccountChange.objects.exists()
    assert Client().get(f"{LIST}actief/").status_code == 302


def test_the_desk_shows_no_word_of_a_case(desk: Client, physician: User, invite: Invite) -> None:
    from tests.factories import handed_in

    case = handed_in(physician)
    keys = {"user": physician.pk, "invitation": invite().pk}
    for path in PATHS:
        body = desk.get(path.format(**keys), follow=True).content.decode()
        assert case.case_number not in body
    assert not [look for look in looks(role="admin") if case.pk in look.objects]

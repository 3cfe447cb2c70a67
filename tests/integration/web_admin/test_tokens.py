"""Tokens at the administrator's desk: shown once, worthless from the next request after they were revoked."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from register.access import issue_token
from register.models import ApiToken, User
from tests.trail import looks

pytestmark = pytest.mark.django_db(databases=["default", "stats"])
LIST, NEW = "/beheer/tokens/", "/beheer/tokens/nieuw/"


def _sent(**changes: str) -> dict[str, str]:
    return {"organisation": "Trimbos", "days": "90", "scope": "aggregates:read", "key": str(uuid4()), **changes}


def _shown(body: str) -> str:
    found = re.search(r'id="f-token" value="([\w-]{40,})"', body)
    assert found
    return found[1]


def _status(plain: str) -> int:
    return Client().get("/v1/releases", headers={"Authorization": f"Bearer {plain}"}).status_code


def test_a_token_is_shown_once_works_and_is_worthless_after_it_was_revoked(desk: Client) -> None:
    page = desk.post(NEW, _sent())
    plain = _shown(page.content.decode())
    assert page["Cache-Control"] == "no-store"
    assert _status(plain) == 200
    token = ApiToken.objects.get()
    assert (token.organisation, token.scope, (token.expires_at - token.created_at).days) == (
        "Trimbos",
        "aggregates:read",
        89,
    )
    listed = desk.get(LIST)
    assert plain not in listed.content.decode()
    assert listed.context["rows"][0]["token"].last_used_at is not None
    desk.post(f"{LIST}{token.pk}/intrekken/")
    assert _status(plain) == 401
    assert [look.code for look in looks()] == [
        "token.issue",
        "stats.read",
        "token.list",
        "token.revoke",
        "stats.read",
    ]


def test_a_form_that_is_sent_again_shows_no_token_and_makes_none(desk: Client) -> None:
    sent = _sent()
    desk.post(NEW, sent)
    again = desk.post(NEW, sent)
    assert again.status_code == 403
    assert "al uitgegeven" in again.content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"organisation": ""}, {"organisation"}),
        ({"organisation": "x" * 300}, {"organisation"}),
        ({"organisation": "Trim\u202ebos"}, {"organisation"}),
        ({"organisation": "nul\x00"}, {"organisation"}),
        ({"days": "0"}, {"days"}),
        ({"days": "367"}, {"days"}),
        ({"days": "-1"}, {"days"}),
        ({"days": "1e9"}, {"days"}),
        ({"days": "٩٠"}, {"days"}),
        ({"days": "99999999999999999999"}, {"days"}),
        ({"scope": "cases:read"}, {"scope"}),
        ({"scope": "", "days": "", "organisation": ""}, {"organisation", "days", "scope"}),
    ],
)
def test_what_cannot_be_issued_has_a_sentence_at_its_field(
    desk: Client, changes: dict[str, str], wrong: set[str]
) -> None:
    page = desk.post(NEW, _sent(**changes))
    assert page.status_code == 422
    assert {field.name for field in page.context["fields"] if field.error} == wrong
    assert not ApiToken.objects.exists()


def test_a_broken_key_of_the_form_is_no_obstacle(desk: Client) -> None:
    assert desk.post(NEW, _sent(key="../..")).status_code == 200


def test_what_still_opens_something_comes_first(desk: Client, admin: User) -> None:
    for days in (1, 2, 3):
        issue_token(organisation=f"o{days}", by=admin, expires_at=timezone.now() + timedelta(days=days))
    desk.post(f"{LIST}{ApiToken.objects.get(organisation='o3').pk}/intrekken/")
    assert [row["token"].organisation for row in desk.get(LIST).context["rows"]] == ["o2", "o1", "o3"]


def test_an_unknown_token_is_not_found(desk: Client) -> None:
    assert desk.post(f"{LIST}{uuid4()}/intrekken/").status_code == 404

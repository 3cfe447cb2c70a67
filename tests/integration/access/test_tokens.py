"""A token of an organisation: scoped, for at most a year, worthless from the moment it is revoked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from register.access import issue_token, organisation_of, revoke_token
from register.access.errors import InvalidError, NotFoundError, RefusedError
from register.audit import acting_as
from register.models import ApiToken, User
from register.workflow.roles import Role

pytestmark = pytest.mark.django_db


def _issue(by: User, **changes: object) -> tuple[ApiToken, str]:
    values: dict[str, object] = {
        "organisation": "Trimbos-instituut",
        "expires_at": timezone.now() + timedelta(days=90),
        **changes,
    }
    return issue_token(by=by, **values)  # type: ignore[arg-type]


def test_a_token_opens_only_what_it_is_for(admin: User) -> None:
    token, plain = _issue(admin)
    assert token.scope == "aggregates:read"
    assert organisation_of(plain, now=timezone.now()) == token
    assert organisation_of(plain, now=timezone.now(), scope="cases:read") is None


def test_a_revoked_token_is_worthless_at_its_next_use(admin: User) -> None:
    token, plain = _issue(admin)
    assert organisation_of(plain, now=timezone.now())
    revoke_token(token_id=token.pk, by=admin)
    assert organisation_of(plain, now=timezone.now()) is None


def test_the_last_use_is_noted_once_a_minute(admin: User) -> None:
    now = timezone.now()
    _, plain = _issue(admin)
    for seconds, noted in ((0, 0), (59, 0), (61, 61)):
        organisation_of(plain, now=now + timedelta(seconds=seconds))
        assert ApiToken.objects.get().last_used_at == now + timedelta(seconds=noted)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organisation": " "}, "organisation"),
        ({"organisation": "x" * 121}, "organisation"),
        ({"organisation": "Trimbos\r\nX"}, "organisation"),
        ({"organisation": "Trim\u202ebos"}, "organisation"),
        ({"scope": "cases:read"}, "scope"),
        ({"scope": ""}, "scope"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "days"),
        ({"expires_at": timezone.now() + timedelta(days=400)}, "days"),
    ],
)
def test_a_token_that_cannot_be_has_its_fault_at_the_field(admin: User, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        _issue(admin, **changes)
    assert {fault.field for fault in refused.value.faults} == {field}
    assert not ApiToken.objects.exists()


def test_a_form_that_was_sent_twice_makes_one_token(admin: User) -> None:
    key = uuid4()
    _issue(admin, token_id=key)
    with pytest.raises(RefusedError, match="issued already"):
        _issue(admin, token_id=key)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_an_administrator_issues_or_revokes(admin: User, role: Role) -> None:
    token, _ = _issue(admin)
    other = User.objects.create_user("other", role=role.value, region_id="GG3406")
    with pytest.raises(RefusedError):
        _issue(other)
    with pytest.raises(RefusedError):
        revoke_token(token_id=token.pk, by=other)


def test_an_unknown_token_is_not_found(admin: User) -> None:
    with pytest.raises(NotFoundError):
        revoke_token(token_id=uuid4(), by=admin)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"scope": "cases:read"}, "token_scope_known"),
        ({"expires_at": timezone.now() + timedelta(days=400)}, "token_expires_within_a_year"),
        ({"expires_at": timezone.now() - timedelta(days=400)}, "token_expires_within_a_year"),
    ],
)
def test_the_database_holds_the_scope_and_the_year(admin: User, change: dict[str, object], constraint: str) -> None:
    token, _ = _issue(admin)
    with pytest.raises(IntegrityError, match=constraint), acting_as("system:test"):
        ApiToken.objects.filter(pk=token.pk).update(**change)

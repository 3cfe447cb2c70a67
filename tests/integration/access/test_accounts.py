"""What an administrator changes about an account, and what an account keeps of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from register.access import accounts
from register.access.accounts import AccountState
from register.access.errors import InvalidError, NotFoundError, RefusedError, StaleError
from register.access.grants import Grant
from register.access.review import holdings
from register.audit import acting_as
from register.models import AccountChange, User
from register.workflow.roles import Role
from tests.conftest import session_of
from tests.integration.access.conftest import AMSTERDAM, ROTTERDAM
from tests.signing_in import sign_in
from tests.trail import nobody

pytestmark = pytest.mark.django_db
REASON = "gaat naar een andere GGD"


def _change(user: User, by: User, **changes: object) -> User:
    values: dict[str, object] = {
        "grant": Grant(Role.PHYSICIAN.value, ROTTERDAM),
        "reason": REASON,
        "seen_version": User.objects.get(pk=user.pk).grant_version,
        **changes,
    }
    return accounts.change(user_id=user.pk, by=by, today=timezone.localdate(), **values)  # type: ignore[arg-type]


def _faults(user: User, by: User, **changes: object) -> set[str]:
    with pytest.raises(InvalidError) as refused:
        _change(user, by, **changes)
    return {fault.field for fault in refused.value.faults}


def test_a_change_keeps_who_made_it_why_and_what_was_before(admin: User, physician: User) -> None:
    changed = _change(physician, admin)
    assert (changed.region_id, changed.forensic_service_id) == (ROTTERDAM, f"FD-{ROTTERDAM}")
    first, second = physician.changes.order_by("at")
    assert (first.name, first.region_id, first.by, first.at) == ("created", AMSTERDAM, None, physician.date_joined)
    assert (second.name, second.region_id, second.by, second.reason) == ("changed", ROTTERDAM, admin, REASON)


def test_an_old_form_changes_nothing(admin: User, physician: User) -> None:
    seen = physician.grant_version
    _change(physician, admin)
    with pytest.raises(StaleError):
        _change(physician, admin, grant=Grant(Role.REGISTER_STAFF.value), seen_version=seen)
    assert User.objects.get(pk=physician.pk).role == Role.PHYSICIAN.value


def test_signing_in_or_choosing_a_theme_makes_no_form_old(admin: User, physician: User) -> None:
    before = User.objects.get(pk=physician.pk).grant_version
    physician.theme, physician.last_login = "night", timezone.now()
    physician.save(update_fields=["theme", "last_login"])
    assert User.objects.get(pk=physician.pk).grant_version == before


@pytest.mark.parametrize(
    ("grant", "field"),
    [
        (Grant("god"), "role"),
        (Grant(""), "role"),
        (Grant("physician"), "region"),
        (Grant("coordinator"), "region"),
        (Grant("physician", "GG9999"), "region"),
        (Grant("physician", "GG\x0034"), "region"),
        (Grant("register_staff", AMSTERDAM), "region"),
        (Grant("physician", AMSTERDAM, f"FD-{ROTTERDAM}"), "forensic_service"),
        (Grant("coordinator", AMSTERDAM, f"FD-{AMSTERDAM}"), "forensic_service"),
        (Grant("physician", AMSTERDAM, ends_on=date(2020, 1, 1)), "ends_on"),
    ],
)
def test_a_grant_that_cannot_be_has_its_fault_at_the_field(
    admin: User, physician: User, grant: Grant, field: str
) -> None:
    assert _faults(physician, admin, grant=grant) == {field}


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "twee\nregels", "omge\u202edraaid", "nul\x00"])
def test_a_change_has_a_reason_that_can_be_read(admin: User, physician: User, reason: str) -> None:
    assert _faults(physician, admin, reason=reason) == {"reason"}


def test_a_form_that_changes_nothing_says_so(admin: User, physician: User) -> None:
    changed = _change(physician, admin)
    assert _faults(changed, admin) == {"role"}


def test_an_end_date_that_has_passed_may_stay_when_something_else_changes(admin: User, physician: User) -> None:
    ended = timezone.localdate() - timedelta(days=3)
    User.objects.filter(pk=physician.pk).update(ends_on=ended)
    changed = _change(physician, admin, grant=Grant(Role.PHYSICIAN.value, ROTTERDAM, ends_on=ended))
    assert accounts.state_of(changed, today=timezone.localdate()) is AccountState.ENDED


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_an_administrator_changes_an_account(physician: User, role: Role) -> None:
    other = User.objects.create_user("other", role=role.value, region_id=AMSTERDAM)
    with pytest.raises(RefusedError):
        _change(physician, other)
    with pytest.raises(RefusedError):
        accounts.switch_off(user_id=physician.pk, reason=REASON, seen_version=1, by=other)


def test_an_administrator_changes_nothing_about_the_own_account(admin: User) -> None:
    with pytest.raises(RefusedError, match="own rights"):
        _change(admin, admin, grant=Grant(Role.REGISTER_STAFF.value))
    with pytest.raises(RefusedError, match="own rights"):
        accounts.switch_off(user_id=admin.pk, reason=REASON, seen_version=admin.grant_version, by=admin)


def test_an_administrator_who_was_switched_off_meanwhile_changes_nothing(admin: User, physician: User) -> None:
    User.objects.filter(pk=admin.pk).update(is_active=False)
    assert admin.is_active
    with pytest.raises(RefusedError):
        _change(physician, admin)


def test_an_unknown_account_is_not_found(admin: User) -> None:
    with pytest.raises(NotFoundError):
        accounts.switch_off(user_id=AccountChange().pk, reason=REASON, seen_version=1, by=admin)


def _client(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    assert client.get("/mijn-profiel/").status_code == 200
    return client


def test_every_session_ends_when_role_or_region_changes(admin: User, physician: User) -> None:
    sessions = [_client(physician), _client(physician)]
    _change(physician, admin)
    assert [session.get("/mijn-profiel/").status_code for session in sessions] == [302, 302]


def test_a_session_stays_when_only_the_end_date_changes(admin: User, physician: User) -> None:
    session = _client(physician)
    later = timezone.localdate() + timedelta(days=30)
    _change(physician, admin, grant=Grant(Role.PHYSICIAN.value, AMSTERDAM, ends_on=later))
    assert session.get("/mijn-profiel/").status_code == 200


def test_a_session_of_before_does_not_revive_when_the_account_is_switched_on_again(
    admin: User, physician: User
) -> None:
    session = _client(physician)
    act = {"user_id": physician.pk, "reason": REASON, "by": admin}
    off = accounts.switch_off(seen_version=physician.grant_version, **act)
    assert session.get("/mijn-profiel/").status_code == 302
    assert not Client().login(username="arts", password="x")
    accounts.switch_on(seen_version=off.grant_version, **act)
    assert session.get("/mijn-profiel/").status_code == 302
    assert _client(User.objects.get(pk=physician.pk))
    assert list(physician.changes.order_by("at").values_list("name", flat=True)) == [
        "created",
        "switched_off",
        "switched_on",
    ]


def test_a_role_changed_by_plain_sql_ends_the_session_too(physician: User) -> None:
    session = _client(physician)
    with acting_as("system:test"), connection.cursor() as cursor:
        cursor.execute("UPDATE register_user SET role = 'register_staff' WHERE id = %s", [physician.pk])
    assert session.get("/mijn-profiel/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_switch_each_other_off_at_the_same_moment(admin: User) -> None:
    other = User.objects.create_user("beheer2", role=Role.ADMIN.value)
    start = Barrier(2)

    def off(user: User, by: User) -> bool:
        start.wait(10)
        try:
            accounts.switch_off(user_id=user.pk, reason=REASON, seen_version=user.grant_version, by=by)
        except RefusedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(off, (admin, other), (other, admin)))
    assert sorted(done) == [False, True]
    assert User.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize("statement", ["UPDATE register_accountchange SET reason = 'x'", "DELETE FROM register_user"])
def test_the_app_role_cannot_rewrite_what_happened_to_an_account(statement: str) -> None:
    with session_of("default") as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement)


def test_a_line_about_an_account_names_who_acts(physician: User) -> None:
    nobody()
    with pytest.raises(DatabaseError, match="write without actor"), transaction.atomic():
        accounts.remember(physician, AccountChange.Name.CHANGED, by=None)


def test_the_review_says_since_when_and_by_whom_somebody_has_the_role_of_now(admin: User, physician: User) -> None:
    now = timezone.now()
    before = holdings([physician], today=timezone.localdate(), now=now)[0]
    assert (before.since, before.granted_by) == (physician.date_joined, None)
    changed = _change(physician, admin)
    later = timezone.localdate() + timedelta(days=30)
    _change(changed, admin, grant=Grant(Role.PHYSICIAN.value, ROTTERDAM, ends_on=later), reason="verlengd")
    after = holdings([User.objects.get(pk=physician.pk)], today=timezone.localdate(), now=now)[0]
    assert after.granted_by == admin
    assert after.since == physician.changes.get(reason=REASON).at


@pytest.mark.parametrize(
    ("last_login", "joined", "unused"),
    [(1, 400, False), (91, 400, True), (None, 91, True), (None, 1, False)],
)
def test_the_review_points_at_accounts_that_nobody_used_for_ninety_days(
    physician: User, last_login: int | None, joined: int, unused: bool
) -> None:
    now = timezone.now()
    physician.last_login = None if last_login is None else now - timedelta(days=last_login)
    physician.date_joined = now - timedelta(days=joined)
    assert holdings([physician], today=timezone.localdate(), now=now)[0].unused is unused

"""Who may do what, and what each person sees through the door."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from register.access import VERBS_OF, cases_for, issue_token, may, organisation_of, releases_for, revoke_token
from register.audit import acting_as
from register.models import Case, ForensicService, User
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb

pytestmark = pytest.mark.django_db

AMSTERDAM, ROTTERDAM = "GG3406", "GG4607"


def _user(role: Role, region: str | None = None, name: str = "") -> User:
    return User.objects.create_user(name or f"{role.value}-{region}", role=role.value, region_id=region)


def _case(reporter: User, status: CaseState = CaseState.SUBMITTED, number: str = "2026-000001") -> Case:
    service = ForensicService.objects.get(region_id=reporter.region_id)
    with acting_as(reporter):
        case = Case(
            case_number=number,
            region_id=reporter.region_id,
            forensic_service=service,
            reporter=reporter,
            status=status.value,
        )
        case.save()
    return case


def test_every_role_has_its_verbs_and_every_verb_a_role() -> None:
    assert set(VERBS_OF) == set(Role)
    assert set().union(*VERBS_OF.values()) == set(Verb)


@pytest.mark.parametrize("role", Role)
def test_a_person_may_exactly_what_the_table_of_the_role_says(role: Role) -> None:
    user = _user(role, AMSTERDAM)
    answers = {verb: may(user, verb) for verb in Verb}
    assert {verb for verb, answer in answers.items() if answer} == VERBS_OF[role]
    refusals = [answer for answer in answers.values() if not answer]
    assert [refused for refused in refusals if role.nl not in refused.nl or role.en not in refused.en] == []


def test_nobody_who_is_not_signed_in_may_anything() -> None:
    assert not may(AnonymousUser(), Verb.READ_RELEASED)
    assert list(cases_for(AnonymousUser())) == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"ends_on": timezone.localdate() - timedelta(days=1)}])
def test_an_ended_account_may_nothing(change: dict[str, bool | date]) -> None:
    user = _user(Role.REGISTER_STAFF)
    for name, value in change.items():
        setattr(user, name, value)
    assert not may(user, Verb.READ_CASE)


def test_an_account_works_on_its_last_day() -> None:
    user = _user(Role.REGISTER_STAFF)
    user.ends_on = timezone.localdate()
    assert may(user, Verb.READ_CASE)


def test_a_physician_sees_the_own_region_and_no_draft_of_another() -> None:
    mine, colleague = _user(Role.PHYSICIAN, AMSTERDAM), _user(Role.PHYSICIAN, AMSTERDAM, "colleague")
    elsewhere = _user(Role.PHYSICIAN, ROTTERDAM)
    own_draft = _case(mine, CaseState.DRAFT, "2026-000001")
    submitted = _case(colleague, CaseState.SUBMITTED, "2026-000002")
    _case(colleague, CaseState.DRAFT, "2026-000003")
    _case(elsewhere, CaseState.SUBMITTED, "2026-000004")
    assert set(cases_for(mine)) == {own_draft, submitted}


def test_a_coordinator_sees_every_case_of_the_region() -> None:
    coordinator, physician = _user(Role.COORDINATOR, AMSTERDAM), _user(Role.PHYSICIAN, AMSTERDAM)
    _case(_user(Role.PHYSICIAN, ROTTERDAM), number="2026-000009")
    draft = _case(physician, CaseState.DRAFT)
    assert set(cases_for(coordinator)) == {draft}


def test_the_register_sees_every_region_but_no_draft() -> None:
    physician = _user(Role.PHYSICIAN, AMSTERDAM)
    _case(physician, CaseState.DRAFT, "2026-000001")
    submitted = _case(_user(Role.PHYSICIAN, ROTTERDAM), number="2026-000002")
    assert set(cases_for(_user(Role.REGISTER_STAFF))) == {submitted}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PHYSICIAN, Role.COORDINATOR, Role.REGISTER_STAFF}))
def test_other_roles_see_no_case_at_all(role: Role) -> None:
    _case(_user(Role.PHYSICIAN, AMSTERDAM))
    assert list(cases_for(_user(role))) == []


def test_only_the_register_sees_releases_in_the_making() -> None:
    assert releases_for(_user(Role.STATISTICIAN)).query.is_empty()
    assert not releases_for(_user(Role.REGISTER_STAFF)).query.is_empty()


def test_a_reporter_never_reviews_the_own_case() -> None:
    physician = _user(Role.PHYSICIAN, AMSTERDAM)
    case = _case(physician)
    physician.role = Role.REGISTER_STAFF.value
    for verb in (Verb.TAKE_CASE, Verb.REVIEW_CASE, Verb.CLOSE_CASE, Verb.EXCLUDE_CASE, Verb.CODE_CASE):
        assert not may(physician, verb, case)
    assert may(_user(Role.REGISTER_STAFF), Verb.TAKE_CASE, case)


def test_a_token_works_until_it_is_revoked_or_expires_and_is_kept_as_a_digest() -> None:
    admin, now = _user(Role.ADMIN), timezone.now()
    token, plain = issue_token(organisation="NDM", by=admin, expires_at=now + timedelta(hours=1))
    assert plain not in str(token.__dict__)
    assert organisation_of(plain, now=now) == token
    assert organisation_of(plain + "x", now=now) is None
    assert organisation_of(plain, now=now + timedelta(hours=2)) is None
    revoke_token(token_id=token.pk, by=admin)
    assert organisation_of(plain, now=now) is None

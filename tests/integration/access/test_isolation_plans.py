"""What isolation costs: with 20,000 cases the lists read by an index, in the order they show, and sort no region."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.test import TransactionTestCase

from register.access import cases_for
from register.audit import acting_as
from register.models import Case, Death, User
from register.web.physician import lists
from register.web.register_desk import worklists
from register.workflow.roles import Role
from tests.conftest import session_of
from tests.factories import AMSTERDAM, person

CASES = 20_000
MANY_CASES = f"""
BEGIN;
ALTER TABLE register_case DISABLE TRIGGER USER;
ALTER TABLE register_death DISABLE TRIGGER USER;
WITH region AS (SELECT array_agg(code ORDER BY code) AS codes FROM register_region),
     service AS (SELECT min(code) AS code FROM register_forensicservice)
INSERT INTO register_case (id, case_number, region_id, forensic_service_id, reporter_id, status, version, created_at,
  changed_at, submitted_at, last_touched, row_version, locked_on, decided_by_id)
SELECT gen_random_uuid(), '7777-' || n, codes[1 + n % cardinality(codes)], service.code, '{{reporter}}',
  CASE WHEN n % 10 = 0 THEN 'submitted' WHEN n % 10 = 1 THEN 'in_review' ELSE 'closed' END, 1, now(),
  now() - n * interval '1 hour', now() - n * interval '1 hour', '', 1,
  CASE WHEN n % 10 > 1 THEN now() END, CASE WHEN n % 10 > 1 THEN '{{staff}}'::uuid END
FROM generate_series(1, {CASES}) AS n, region, service;
INSERT INTO register_death (id, case_id, row_version) SELECT gen_random_uuid(), id, 1 FROM register_case;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT audit.track('register_case'), audit.track('register_death');
COMMIT;
ANALYZE register_case, register_death;
"""


@pytest.fixture(scope="module", autouse=True)
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[User, User]]:
    """A physician and a registrar, with the cases of a century."""
    with django_db_blocker.unblock():
        physician, staff = person(Role.PHYSICIAN, AMSTERDAM), person(Role.REGISTER_STAFF)
        with session_of("owner") as owner:
            owner.execute(MANY_CASES.format(reporter=physician.pk, staff=staff.pk))
        yield physician, staff
        TransactionTestCase._fixture_teardown(None)  # type: ignore[attr-defined]


@pytest.fixture
def physician(people: tuple[User, User], django_db_blocker: Any) -> Iterator[User]:
    with django_db_blocker.unblock():
        yield people[0]


@pytest.fixture
def staff(people: tuple[User, User], django_db_blocker: Any) -> Iterator[User]:
    with django_db_blocker.unblock():
        yield people[1]


def _plan(who: User, rows: Callable[[], QuerySet[Any]]) -> str:
    """How the database reads these rows for somebody."""
    with acting_as(who):
        return rows().explain()


def test_the_cases_of_a_region_are_found_by_its_index_even_when_nothing_else_asks_for_it(physician: User) -> None:
    plan = _plan(physician, Case.objects.all)
    assert re.search(r"Index Scan (using|on) (register_case_region|case_region)\w*", plan), plan
    assert "Seq Scan on register_case" not in plan


def test_the_row_of_one_case_is_found_by_its_key_and_so_is_the_region_of_it(physician: User) -> None:
    key = uuid4()
    plan = _plan(physician, lambda: Death.objects.filter(case=key))
    assert "using register_death_case_id" in plan, plan
    assert "Seq Scan" not in plan


def test_no_list_of_a_physician_reads_every_case(physician: User) -> None:
    for name, listing in lists.LISTS.items():
        cases = cases_for if listing.whole_region else lists.mine
        plan = _plan(physician, lambda cases=cases, listing=listing: listing.choose(cases(physician))[25:50])  # type: ignore[misc]
        assert re.search(r"Index Scan (using|on) \w+", plan), f"{name}\n{plan}"
        assert "Seq Scan on register_case" not in plan, f"{name}\n{plan}"


def test_the_worklists_of_the_register_are_read_in_the_order_they_show(staff: User) -> None:
    for name, index in (("nieuw", "case_worklist"), ("gesloten", "case_finished")):
        plan = _plan(staff, lambda name=name: worklists.cases_in(worklists.BY_SLUG[name], staff)[25:50])  # type: ignore[misc]
        assert f"using {index}" in plan, f"{name}\n{plan}"
        assert "Sort" not in plan and "Seq Scan on register_case" not in plan, f"{name}\n{plan}"

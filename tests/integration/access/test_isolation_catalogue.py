"""No table is forgotten: what the catalogue of the database says of every table with rows of a case or of a region."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.conftest import session_of

Session = psycopg.Connection[Any]
# Tables with a column that names a region and nevertheless open to the app role, each with its reason.
OPEN = {
    "register_municipality": "a vocabulary: which municipality lies in which region",
    "register_forensicservice": "a vocabulary: which service works for which region",
    "register_user": "who works where; read before anybody is signed in, and holds no word about a case",
    "register_invitation": "who is asked to work where; opened by somebody who has no account yet",
    "register_historicalinvitation": "how an invitation changed; as open as the invitation itself",
    "register_savedlist": "by what a person of the register narrows a worklist; holds no word about a case",
    "register_accountchange": "what the administrator did to an account: who, which role and region",
}
WORKING = [f"register_{name}" for name in ("owner", "app", "stats", "trail", "keeper", "viewer")]
ISOLATED_BY_NAME = {
    *("register_nilreport", "register_historicalnilreport", "register_releaseextract"),
    *("register_namelink", "register_historicalnamelink", "register_rulecomparison"),
}
POLICIES = {
    ("owner_all", "*", "register_owner"),
    ("keeper_reads", "r", "register_keeper"),
    ("app_region", "*", "register_app"),
}
MORE_POLICIES = {
    # A case is found by an emergency access as well, and with it what belongs to it.
    "register_case": {("viewer_finds", "r", "register_viewer"), ("app_opened", "r", "register_app")},
    # Who was let in: seen by the region of the case and the privacy officer too, who writes the outcome.
    "register_emergencyaccess": {("app_oversees", "r", "register_app"), ("app_reviews", "w", "register_app")},
}
# What belongs to a case is not written by an emergency access. What lies across cases is found by none, and a case
# itself is written by its region alone.
KEEP_OPENED = {
    (f"app_opened_{name}", command, "register_app")
    for name, command in zip(("insert", "update", "delete"), "awd", strict=True)
}
FOUND_BY_NONE = {
    *ISOLATED_BY_NAME,
    *("register_duplicatepair", "register_historicalduplicatepair", "register_case", "register_emergencyaccess"),
}

NAMES_A_REGION_OR_A_CASE = """
    SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped
      AND a.attname IN ('case_id', 'region_id')
"""
# What is published under an embargo is hidden from whoever reads it, until its minute.
UNDER_EMBARGO = {"pub.published_release", "pub.published_file"}
# A row that points to an isolated row tells of it, whatever its columns are called.
POINTS_TO = """
    SELECT DISTINCT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c WHERE c.contype = 'f'
"""


@pytest.fixture
def owner(db: None) -> Iterator[Session]:
    with session_of("owner") as session:
        yield session


def _must_be_isolated(owner: Session) -> set[str]:
    """By their columns, by what they point to, and the history of each of them."""
    found = {name for (name,) in owner.execute(NAMES_A_REGION_OR_A_CASE)} - set(OPEN) | ISOLATED_BY_NAME
    pointers = owner.execute(POINTS_TO).fetchall()
    while more := {source for source, target in pointers if target in found} - found:
        found |= more
    tables = {name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    return found | {
        history for name in found if (history := name.replace("register_", "register_historical")) in tables
    }


def test_every_table_of_a_case_has_forced_row_security_and_policies_that_name_their_role(owner: Session) -> None:
    surprises = {}
    for table in sorted(_must_be_isolated(owner)):
        row = owner.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table]
        ).fetchone()
        policies = owner.execute(
            "SELECT polname, polcmd::text, array_to_string(polroles::regrole[], ','), polpermissive FROM pg_policy"
            " WHERE polrelid = %s::regclass",
            [table],
        ).fetchall()
        found = {(name, command, roles) for name, command, roles, permissive in policies if permissive}
        against = {(name, command, roles) for name, command, roles, permissive in policies if not permissive}
        wanted = set() if table in FOUND_BY_NONE else KEEP_OPENED
        if row != (True,) or found != POLICIES | MORE_POLICIES.get(table, set()) or against != wanted:
            surprises[table] = (row, found, against)
    assert surprises == {}


def test_no_policy_lies_on_a_table_that_is_not_isolated(owner: Session) -> None:
    with_policy = {name for (name,) in owner.execute("SELECT polrelid::regclass::text FROM pg_policy")}
    assert with_policy == _must_be_isolated(owner) | UNDER_EMBARGO


def test_no_working_role_passes_by_the_policies(owner: Session) -> None:
    roles = owner.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication)",
        [WORKING],
    ).fetchall()
    assert roles == []
    members = owner.execute(
        "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members"
        " WHERE member::regrole::text = ANY(%s)",
        [WORKING],
    ).fetchall()
    assert members == [("register_trail", "register_owner")]
    owners = {name for (name,) in owner.execute("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")}
    assert owners == {"register_owner"}


def test_no_view_or_function_looks_past_the_policies(owner: Session) -> None:
    views = owner.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('v', 'm')"
        " AND relnamespace IN ('public'::regnamespace, 'pub'::regnamespace)"
    ).fetchall()
    assert views == []
    elsewhere = owner.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND pronamespace IN"
        " ('public'::regnamespace, 'pub'::regnamespace)"
    ).fetchall()
    assert elsewhere == []
    # Those of the trail belong to a role that has no policy, and so no row, on a table of cases.
    reach = owner.execute(
        "SELECT DISTINCT proowner::regrole::text FROM pg_proc WHERE prosecdef AND pronamespace = 'audit'::regnamespace"
    ).fetchall()
    assert reach == [("register_trail",)]


def test_keeper_viewer_and_statistics_have_no_more_rights_on_tables_of_cases_than_they_need(owner: Session) -> None:
    surprises = {}
    for table in sorted(_must_be_isolated(owner)):
        rights = owner.execute(
            "SELECT grantee::regrole::text, array_agg(privilege_type ORDER BY privilege_type) FROM pg_class,"
            " aclexplode(relacl) WHERE oid = %s::regclass GROUP BY grantee",
            [table],
        ).fetchall()
        found = {role: set(given) for role, given in rights if role != "register_owner"}
        app = found.pop("register_app", set())
        if found != {"register_keeper": {"SELECT"}} or not app <= {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            surprises[table] = (found, app)
    assert surprises == {}


def test_only_the_context_of_an_actor_says_which_regions_a_session_meets() -> None:
    told = re.compile(r"set_config\(|SET (LOCAL )?app\.|RESET app\.", re.IGNORECASE)
    found = {
        str(file.relative_to(settings.BASE_DIR))
        for room in ("register", "config")
        for file in (settings.BASE_DIR / room).rglob("*.py")
        if "migrations" not in file.parts and told.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"register/audit/context.py"}

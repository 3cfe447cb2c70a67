"""The register refuses to run with a setting or a right that would switch off what it promises."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config.checks import unsafe_settings
from config.local import servers
from config.local.keys import Keys, generate
from config.local.provision import Server
from config.local.servers import Folder
from config.local.service import Services
from register.audit import checks
from tests.conftest import session_of
from tests.scale import in_a_soak

PYTHON = sys.executable
WEB = (
    PYTHON,
    "-m",
    "gunicorn",
    "--config",
    "python:config.gunicorn",
    "--bind",
    "127.0.0.1:0",
    "config.wsgi:application",
)
WORKER = (PYTHON, "-m", "celery", "--app", "config.celery:app", "worker", "--concurrency", "1")
# A schedule is kept in a file, which the clock makes anew: never at the name of a device.
SCHEDULE = str(Path(tempfile.gettempdir()) / f"register-no-schedule-{os.getpid()}")
CLOCK = (PYTHON, "-m", "celery", "--app", "config.celery:app", "beat", "--pidfile", "", "--schedule", SCHEDULE)
VERB = (PYTHON, "manage.py", "stuck_work")
PATIENCE = 300

PROGRAMS = {"web": WEB, "worker": WORKER, "clock": CLOCK, "verb": VERB}

# An unsafe setting, its value, and the word of the sentence.
SETTINGS = (
    ("DEBUG", True, "DEBUG"),
    ("SIMPLE_HISTORY_ENABLED", False, "SIMPLE_HISTORY_ENABLED"),
    ("MFA_TOTP_INSECURE_BYPASS_CODE", "123456", "MFA_TOTP_INSECURE_BYPASS_CODE"),
    ("MFA_TRUST_ENABLED", True, "MFA_TRUST_ENABLED"),
    ("CELERY_RESULT_BACKEND", "redis://localhost", "CELERY_RESULT_BACKEND"),
    ("CELERY_TASK_IGNORE_RESULT", False, "CELERY_TASK_IGNORE_RESULT"),
    ("CELERY_ACCEPT_CONTENT", ["json", "pickle"], "CELERY_ACCEPT_CONTENT"),
    ("CELERY_TASK_SERIALIZER", "pickle", "CELERY_TASK_SERIALIZER"),
    ("SECRET_KEY", "short", "SECRET_KEY"),
    ("SECRET_KEY", "ab" * 40, "SECRET_KEY"),
    ("SECRET_KEY", "django-insecure-" + "abcdefghij" * 6, "SECRET_KEY"),
    ("FACTOR_KEYS", (), "FACTOR_KEYS"),
    ("SESSION_COOKIE_AGE", 3600, "SESSION_COOKIE_AGE"),
    ("SESSION_ABSOLUTE_AGE", 24 * 3600, "SESSION_ABSOLUTE_AGE"),
    ("SOCIALACCOUNT_AUTO_SIGNUP", True, "SOCIALACCOUNT_AUTO_SIGNUP"),
    ("SOCIALACCOUNT_EMAIL_AUTHENTICATION", True, "SOCIALACCOUNT_EMAIL_AUTHENTICATION"),
    ("MFA_PASSKEY_LOGIN_ENABLED", True, "MFA_PASSKEY_LOGIN_ENABLED"),
    ("MFA_TOTP_TOLERANCE", 2, "MFA_TOTP_TOLERANCE"),
    ("PUBLIC_FIGURES", "no", "PUBLIC_FIGURES"),
    ("MIDDLEWARE", [], "MIDDLEWARE"),
)

# A right that the app role must not have: how it is given and taken back, on what, and the word of the sentence.
RIGHTS = (
    ("GRANT UPDATE ON {0} TO register_app", "REVOKE UPDATE ON {0} FROM register_app", "register_historicalcase"),
    ("GRANT DELETE ON {0} TO register_app", "REVOKE DELETE ON {0} FROM register_app", "audit.access_event"),
    ("GRANT TRUNCATE ON {0} TO register_app", "REVOKE TRUNCATE ON {0} FROM register_app", "audit.access_event"),
    (
        "GRANT UPDATE (reason) ON {0} TO register_app",
        "REVOKE UPDATE (reason) ON {0} FROM register_app",
        "register_statuschange",
    ),
    (
        "ALTER TABLE {0} DISABLE TRIGGER t10_stamp_update",
        "ALTER TABLE {0} ENABLE ALWAYS TRIGGER t10_stamp_update",
        "register_case",
    ),
    (
        "ALTER TABLE {0} DISABLE TRIGGER t07_reason",
        "ALTER TABLE {0} ENABLE ALWAYS TRIGGER t07_reason",
        "register_decedent",
    ),
    ("GRANT CREATE ON SCHEMA {0} TO register_app", "REVOKE CREATE ON SCHEMA {0} FROM register_app", "public"),
    ("GRANT TEMP ON DATABASE {1} TO register_app", "REVOKE TEMP ON DATABASE {1} FROM register_app", "TEMP"),
)

# What makes a role too powerful, which only a superuser can give.
POWERS = (
    ("ALTER ROLE register_app SUPERUSER", "ALTER ROLE register_app NOSUPERUSER", ["register_app is a superuser"]),
    (
        "ALTER ROLE register_stats BYPASSRLS; GRANT register_owner, register_stats TO register_app",
        "ALTER ROLE register_stats NOBYPASSRLS; REVOKE register_owner, register_stats FROM register_app",
        ["register_owner owns", "register_stats passes row-level security"],
    ),
)


def _started(command: tuple[str, ...], **variables: str) -> "subprocess.CompletedProcess[str]":
    """What became of a program that ought to refuse."""
    environment = {**os.environ, **variables}
    environment.pop("DATABASE_OWNER_URL", None)
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )


def _here(**variables: str) -> dict[str, str]:
    """Variables that lead to the database of this test."""
    name = connection.settings_dict["NAME"]
    urls = {
        variable: f"{os.environ[variable].rsplit('/', 1)[0]}/{name}"
        for variable in ("DATABASE_URL", "DATABASE_STATS_URL")
    }
    return {"DJANGO_SETTINGS_MODULE": "config.settings.test", **urls, **variables}


def _refusal(command: tuple[str, ...], **variables: str) -> str:
    """The sentences of a program that refuses, without a word more than needed."""
    done = _started(command, **variables)
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    assert "Traceback" not in said
    return "\n".join(line for line in said.splitlines() if line.startswith("The register refuses to run. "))


@pytest.mark.parametrize(("name", "value", "word"), SETTINGS)
def test_each_unsafe_setting_is_a_fault_with_a_sentence(name: str, value: Any, word: str, settings: Any) -> None:
    setattr(settings, name, value)
    (fault,) = unsafe_settings()
    assert fault.is_serious()
    assert word in fault.msg


def test_messages_to_this_machine_itself_are_for_a_demonstration_only(settings: Any) -> None:
    settings.DEMO, settings.WEBHOOKS_TO_LOOPBACK = False, True
    (fault,) = unsafe_settings()
    assert "WEBHOOKS_TO_LOOPBACK" in fault.msg


# Settings and rights are judged by the same step of a start, which the test of the rights takes with every program.
@pytest.mark.django_db
@pytest.mark.parametrize("program", ["web", *(in_a_soak(name) for name in PROGRAMS if name != "web")])
def test_no_program_starts_with_unsafe_settings(program: str, tmp_path: Path) -> None:
    # Without its middleware a library refuses before the register does.
    chosen = [each for each in SETTINGS if each[0] != "MIDDLEWARE"]
    lines = "\n".join(f"{name} = {value!r}" for name, value, _ in chosen)
    (tmp_path / "unsafe_here.py").write_text(f"from config.settings.test import *\n{lines}\n")
    path = os.pathsep.join([str(tmp_path), str(settings.BASE_DIR)])
    # Celery itself already refuses root with pickle, unless it is told not to.
    here = _here(DJANGO_SETTINGS_MODULE="unsafe_here", PYTHONPATH=path, C_FORCE_ROOT="1")
    said = _refusal(PROGRAMS[program], **here)
    assert [word for _, _, word in chosen if word not in said] == []


@pytest.mark.django_db
def test_a_demonstration_is_no_production() -> None:
    production = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "PUBLIC_URL": "https://register.example",
        "EMAIL_HOST": "mail.example",
        "EMAIL_FROM": "register@register.example",
        "FACTOR_KEYS": "test:" + "k" * 40,
    }
    assert "DEMO is on" in _refusal(WEB, **_here(**production, DEMO="1"))


@pytest.mark.django_db
def test_settings_and_rights_of_the_register_itself_are_safe() -> None:
    assert unsafe_settings() == []
    assert checks.unsafe_rights(databases=["default"]) == []


def test_rights_are_judged_for_the_role_of_web_and_worker_only() -> None:
    assert checks.unsafe_rights(databases=["owner"]) == checks.unsafe_rights() == []


@contextmanager
def _given(give: str, take_back: str, *names: str) -> Iterator[None]:
    with session_of("owner") as owner:
        owner.execute(give.format(*names))  # type: ignore[call-overload]
        try:
            yield
        finally:
            owner.execute(take_back.format(*names))  # type: ignore[call-overload]


@pytest.mark.django_db
@pytest.mark.parametrize(("give", "take_back", "name"), RIGHTS, ids=[give for give, *_ in RIGHTS])
def test_each_right_to_change_what_happened_is_a_fault_with_a_sentence(give: str, take_back: str, name: str) -> None:
    with _given(give, take_back, name, connection.settings_dict["NAME"]):
        (fault,) = checks.unsafe_rights(databases=["default"])
    assert fault.is_serious()
    assert name in fault.msg


@pytest.mark.django_db
@pytest.mark.parametrize("program", ["web", "worker", "verb", in_a_soak("clock")])
def test_no_program_starts_when_its_role_may_change_what_happened(program: str) -> None:
    give, take_back, name = RIGHTS[0]
    with _given(give, take_back, name):
        assert name in _refusal(PROGRAMS[program], **_here())


@pytest.mark.django_db
def test_a_table_that_is_not_closed_by_region_is_named() -> None:
    assert checks.open_to_every_region() == ""
    opens, shuts = "NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"
    with _given(f"ALTER TABLE {{0}} {opens}", f"ALTER TABLE {{0}} {shuts}", "register_decedent"):
        assert "register_decedent" in checks.open_to_every_region()


@pytest.fixture(scope="module")
def keys() -> Keys:
    return generate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Iterator[Server]:
    """A server of which this test is the superuser."""
    folder = Folder(tmp_path_factory.mktemp("start"))
    started = Services(folder.record)
    yield servers.start_database(started, folder, keys, durable=False)
    started.stop()


@pytest.mark.parametrize(("give", "take_back", "sentences"), POWERS)
def test_nothing_starts_when_its_role_has_too_much_power(
    server: Server, keys: Keys, give: str, take_back: str, sentences: list[str]
) -> None:
    with server.connect(server.database) as superuser:
        superuser.execute(give)  # type: ignore[arg-type]
        try:
            said = _refusal(VERB, **_of(server, keys))
        finally:
            superuser.execute(take_back)  # type: ignore[arg-type]
    assert [sentence for sentence in sentences if sentence not in said] == []


def test_nothing_starts_when_the_database_cannot_be_asked(server: Server, keys: Keys) -> None:
    nowhere = {**_of(server, keys), "DATABASE_URL": "postgresql://register_app:x@127.0.0.1:1/register"}
    assert "The database cannot be reached" in _refusal(WEB, **nowhere)


def _of(server: Server, keys: Keys) -> dict[str, Any]:
    return {"DJANGO_SETTINGS_MODULE": "config.settings.test", **server.addresses(keys)}


def test_the_database_server_s_log_quotes_no_content(server: Server, keys: Keys) -> None:
    address = server.addresses(keys)["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as session:
        for statement in ("SELECT 'KANARIE'::int", "SELECT 'KANARIE' FROM nothing", "SELECT %s::int"):
            with pytest.raises(psycopg.Error):
                session.execute(statement, ["KANARIE"] if "%s" in statement else None)  # type: ignore[arg-type]
    with server.connect(server.database) as superuser:
        row = superuser.execute("SHOW data_directory").fetchone()
    assert row is not None
    log = (Path(str(row[0])).parent / "pg.log").read_text()
    assert "ready to accept connections" in log
    assert "KANARIE" not in log

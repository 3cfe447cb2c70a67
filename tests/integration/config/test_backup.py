"""A backup holds everything and shows nothing; put back it is whole, and an older one is told by the anchor."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from pytest_django.fixtures import Settings

from config.local import dumping, manifest
from config.local.places import CHECKOUT
from config.local.refusal import CannotRunError
from register import audit
from register.models import User
from tests import factories
from tests.conftest import READ_THE_TRAIL, empty_trail, session_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "keeper"])

CANARY = "kanarie-Zwaluwstraat-17"


@dataclass(frozen=True)
class Register:
    """The register of the test as ``make backup`` finds it, with a state folder of its own."""

    state: Path
    physician: User

    @property
    def anchor(self) -> Path:
        return self.state / "trail" / "anchor.txt"

    def works(self) -> None:
        """A case is written, and sealed."""
        factories.filled(self.physician, {"conclusie": {"cause_line_a": CANARY}})
        audit.seal(now=timezone.now(), signing=settings.TRAIL_SIGNING_KEY, anchored=self.anchor)

    def back_up(self) -> Path:
        return dumping.make(None)

    def run(self, verb: str, *arguments: str | Path, state: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """A verb of the operator, in another process and without the addresses of the servers of this run."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO"))
        }
        return subprocess.run(
            [sys.executable, "-m", f"config.local.{verb}", *map(str, arguments)],
            cwd=CHECKOUT,
            env={
                **environment,
                "STATE_DIR": str(state or self.state),
                "BACKUP_KEY": str(self.state / "backup-key.pem"),
                "TRAIL_ANCHOR": str(self.anchor),
                "TRAIL_TRUSTED_KEYS": str(settings.TRAIL_TRUSTED_KEYS),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def register(
    tmp_path: Path, transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Register]:
    """A register with one case; what only tests have in their database is away for the time of the test."""
    state = tmp_path / "state"
    settings.TRAIL_ANCHOR = state / "trail" / "anchor.txt"
    settings.TRAIL_SIGNING_KEY = state / "trail" / "signing-key.pem"
    settings.TRAIL_TRUSTED_KEYS = state / "trail" / "trusted-keys.pem"
    audit.make_keys(settings.TRAIL_SIGNING_KEY, settings.TRAIL_TRUSTED_KEYS)
    keeper = connections["keeper"].settings_dict
    address = make_conninfo(
        host=keeper["HOST"],
        port=keeper["PORT"],
        user=keeper["USER"],
        password=keeper["PASSWORD"],
        dbname=keeper["NAME"],
    )
    monkeypatch.setenv("STATE_DIR", str(state))
    monkeypatch.setenv("DATABASE_KEEPER_URL", address)
    empty_trail()
    made = Register(state, factories.physician())
    made.works()
    _as_owner("DROP SCHEMA testing CASCADE")
    yield made
    _as_owner(READ_THE_TRAIL)
    connections["keeper"].close()


def _as_owner(statement: str) -> None:
    with session_of("owner") as session:
        session.execute(statement)


def _left(register: Register) -> list[str]:
    return [path.name for path in (register.state / "backups").iterdir()]


def test_a_backup_is_put_back_whole_and_shows_nothing_of_a_case(register: Register) -> None:
    backup = register.back_up()
    said = manifest.beside(backup).read_bytes()
    assert backup.stat().st_size > 100_000
    for secret in (CANARY, register.physician.username):
        assert secret.encode() not in backup.read_bytes()
        assert secret.encode() not in said
    assert manifest.read(backup, settings.TRAIL_TRUSTED_KEYS).tables["public.register_case"][0] == 1
    drill = register.run("restore_drill")
    assert drill.returncode == 0, drill.stdout + drill.stderr
    lines = drill.stdout.splitlines()
    assert [line[:6] for line in lines[1:-1]] == ["ok    "] * 11
    assert lines[-1].startswith(f"The backup {backup.name} was put back and is whole: 11 checks")


@pytest.mark.soak
def test_yesterdays_dump_is_flagged_by_the_anchor_of_today(register: Register) -> None:
    backup = register.back_up()
    register.works()
    drill = register.run("restore_drill", backup)
    assert drill.returncode == 1, drill.stdout + drill.stderr
    assert [line for line in drill.stdout.splitlines() if line.startswith("failed")] == [
        "failed  as new as the anchor                   "
        "an older state: the anchor holds seal 2, this backup ends at seal 1"
    ]
    assert "does not count: 1 of 11 checks failed" in drill.stdout


def test_an_older_state_is_put_back_only_when_two_people_say_that_they_know(register: Register, tmp_path: Path) -> None:
    backup = register.back_up()
    register.works()
    full = register.anchor.read_text()
    elsewhere = tmp_path / "elsewhere"
    refused = register.run("restore", backup, "--by", "beheer", state=elsewhere)
    assert refused.returncode == 1
    assert "This backup is an older state: the anchor holds seal 2" in refused.stderr
    assert not (elsewhere / "pg").exists()
    one = register.run("restore", backup, "--by", "beheer", "--known-older-to", "Jansen", "jansen", state=elsewhere)
    assert "acknowledged by two people: name both" in one.stderr
    both = register.run("restore", backup, "--by", "beheer", "--known-older-to", "Jansen", "De Vries", state=elsewhere)
    assert both.returncode == 0, both.stdout + both.stderr
    assert "The trail is whole: 1 seals" in both.stdout
    assert register.anchor.read_text() == full.splitlines(keepends=True)[0]
    assert register.anchor.with_name("anchor-before-epoch-2.txt").read_text() == full
    again = register.run("restore", backup, "--by", "beheer", state=elsewhere)
    assert "There is a database in" in again.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "DROP POLICY keeper_reads ON register_case",
            "CREATE POLICY keeper_reads ON register_case FOR SELECT TO register_keeper USING (true)",
        ),
        (
            "CREATE POLICY narrower ON register_case AS RESTRICTIVE FOR SELECT USING (status <> 'draft')",
            "DROP POLICY narrower ON register_case",
        ),
    ],
    ids=["its policy is gone", "another policy takes away again"],
)
def test_a_table_that_row_security_could_hide_is_noticed(before: str, after: str, register: Register) -> None:
    _as_owner(before)
    try:
        with pytest.raises(CannotRunError, match=r"could keep rows of public.register_case from the backup"):
            register.back_up()
    finally:
        _as_owner(after)
    assert _left(register) == []


def test_a_dump_that_ends_badly_leaves_nothing(register: Register) -> None:
    _as_owner("REVOKE SELECT ON SEQUENCE audit.access_event_id_seq FROM register_keeper")
    try:
        with pytest.raises(CannotRunError, match=r"could not be dumped \(.*access_event_id_seq"):
            register.back_up()
    finally:
        _as_owner("GRANT SELECT ON SEQUENCE audit.access_event_id_seq TO register_keeper")
    assert _left(register) == []


def test_a_table_that_the_keeper_may_not_read_is_noticed(register: Register) -> None:
    _as_owner("REVOKE SELECT ON register_death FROM register_keeper")
    try:
        with pytest.raises(CannotRunError, match="register_keeper may not read the whole register"):
            register.back_up()
    finally:
        _as_owner("GRANT SELECT ON register_death TO register_keeper")
    assert _left(register) == []


def test_a_lost_backup_key_is_not_silently_replaced(register: Register) -> None:
    register.back_up()
    for name in ("backup-key.pem", "backup-recipient.pem"):
        (register.state / name).unlink()
    with pytest.raises(CannotRunError, match=r"There is no backup key in .*backup-recipient.pem"):
        register.back_up()


def test_a_backup_needs_the_public_half_of_its_key_only(register: Register) -> None:
    register.back_up().unlink()
    (register.state / "backup-key.pem").unlink()
    assert register.back_up().exists()


def test_a_server_that_is_away_is_said_in_a_sentence(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_KEEPER_URL", "postgresql://register_keeper:x@127.0.0.1:1/register")
    with pytest.raises(CannotRunError, match=r"DATABASE_KEEPER_URL cannot be reached .*Connection refused"):
        register.back_up()


def test_without_a_register_the_backup_says_what_it_needs(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    said = subprocess.run(
        [sys.executable, "-m", "config.local.backup"],
        cwd=CHECKOUT,
        env={**environment, "STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1
    assert "No register runs from" in said.stderr


def test_a_file_that_is_not_the_signed_one_is_refused(register: Register) -> None:
    backup = register.back_up()
    content = bytearray(backup.read_bytes())
    content[-1] ^= 1
    backup.write_bytes(content)
    with pytest.raises(CannotRunError, match="is not the file that its manifest tells of"):
        manifest.read(backup, settings.TRAIL_TRUSTED_KEYS)


def test_a_manifest_that_somebody_else_wrote_is_refused(register: Register) -> None:
    backup = register.back_up()
    path = manifest.beside(backup)
    path.write_text(path.read_text().replace('"seal": 1', '"seal": 2'))
    with pytest.raises(CannotRunError, match="was not signed by the keeper"):
        manifest.read(backup, settings.TRAIL_TRUSTED_KEYS)

"""A backup put back in an empty cluster of its own, and everything about it held against what it must be."""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.local import manifest, restoring, rights, serve, tables, template
from config.local.backup_keys import Places
from config.local.keys import Keys, generate
from config.local.manifest import Manifest
from config.local.places import MEGABYTE
from config.local.provision import Server
from config.local.refusal import CannotRunError
from config.local.servers import Folder, start_database
from config.local.service import Services
from config.local.testing import fresh_folder, fresh_servers

OF_ROWS = frozenset({"trigger", "gap", "apart"})
NAMED = 5


@dataclass(frozen=True)
class Checked:
    """One thing that was looked at: whether it is as it must be, and what was found."""

    what: str
    holds: bool
    found: str

    def __str__(self) -> str:
        return f"{'ok    ' if self.holds else 'failed'}  {self.what:38} {self.found}"


@dataclass(frozen=True)
class Drill:
    """One drill: the backup, what it is held against, and who said that it may be older than the anchor."""

    backup: Path
    places: Places
    acknowledged: Sequence[str]
    folder: Folder
    services: Services
    server: Server
    keys: Keys

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a register that works on the database of this drill and knows no other."""
        return {
            **self.server.addresses(self.keys),
            "SECRET_KEY": self.keys.secret_key,
            "STATE_DIR": str(self.folder.state),
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "CELERY_BROKER_URL": "memory://",
            "DEMO": "0",
        }


def drill(backup: Path | None, places: Places, acknowledged: Sequence[str]) -> int:
    """Put a backup back, print what was checked, and give 0 only when all of it holds."""
    started = time.monotonic()
    chosen = (backup or manifest.newest(places.folder)).absolute()
    print(f"Drill of {chosen.name}", flush=True)
    outcome = []
    with _cluster() as (folder, services, server, keys):
        for one in _checks(Drill(chosen, places, acknowledged, folder, services, server, keys)):
            print(one, flush=True)
            outcome.append(one)
    failed = [one for one in outcome if not one.holds]
    took = f"{time.monotonic() - started:.0f} s"
    if failed:
        print(f"The backup {chosen.name} does not count: {len(failed)} of {len(outcome)} checks failed ({took}).")
        return 1
    print(f"The backup {chosen.name} was put back and is whole: {len(outcome)} checks ({took}).")
    return 0


@contextmanager
def _cluster() -> Iterator[tuple[Folder, Services, Server, Keys]]:
    """An empty cluster in a folder of its own; both are gone afterwards, and with them the rows in clear."""
    keys = generate()
    with fresh_folder() as state:
        folder = Folder(state)
        services = Services(folder.record)
        try:
            yield folder, services, start_database(services, folder, keys, durable=False), keys
        finally:
            services.stop()


def _checks(one: Drill) -> Iterator[Checked]:
    restoring.start_django(one.variables)
    told = manifest.read(one.backup, one.places.trusted)
    yield Checked("signed by the keeper, and this file", True, f"{told.bytes / MEGABYTE:.1f} MB of {told.made_at[:19]}")
    started = time.monotonic()
    restoring.put_back(one.server, one.backup, one.places.key)
    yield Checked("put back in an empty database", True, f"{time.monotonic() - started:.1f} s")
    with restoring.session_in(one.server) as session:
        apart = restoring.apart(session, told)
        yield _differences("rows and checksums", f"{told.rows:,} rows in {len(told.tables)} tables", apart)
        yield _rights(session)
        yield _migrations()
        newer = restoring.newer_seals(told.seal, one.places.anchor)
        reason = restoring.why(told, newer, one.acknowledged)
        epoch = restoring.begin_epoch(session, by="system:restore-drill", reason=reason)
        yield Checked("a new epoch of the trail", epoch > 1, f"epoch {epoch}")
    yield _anchor(told, newer, one.acknowledged)
    yield from _trail(one, told)
    yield from _answers(one)


def _differences(what: str, found: str, differing: Sequence[str]) -> Checked:
    named = ", ".join(differing[:NAMED]) + (" …" if len(differing) > NAMED else "")
    return Checked(what, not differing, f"{found}; {len(differing)} differ: {named}" if differing else found)


def _rights(session: tables.Session) -> Checked:
    """Owners, grants, policies and triggers beside those of a database that the migrations of this version made."""
    with (
        fresh_servers(durable=False) as fresh,
        psycopg.connect(fresh["DATABASE_OWNER_URL"], options=tables.SESSION, autocommit=True) as other,
    ):
        wanted = rights.catalogue(other)
    found = rights.catalogue(session)
    return _differences(
        "owners, rights, policies and triggers",
        f"{len(found):,} entries beside a fresh database",
        sorted([f"- {line}" for line in wanted - found] + [f"+ {line}" for line in found - wanted]),
    )


def _migrations() -> Checked:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Checked("migrations", not waiting, f"{len(executor.loader.applied_migrations)} applied, {len(waiting)} wait")


def _anchor(told: Manifest, newer: Sequence[int], acknowledged: Sequence[str]) -> Checked:
    if not newer:
        return Checked("as new as the anchor", True, f"seal {told.seal} is the newest of both")
    flagged = f"an older state: the anchor holds {restoring.span(newer)}, this backup ends at seal {told.seal}"
    if not acknowledged:
        return Checked("as new as the anchor", False, flagged)
    return Checked("older than the anchor", True, f"{flagged}; known to {' and '.join(acknowledged)}")


def _trail(one: Drill, told: Manifest) -> Iterator[Checked]:
    """Everything until the newest seal of the backup; what the anchor holds beyond it was said before."""
    known = restoring.known_part(one.places.anchor, told.seal, one.folder.state / "anchor.txt")
    report = restoring.verified(told, trusted=one.places.trusted, anchored=known)
    figures = f"{report.seals:,} seals, {report.changes:,} changes, {report.accesses:,} looks"
    sentences = [finding.sentence for finding in report.findings if finding.kind not in OF_ROWS]
    yield _differences("the trail, its seals and the anchor", figures, sentences)
    sentences = [finding.sentence for finding in report.findings if finding.kind in OF_ROWS]
    yield _differences("each row as the trail tells it", f"{report.changes:,} changes", sentences)


def _answers(one: Drill) -> Iterator[Checked]:
    """Start the web server on the database that was put back and ask it, as a person would."""
    template.copy_collected(one.folder.state)
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        try:
            one.services.start(serve.web_service(one.folder, one.variables, door))
        except CannotRunError as refused:
            yield Checked("the web server starts", False, str(refused))
            return
        for path, words in (("/readyz", '"status": "ok"'), ("/", "<html")):
            yield _answer(f"http://127.0.0.1:{door.getsockname()[1]}", path, words)


def _answer(address: str, path: str, words: str) -> Checked:
    started = time.monotonic()
    try:
        with urllib.request.urlopen(address + path, timeout=60) as answer:  # noqa: S310 - our own address
            status, text = answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as refused:
        status, text = refused.code, ""
    except OSError as error:
        status, text = 0, str(error)
    took = f"{(time.monotonic() - started) * 1000:.0f} ms"
    return Checked(f"the web server answers {path}", status == 200 and words in text, f"{status}, {took}")

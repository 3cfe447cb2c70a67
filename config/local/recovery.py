"""The register put back from a backup, to work on from there: in an empty state folder, or in an empty database."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.local import manifest as manifests
from config.local import places, processes, restoring
from config.local.backup_keys import Places
from config.local.keys import load_or_make
from config.local.provision import Server, provision
from config.local.refusal import CannotRunError
from config.local.serve import alone_in
from config.local.servers import Folder, start_database
from config.local.service import Services

FORGET_SESSIONS = "DELETE FROM public.django_session"


def recover(backup: Path, where: Places, *, by: str, acknowledged: Sequence[str], state: Path) -> int:
    """Put the backup back and verify it; 0 when the register can be started.

    :raises CannotRunError: when it cannot be put back; then there is no database, as before.
    """
    folder = Folder(places.writable(state))
    with alone_in(state), _database(folder) as server:
        told = manifests.read(backup, where.trusted)
        newer = restoring.newer_seals(told.seal, where.anchor)
        if newer and not acknowledged:
            raise CannotRunError(
                f"This backup is an older state: the anchor holds {restoring.span(newer)} and the backup ends at seal "
                f"{told.seal}. Use a newer one, or let two people who know what is lost say so: --known-older-to A B."
            )
        restoring.put_back(server, backup, where.key)
        with restoring.session_in(server) as session:
            apart = restoring.apart(session, told)
            if apart:
                raise CannotRunError(f"The rows of {', '.join(apart)} are not those of the backup: use another backup.")
            session.execute(FORGET_SESSIONS)  # who was signed in then signs in again
            epoch = restoring.begin_epoch(session, by=by, reason=restoring.why(told, newer, acknowledged))
        print(f"{told.rows:,} rows of {told.made_at[:19]} were put back; epoch {epoch} of the trail begins.")
        known = restoring.known_part(where.anchor, told.seal, folder.state / "anchor.known")
        try:
            report = restoring.verified(told, trusted=where.trusted, anchored=known)
            if report.findings:
                print("\n".join(finding.sentence for finding in report.findings))
                print("The trail of this backup is not whole: find out why before you start the register.")
                return 1
            if newer:
                _go_on(where.anchor, known, epoch)
        finally:
            known.unlink(missing_ok=True)
        print(f"The trail is whole: {report.seals} seals, {report.changes} changes, {report.accesses} looks.")
    print("Start the register with `make run`, then let `manage.py verify_trail` look at it once more.")
    return 0


@contextmanager
def _database(folder: Folder) -> Iterator[Server]:
    """An empty database: on the server of DATABASE_URL, else an embedded one that was not there. Django works on it.

    An embedded one is taken away again when it could not be filled.
    """
    address = os.environ.get("DATABASE_URL", "").strip()
    if not address and folder.data.exists():
        raise CannotRunError(
            f"There is a database in {folder.data}: stop the register and move it away, as in "
            f"`mv {folder.data} {folder.data}.before`; a backup is put back in an empty place."
        )
    keys = load_or_make(folder.state)
    processes.stop_orphans(folder.record)
    services = Services(folder.record)
    try:
        if address:
            server = Server.of(address)
            provision(server, keys)
        else:
            server = start_database(services, folder, keys, durable=True)
        restoring.start_django(
            {
                **server.addresses(keys),
                "SECRET_KEY": os.environ.get("SECRET_KEY", "").strip() or keys.secret_key,
                "STATE_DIR": str(folder.state),
                "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "") or "config.settings.local",
            }
        )
        yield server
    except BaseException:
        services.stop()
        if not address:
            shutil.rmtree(folder.data, ignore_errors=True)
        raise
    finally:
        services.stop()


def _go_on(anchor: Path, known: Path, epoch: int) -> None:
    """Go on after the newest seal of the backup. The anchor as it was stays beside it: it tells what was lost."""
    kept = anchor.with_name(f"{anchor.stem}-before-epoch-{epoch}{anchor.suffix}")
    anchor.rename(kept)
    shutil.copyfile(known, anchor)
    anchor.chmod(0o600)
    print(f"The anchor goes on after the newest seal of the backup; what it held is kept in {kept}: never remove it.")

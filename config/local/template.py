"""A state folder with a migrated register and its vocabularies: made once per change of what it is made from.

Tests and benchmarks begin with a copy of it, and the drill of a backup holds what it put back against one. A copy costs
a second; making it costs half a minute. It holds no case.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from config.local import postgres, servers
from config.local.keys import load_or_make
from config.local.places import CHECKOUT, VENV
from config.local.prepared import fingerprint
from config.local.servers import Folder
from config.local.service import Services

PLACE = VENV / "template"
STAMP = "template.stamp"
# Migrations import nothing of the register, so these and the packages are all that the database comes from.
SOURCES = (
    "register/migrations",
    "register/coding/data",
    "register/quality/data",
    "register/casework/vocabularies.py",
    "static",
    "config/settings",
    "config/local/roles.sql",
    "config/local/database.sql",
    "requirements.txt",
)


DATABASE = frozenset({"pg", "keys.json"})
COLLECTED = frozenset({"static", "static.stamp"})


def copy_database(state: Path) -> None:
    """Put the database into an empty state folder, with the ``keys.json`` that has its passwords."""
    _copy(state, DATABASE)


def copy_collected(state: Path) -> None:
    """Put the collected style sheets and scripts into a state folder that has none."""
    _copy(state, COLLECTED)


def copy_register(state: Path) -> None:
    """Put all of a register into an empty state folder: also collected files and the keys of the trail."""
    _copy(state, None)


def _copy(state: Path, only: Set[str] | None) -> None:
    with _alone():
        if not _is_current():
            _make()
        for path in PLACE.iterdir():
            if only is not None and path.name not in only:
                continue
            if path.is_dir():
                shutil.copytree(path, state / path.name)
            else:
                shutil.copy(path, state / path.name)
    if postgres.becomes_nobody() and (only is None or "pg" in only):
        _give_to_nobody(Folder(state).data)


@contextmanager
def _alone() -> Iterator[None]:
    """Two runs at once make it once, and none copies what another is making."""
    VENV.mkdir(exist_ok=True)
    held = os.open(VENV / "template.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _is_current() -> bool:
    stamp = PLACE / STAMP
    return stamp.exists() and stamp.read_text() == _description()


def _description() -> str:
    return f"{postgres.find_binaries().major} {fingerprint(CHECKOUT / source for source in SOURCES)}"


def _make() -> None:
    """Make it in a folder of its own; what was cut off is not there, because the stamp is written last."""
    from config.local.serve import prepare
    from config.local.testing import fresh_folder

    shutil.rmtree(PLACE, ignore_errors=True)
    with fresh_folder() as state:
        folder = Folder(state)
        services = Services(folder.record)
        try:
            keys = load_or_make(state)
            server = servers.start_database(services, folder, keys, durable=False)
            variables = {
                "SECRET_KEY": keys.secret_key,
                "STATE_DIR": str(state),
                "DJANGO_SETTINGS_MODULE": "config.settings.local",
                "DEMO": "0",
                "CELERY_BROKER_URL": "redis+socket:///nowhere",
                # Whoever makes it may be told where the trail of a real register is.
                "TRAIL_ANCHOR": str(state / "trail" / "anchor.txt"),
                "TRAIL_SIGNING_KEY": str(state / "trail" / "signing-key.pem"),
                "TRAIL_TRUSTED_KEYS": str(state / "trail" / "trusted-keys.pem"),
                **server.addresses(keys),
            }
            prepare(services, folder, variables)
        finally:
            services.stop()
        shutil.copytree(state, PLACE, ignore=shutil.ignore_patterns("*.log", "pg.port", "run"))
    (PLACE / STAMP).write_text(_description())


def _give_to_nobody(data: Path) -> None:
    for path in (data, *data.rglob("*")):
        shutil.chown(path, "nobody", "nogroup")

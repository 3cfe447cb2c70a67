"""Bring the database and the collected files up to date, in one process because loading Django takes a second.

It runs with the owner's address, which no web server and no worker gets. What commands print goes to the log of the
launcher; the steps a person waits for go to the terminal, on the file descriptor that it was given.
"""

import os
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from config.local.keys import write_private
from config.local.messages import compile_all
from config.local.places import CHECKOUT
from config.local.prepared import database_mark, fingerprint
from config.local.running import LOGINS, STEPS

VOCABULARIES = ("register/coding/data", "register/quality/data", "register/casework/vocabularies.py")


def say(step: str) -> None:
    """One line for the person who waits."""
    os.write(int(os.environ[STEPS]), f"{step}\n".encode())


def main() -> None:
    """All steps, each of them harmless when there is nothing to do."""
    compile_all(CHECKOUT)
    django.setup()
    migrate()
    collect_static()
    make_trail_keys()
    load_vocabularies()
    fill_demo()


def migrate() -> None:
    """Apply migrations as the owner, when some wait; with none waiting Django still spends seconds on signals."""
    executor = MigrationExecutor(connections["owner"])
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    say("Bringing the database up to date …")
    call_command("migrate", database="owner", interactive=False)


def make_trail_keys() -> None:
    """Make the keys of the seals, once; without them the keeper cannot seal."""
    call_command("make_trail_keys")


def collect_static() -> None:
    """Collect style sheets and scripts when one of them, or the packages that bring some, changed."""
    content = fingerprint([CHECKOUT / "static", CHECKOUT / "requirements.txt", CHECKOUT / "config" / "settings"])
    stamp = settings.STATE_DIR / "static.stamp"
    if stamp.exists() and stamp.read_text() == content and Path(settings.STATIC_ROOT).is_dir():
        return
    say("Collecting style sheets and scripts …")
    call_command("collectstatic", interactive=False, clear=True)
    stamp.write_text(content)


def load_vocabularies() -> None:
    """Load the shipped vocabularies when they changed, or when the database did."""
    content = fingerprint(CHECKOUT / path for path in VOCABULARIES) + database_mark(os.environ["DATABASE_OWNER_URL"])
    stamp = settings.STATE_DIR / "vocabularies.stamp"
    if stamp.exists() and stamp.read_text() == content:
        return
    say("Loading substances, causes of death and places …")
    call_command("load_vocabularies")
    stamp.write_text(content)


def fill_demo() -> None:
    """Fill an empty register with the demonstration, and keep its logins for the launcher to print."""
    logins = settings.STATE_DIR / LOGINS
    logins.unlink(missing_ok=True)
    if not settings.DEMO or "demo" not in get_commands():
        return
    say("Filling the demonstration register if it is empty …")
    call_command("demo", "--if-empty")
    lines = StringIO()
    call_command("demo", "--logins", stdout=lines)
    write_private(logins, lines.getvalue())


if __name__ == "__main__":
    main()

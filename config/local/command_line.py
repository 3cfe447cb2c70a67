"""The operator's verbs, ``manage.py VERB``: found packages, a found database, and a sentence where one is missing."""

import os
import secrets
import sys

from config.local.places import state_folder
from config.local.refusal import last_line
from config.local.running import adopt, enter_packages

# Verbs that work on the files they are given. They need no register: what settings ask for is named, and never opened.
ON_FILES = frozenset({"protect_table", "verify_certificate"})
NOWHERE = "postgresql://nobody@localhost/none"


def operate(arguments: list[str]) -> None:
    """Run one verb against the database that the environment names, else against the register that runs from here.

    Ends the process with status 1 and one sentence when there is no such database, unless the verb needs none.
    """
    enter_packages()
    adopt()
    if ON_FILES.intersection(arguments[1:2]):
        missing = {"SECRET_KEY": secrets.token_hex(), "DATABASE_URL": NOWHERE, "DATABASE_STATS_URL": NOWHERE}
        os.environ.update({name: value for name, value in missing.items() if not os.environ.get(name, "").strip()})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from config.start import faults

    try:
        if _is_ours(arguments) and (found := faults()):
            sys.exit("\n".join(f"The register refuses to run. {fault}" for fault in found))
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        sys.exit(_without_register(str(error)))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) is not None:
            raise
        sys.exit(
            f"The database cannot be reached ({last_line(str(error).split(chr(10), 1)[0].rpartition('failed: ')[2])}): "
            "start the register with `make run` in another terminal, or correct DATABASE_URL."
        )


def _is_ours(arguments: list[str]) -> bool:
    """Is this a verb of the register, which works on its database, and not only a question what the verb does?"""
    import django
    from django.core.management import get_commands

    if len(arguments) < 2 or {"--help", "-h"} & set(arguments) or arguments[1] in ON_FILES:
        return False
    django.setup()
    return get_commands().get(arguments[1]) == "register"


def _without_register(sentence: str) -> str:
    """A missing variable mostly means that nothing runs; then that is what the operator should hear."""
    if os.environ.get("DATABASE_URL", "").strip():
        return sentence
    return (
        f"No register runs from {state_folder()} and DATABASE_URL is not set: "
        "start it with `make run` in another terminal, or set DATABASE_URL (docs/operator.md)."
    )

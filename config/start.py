"""The last look before a web server, a worker, its clock or a verb begins: with an unsafe setting none of them does."""

import logging
import sys
from threading import Thread

from django.db import DatabaseError, OperationalError, connections

log = logging.getLogger(__name__)


def faults() -> list[str]:
    """A sentence for every unsafe setting and every unsafe right of this process.

    No connection is left open: the processes that are forked from here must not share one.

    :raises OperationalError: when the database cannot be asked.
    """
    from config.checks import unsafe_settings
    from register.audit.checks import APP, unsafe_rights

    try:
        return [str(fault.msg) for fault in (*unsafe_settings(), *unsafe_rights(databases=[APP]))]
    finally:
        connections.close_all()


def refuse_when_unsafe() -> None:
    """End this process with status 1 and a sentence for each fault; what cannot be judged is refused too."""
    try:
        found = faults()
    except OperationalError:
        found = ["The database cannot be reached, so nobody can tell whether its rights are safe: start it first."]
    if found:
        sys.exit("\n".join(f"The register refuses to run. {fault}" for fault in found))


def get_ready() -> Thread:
    """Build what the first requests of this process need, in a thread beside them: the port answers meanwhile."""
    thread = Thread(target=_get_ready, name="getting-ready", daemon=True)
    thread.start()
    return thread


def _get_ready() -> None:
    from register.casework import suggestions

    try:
        suggestions.get_ready()
    except DatabaseError as error:
        # The first search builds it then; whether the database answers is told at /readyz.
        log.warning("the names of the picker were not built beforehand: %s", type(error).__name__)
    finally:
        connections.close_all()

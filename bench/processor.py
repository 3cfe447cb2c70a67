"""What this process and the database server used of the processors, which other work on the machine does not change."""

import time

from django.conf import settings

from bench import api_load


def database() -> int:
    """The first process of the embedded database server of this run."""
    return int((settings.STATE_DIR / "pg" / "postmaster.pid").read_text().split()[0])


def used() -> tuple[float, float]:
    """Seconds of this process, and of the database server with all its sessions, so far."""
    return time.process_time(), api_load.processor_seconds(database())


def since(before: tuple[float, float]) -> tuple[float, float]:
    """Seconds of both since then."""
    own, served = used()
    return own - before[0], served - before[1]

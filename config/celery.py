"""The worker and its clock. Tasks live in ``register.tasks``; each loads by id and makes one call."""

import logging.config
import os
from typing import Any

from celery import Celery, signals

from config.logging import LOGGING
from config.start import refuse_when_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("register")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["register"])


@signals.setup_logging.connect
def _write_the_lines_of_the_register(**_: Any) -> None:
    logging.config.dictConfig(LOGGING)


@signals.worker_init.connect
@signals.beat_init.connect
def _refuse_when_unsafe(**_: Any) -> None:
    refuse_when_unsafe()


@signals.beat_init.connect
@signals.before_task_publish.connect(sender="register.heartbeat")
def _the_clock_rings(**_: Any) -> None:
    """Only the clock sends a heartbeat, so whoever sends one is the clock, and alive."""
    _sign_of_life("CLOCK")


@signals.worker_ready.connect
def _the_worker_is_ready(**_: Any) -> None:
    _sign_of_life("WORKER")


def _sign_of_life(program: str) -> None:
    """The connection is not kept: it may be broken when the clock rings again, and a forked worker must not share
    it."""
    from django.db import connection

    from register import outbox

    try:
        outbox.beat(outbox.Program[program])
    finally:
        connection.close()

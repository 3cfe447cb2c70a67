"""Real workers, a real clock and a real broker for the tests of the outbox."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import redis
from django.conf import settings
from django.db import connection

PATIENCE = 300
WORKER = ("worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
CLOCK = ("beat", "--pidfile", "")


@contextmanager
def broker() -> Iterator["redis.Redis"]:
    """A line to the broker of this run."""
    with redis.Redis.from_url(os.environ["CELERY_BROKER_URL"].replace("redis+socket://", "unix://")) as line:
        yield line


@contextmanager
def programs(*wanted: tuple[str, ...], settings_module: str = "config.settings.test") -> Iterator[None]:
    """Workers and clocks on the database of this test; they are stopped when the context is left."""
    name = connection.settings_dict["NAME"]
    variables = {
        variable: f"{os.environ[variable].rsplit('/', 1)[0]}/{name}"
        for variable in ("DATABASE_URL", "DATABASE_STATS_URL")
    }
    environment = {**os.environ, **variables, "DJANGO_SETTINGS_MODULE": settings_module}
    environment.pop("DATABASE_OWNER_URL", None)
    command = [sys.executable, "-m", "celery", "--app", "config.celery:app"]
    with ExitStack() as stack:
        for arguments in wanted:
            process = subprocess.Popen([*command, *arguments], cwd=settings.BASE_DIR, env=environment)
            stack.callback(_stop, process)
        yield


def worker(name: str, *arguments: str) -> tuple[str, ...]:
    """A worker that also knows the bell."""
    return (*WORKER, "--hostname", name, "--include", "tests.integration.outbox.bell", *arguments)


def clock(folder: object) -> tuple[str, ...]:
    return (*CLOCK, "--schedule", f"{folder}/schedule")


def wait_until(holds: Callable[[], bool], *, within: float = PATIENCE) -> None:
    """Until it holds; too long is a failure."""
    end = time.monotonic() + within
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"it did not hold within {within:.0f} seconds")
        time.sleep(0.1)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)

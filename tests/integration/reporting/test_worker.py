"""Building in the worker: asked for once, done once, and a killed worker does no harm."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from register import outbox
from register.models import OutboxMessage, Release, ReleaseCells, ReleaseChange, ReleaseExtract, ReleaseTable
from register.reporting.tables import designs
from register.tasks import build_release
from tests.integration.reporting import working
from tests.integration.reporting.closed_cases import Closed, people, store
from tests.integration.reporting.test_release_life import CASES, drafted
from tests.unit.reporting.deaths import extract_of

PATIENCE = 60
RUN_THE_TASK = """
import django
django.setup()
from register.tasks import build_release
build_release("{message}")
"""


@pytest.mark.django_db
def test_the_task_builds_once_however_often_its_message_comes() -> None:
    store(CASES)
    release = drafted(people()[1])
    assert working.steps() == 3
    for message in OutboxMessage.objects.all():
        build_release(str(message.pk))
        message.refresh_from_db()
        assert message.done_at is not None
        assert message.attempts == 1
    assert ReleaseTable.objects.filter(release=release).count() == len(designs(extract_of([])))
    assert ReleaseChange.objects.filter(release=release, name="build").count() == 1
    assert not ReleaseCells.objects.exists()
    assert outbox.relay(now=timezone.now()) == 0


@pytest.mark.django_db
def test_the_build_stands_in_the_history_with_the_trace_of_who_asked_for_it() -> None:
    store([Closed()])
    release = drafted(people()[1])
    message = OutboxMessage.objects.get()
    working.steps()
    assert message.actor == str(people()[1].pk)
    assert Release.history.filter(id=release.pk, build="built").count() == 1


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_worker_killed_in_the_middle_loses_one_step_and_the_next_one_goes_on_from_the_frozen_cases() -> None:
    store(CASES)
    release = drafted(people()[1])
    for _ in range(2):
        build_release(str(OutboxMessage.objects.get(done_at__isnull=True).pk))
    frozen = ReleaseExtract.objects.get().sha256
    store([Closed() for _ in range(3)])
    message = OutboxMessage.objects.get(done_at__isnull=True)
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("LOCK TABLE register_releasetable IN SHARE ROW EXCLUSIVE MODE")
        worker = _worker(message)
        _wait_until_it_writes_tables(worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE)
    _wait_until_its_transaction_is_gone()
    assert not ReleaseTable.objects.exists()
    assert Release.objects.get(pk=release.pk).build == "proven"
    message.refresh_from_db()
    assert (message.done_at, message.attempts) == (None, 1)
    build_release(str(message.pk))
    built = Release.objects.get(pk=release.pk)
    assert built.build == "built"
    assert built.report is not None
    assert built.report["deaths"] == len(CASES)
    assert ReleaseExtract.objects.get().sha256 == frozen
    assert ReleaseTable.objects.count() == len(designs(extract_of([])))


def _worker(message: OutboxMessage) -> "subprocess.Popen[bytes]":
    """Another process that works on the database of this test."""
    name = connection.settings_dict["NAME"]
    urls = {
        variable: f"{os.environ[variable].rsplit('/', 1)[0]}/{name}"
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_STATS_URL")
    }
    return subprocess.Popen(
        [sys.executable, "-c", RUN_THE_TASK.format(message=message.pk)],
        cwd=settings.BASE_DIR,
        env={**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
    )


def _wait_until_it_writes_tables(worker: "subprocess.Popen[bytes]") -> None:
    """Until the worker waits for the lock, in the middle of its step."""
    for _ in range(PATIENCE * 20):
        assert worker.poll() is None, "the worker ended before it could be killed"
        if _count(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database AND datname = current_database()"
            " WHERE relation = 'register_releasetable'::regclass AND NOT granted"
        ):
            return
        time.sleep(0.05)
    pytest.fail("the worker did not begin to write tables")


def _wait_until_its_transaction_is_gone() -> None:
    for _ in range(PATIENCE * 20):
        if not _count(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND query LIKE 'INSERT INTO \"register_releasetable\"%'"
        ):
            return
        time.sleep(0.05)
    pytest.fail("the transaction of the killed worker is still there")


def _count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])

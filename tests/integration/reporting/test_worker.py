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
from register.coding import catalogue
from register.models import OutboxMessage, Release, ReleaseChange, ReleaseExtract, ReleaseTable
from register.reporting.tables import designs
from register.tasks import build_release
from tests.integration.reporting.closed_cases import Closed, people, store
from tests.integration.reporting.test_release_life import CASES, drafted

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
    message = OutboxMessage.objects.get()
    for _ in range(2):
        build_release(str(message.pk))
    assert ReleaseTable.objects.filter(release=release).count() == len(designs(catalogue.load()))
    assert ReleaseChange.objects.filter(release=release, name="build").count() == 1
    message.refresh_from_db()
    assert message.done_at is not None
    assert message.attempts == 1
    assert outbox.relay(now=timezone.now()) == 0


@pytest.mark.django_db
def test_the_build_stands_in_the_history_with_the_trace_of_who_asked_for_it() -> None:
    store([Closed()])
    release = drafted(people()[1])
    message = OutboxMessage.objects.get()
    build_release(str(message.pk))
    assert message.actor == str(people()[1].pk)
    assert Release.history.filter(id=release.pk, build="built").count() == 1


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_builds() -> None:
    store(CASES)
    release = drafted(people()[1])
    message = OutboxMessage.objects.get()
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("LOCK TABLE register_releasetable IN SHARE ROW EXCLUSIVE MODE")
        worker = _worker(message)
        _wait_until_it_writes_tables(worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE)
    _wait_until_its_transaction_is_gone()
    assert not ReleaseExtract.objects.exists()
    assert not ReleaseTable.objects.exists()
    assert Release.objects.get(pk=release.pk).build == "waiting"
    message.refresh_from_db()
    assert (message.done_at, message.attempts) == (None, 1)
    build_release(str(message.pk))
    assert Release.objects.get(pk=release.pk).build == "built"
    assert ReleaseTable.objects.count() == len(designs(catalogue.load()))


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
    """Until the worker waits for the lock, after the extract was written in its transaction."""
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

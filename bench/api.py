"""Reading one published table over the API, beside a static file of the same server, and looking at a chart.

Run by ``make bench ARGS=api``. The server is one gunicorn as in production, with two workers of four threads; who asks
is another process on the same cores. Each line also says what a request cost the processors: the web server, the
database and the one who asks. From their sum follows what two cores would do that nobody else uses. Goals: a table 500
times a second, 1,000 times when the client has it already (304), a chart page within 200 ms.
"""

import http.client
import multiprocessing
import os
import statistics
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
# The limit keeps a caller from doing what this benchmark does.
os.environ.setdefault("API_REQUESTS_PER_MINUTE", "100000000")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import api_load, desk, processor  # noqa: E402
from register.access import issue_token  # noqa: E402
from register.audit import acting_as  # noqa: E402
from register.models import User  # noqa: E402
from register.web.statistics.pictures import CHARTS  # noqa: E402
from tests.integration.api.conftest import CASES, publish_release  # noqa: E402
from tests.integration.reporting.closed_cases import store  # noqa: E402

SECONDS, CONNECTIONS, CORES = float(os.environ.get("BENCH_SECONDS", "8")), 16, 2
LOOKS = 30
TABLE, UNCHANGED = "table", "unchanged (304)"
GOALS = {TABLE: 500, UNCHANGED: 1000}


@dataclass(frozen=True, slots=True)
class Program:
    """The processes that a request keeps busy."""

    server: int
    database: int

    def used(self) -> tuple[float, float]:
        return processor.spent(self.server), processor.spent(self.database)


def main() -> None:
    """Publish a release, ask for one table as fast as it comes and for every chart, and print a line for each."""
    with acting_as("system:bench"):
        admin = User.objects.create_user("bench.admin", role="admin")
        reader = User.objects.create_user("bench.statistician", role="statistician")
        store(CASES)
        release = publish_release()
    _, token = issue_token(organisation="Benchmark", by=admin, expires_at=timezone.now() + timedelta(hours=1))
    cookie = desk.cookie_of(reader)
    connections.close_all()
    table, asked = f"/v1/releases/{release.identifier}/tables/group.csv", {"Authorization": f"Bearer {token}"}
    with desk.server() as (port, _program):
        program = Program(_listening(port), processor.database())
        etag = _once(port, table, asked).headers["ETag"]
        print(
            f"{'':18}{'a second':>10}{'of static':>10}{'goal':>7}{'ms: server':>12}{'database':>10}{'client':>8}"
            f"{'two cores':>11}"
        )
        static = 0.0
        for name, path, headers in (
            ("static file", staticfiles_storage.url("register.css"), {}),
            (TABLE, table, asked),
            (UNCHANGED, table, {**asked, "If-None-Match": etag}),
        ):
            rate = _measure(program, port, name, path, headers, static)
            static = static or rate
        _charts(program, port, release.identifier, cookie)


def _measure(program: Program, port: int, name: str, path: str, headers: Mapping[str, str], static: float) -> float:
    """Ask for some seconds, print the line, and give the answers in a second."""
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned) as pool:
        pool.submit(api_load.ask, port, path, dict(headers), CONNECTIONS, 1.0).result()
        before = program.used()
        told = pool.submit(api_load.ask, port, path, dict(headers), CONNECTIONS, SECONDS).result()
        server, database = (now - was for now, was in zip(program.used(), before, strict=True))
    rate = told.answers / told.seconds
    costs = [1000 * seconds / told.answers for seconds in (server, database, told.processor)]
    print(
        f"{name:18}{rate:>10.0f}{rate / (static or rate):>10.2f}{GOALS.get(name, ''):>7}"
        f"{costs[0]:>12.2f}{costs[1]:>10.2f}{costs[2]:>8.2f}{1000 * CORES / sum(costs):>11.0f}",
        flush=True,
    )
    return rate


def _charts(program: Program, port: int, release: str, cookie: str) -> None:
    """Each chart page, one after the other by one person: what it costs, and how long it takes with what else runs."""
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
    print(f"{'chart page':18}{'ms: server':>12}{'database':>10}{'median':>10}{'p95':>8}   goal 200")
    for chart in CHARTS:
        path, took = f"/cijfers/{release}/beeld/{chart}/", []
        for _ in range(4):  # each worker reads the table once
            _once(port, path, headers)
        before = program.used()
        for _ in range(LOOKS):
            begun = time.perf_counter()
            _once(port, path, headers)
            took.append(1000 * (time.perf_counter() - begun))
        used = zip(program.used(), before, strict=True)
        server, database = (max(0.0, 1000 * (now - was) / LOOKS) for now, was in used)
        p95 = sorted(took)[round(LOOKS * 0.95) - 1]
        print(f"{chart:18}{server:>12.1f}{database:>10.1f}{statistics.median(took):>10.0f}{p95:>8.0f}", flush=True)


def _once(port: int, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request("GET", path, headers={"Host": "localhost", **headers})
        answer = line.getresponse()
        answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}.")
    return answer


def _listening(port: int) -> int:
    """The master process of the server on this port, which is a child of this one."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == os.getpid() and f"127.0.0.1:{port}".encode() in command:
                return int(entry.name)
    raise SystemExit("The web server is not a process of this benchmark.")


if __name__ == "__main__":
    main()

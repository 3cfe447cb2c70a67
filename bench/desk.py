"""The physician's desk at 50,000 cases with 20 people at work: how long pages, saves and a PDF take over the wire.

Run by ``make bench ARGS=desk``; ``BENCH_CASES=5000`` for a smaller register. The cases are written by the bulk path
that keeps the history, a twentieth of them by each physician. The server is gunicorn as in production, on this machine.
"""

import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402

from bench import processor  # noqa: E402
from register.audit import acting_as  # noqa: E402
from register.models import SECTIONS, Case, ForensicService, User  # noqa: E402
from tests import factories  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

CASES, BATCH = int(os.environ.get("BENCH_CASES", "50000")), 1_000
PATIENCE = 900  # seconds for gunicorn to start
PEOPLE, ROUNDS = 20, int(os.environ.get("BENCH_ROUNDS", "12"))
# Seconds between two acts of one physician: they read and type in between.
PAUSE = (0.5, 1.5)
FIRST_DAY = date(2012, 1, 1)
SHARES = (("closed", 0.90), ("submitted", 0.04), ("in_review", 0.03), ("awaiting_tox", 0.03))
PAGES = ("", "overledene/", "overlijden/", "omstandigheden/", "middelen/", "toxicologie/", "conclusie/", "controleren/")
Took = dict[str, list[float]]


def main() -> None:
    """Fill the register, let the physicians work, and print a line for each kind of request."""
    physicians, reviewer = people()
    started = time.perf_counter()
    fill(physicians, reviewer)
    print(f"{CASES:,} cases with history written in {time.perf_counter() - started:.0f} s")
    drafts = [factories.filled(physician) for physician in physicians]
    cookies = [cookie_of(physician) for physician in physicians]
    database = processor.parent_of(connection.connection.info.backend_pid)
    connections.close_all()
    with server() as (port, program), ThreadPoolExecutor(PEOPLE) as pool:
        desks = [Desk(port, cookie, str(draft.pk)) for cookie, draft in zip(cookies, drafts, strict=True)]
        list(pool.map(Desk.look_round, desks))  # the first look of each worker reads the vocabularies
        for desk in desks:
            desk.took = defaultdict(list)
        before = [time.process_time(), processor.spent(program), processor.spent(database)]
        list(pool.map(Desk.work, desks))
        after = [time.process_time(), processor.spent(program), processor.spent(database)]
        took = [desk.took for desk in desks]
    _print(took)
    requests = sum(len(times) for each in took for times in each.values())
    each = [f"{(end - begin) / requests * 1000:.1f}" for begin, end in zip(before, after, strict=True)]
    print(f"processor, ms a request: physicians {each[0]}, web server {each[1]}, database {each[2]}")


def _print(took: list[Took]) -> None:
    kinds = sorted({kind for each in took for kind in each})
    print(f"{'request':24} {'n':>5} {'median ms':>10} {'p95 ms':>8} {'worst ms':>9}")
    for kind in kinds:
        times = sorted(one * 1000 for each in took for one in each.get(kind, ()))
        p95 = times[max(0, round(len(times) * 0.95) - 1)]
        print(f"{kind:24} {len(times):>5} {statistics.median(times):>10.0f} {p95:>8.0f} {times[-1]:>9.0f}")


class Desk:
    """One physician with a browser: asks for pages, and saves what they type."""

    def __init__(self, port: int, cookie: str, case: str) -> None:
        self.port = port
        self.cookies = {settings.SESSION_COOKIE_NAME: cookie}
        self.case = case
        self.version = ""
        self.took: Took = defaultdict(list)
        self.random = random.Random(case)

    def look_round(self) -> None:
        """Every page once."""
        self._get("Mijn zaken", "/zaken/")
        for page in PAGES:
            self._get("section page", f"/zaken/{self.case}/{page}")

    def work(self) -> None:
        """A while at the desk: a list, pages of the draft with what is typed there, and once the case on paper."""
        for _ in range(ROUNDS):
            self._get("Mijn zaken", "/zaken/")
            page = self._get("section page", f"/zaken/{self.case}/overledene/")
            self.version = page.partition('name="version" value="')[2].partition('"')[0]
            for _ in range(4):
                self._save()
            self._get("check page", f"/zaken/{self.case}/controleren/")
        self._get("PDF", f"/zaken/{self.case}/pdf/")

    def _get(self, kind: str, path: str) -> str:
        return self._ask(kind, "GET", path, None, {})

    def _save(self) -> None:
        body = f"age_years={self.random.randrange(18, 90)}&save_id={uuid4()}"
        headers = {"If-Match": f'"{self.version}"', "X-CSRFToken": self.cookies.get("csrftoken", "")}
        self._ask("save", "POST", f"/zaken/{self.case}/overledene/bewaren", body, headers)

    def _ask(self, kind: str, method: str, path: str, body: str | None, more: dict[str, str]) -> str:
        time.sleep(self.random.uniform(*PAUSE))
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": "localhost", "Cookie": cookies, **more}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        # A line for each request, as a proxy before gunicorn does: lines that stay open pile up at one worker.
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            content = answer.read()
        self.took[kind].append(time.perf_counter() - started)
        assert answer.status == 200, f"{kind}: {answer.status}"
        for header in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        self.version = (answer.headers.get("ETag") or self.version).strip('"')
        return content.decode(errors="replace")


def people() -> tuple[list[User], User]:
    """The physicians, and one who reviewed what is closed."""
    with acting_as("system:bench"):
        names = [f"bench.arts.{number}" for number in range(PEOPLE)]
        return (
            [User.objects.create_user(name, role="physician", region_id=factories.AMSTERDAM) for name in names],
            User.objects.create_user("bench.register", role="register_staff"),
        )


def fill(physicians: list[User], reviewer: User) -> None:
    """Write the cases of each physician, with all their sections."""
    service = ForensicService.objects.get(region_id=factories.AMSTERDAM)
    states = [state for state, share in SHARES for _ in range(round(100 * share))]
    each = CASES // PEOPLE
    for turn, physician in enumerate(physicians):
        for start in range(turn * each, (turn + 1) * each, BATCH):
            with acting_as(physician):
                numbers = range(start, min(start + BATCH, (turn + 1) * each))
                cases = [_case(number, states[number % 100], physician, reviewer, service) for number in numbers]
                Case.objects.create_many(cases)
                for section in SECTIONS:
                    section.objects.create_many([section(case=case) for case in cases])


def _case(number: int, state: str, physician: User, reviewer: User, service: ForensicService) -> Case:
    decided, day = state == "closed", FIRST_DAY + timedelta(days=number % 5000)
    return Case(
        case_number=f"9999-{number:06}",
        region_id=factories.AMSTERDAM,
        forensic_service=service,
        reporter=physician,
        status=state,
        tox_status="requested" if state == "awaiting_tox" else None,
        submitted_at=f"{day}T08:00Z",
        followup_due=day,
        locked_on=f"{day}T12:00Z" if decided else None,
        decided_by=reviewer if decided else None,
    )


def cookie_of(physician: User) -> str:
    """The session of somebody who signed in with both factors."""
    client = Client()
    sign_in(client, physician)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@contextmanager
def server() -> Any:
    """gunicorn as in production: the port on which it listens, and its process."""
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], check=True)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "--bind", f"127.0.0.1:{port}"]
    program = subprocess.Popen([*command, "config.wsgi:application"])
    try:
        _wait(program, port)
        yield port, program.pid
    finally:
        program.terminate()
        program.wait(30)


def _wait(program: "subprocess.Popen[bytes]", port: int) -> None:
    """On a busy machine the first answer of the port takes minutes; a server that ended is not waited for."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if program.poll() is not None:
            raise SystemExit(f"gunicorn ended with status {program.returncode}.")
        with closing(socket.socket()) as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"gunicorn did not start within {PATIENCE} seconds.")


if __name__ == "__main__":
    main()

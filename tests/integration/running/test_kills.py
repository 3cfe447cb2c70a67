"""Whatever is killed under load, what was acknowledged is there and every task is done once."""

import http.client
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import psycopg
import pytest

from config.local import processes, serve
from config.local.refusal import CannotRunError
from tests.integration.outbox.programs import wait_until
from tests.integration.running.register import Answer, Register, Visitor, ask_for_a_release
from tests.scale import in_full, scaled

KILLS = scaled("kills", small=3, full=50)
SAVES_BETWEEN = 4
PATIENCE = 120
LOST = (OSError, http.client.HTTPException)


@dataclass
class Writer:
    """A physician who saves one answer after another, and keeps what the register said it stored."""

    visitor: Visitor
    case: str = ""
    acknowledged: list[int] = field(default_factory=list)
    tried: int = 0

    def begin(self) -> None:
        form = self.visitor.get("/zaken/nieuw").form_with("age_years")
        said = [*form.hidden(), ("sex", "male"), ("age_years", "0"), *form.buttons()[:1]]
        self.case = self.visitor.post("/zaken/nieuw", said).location.split("/")[2]

    def save(self) -> None:
        """Save the next age; only a redirect means that it is stored."""
        page = f"/zaken/{self.case}/overledene/"
        form = _form_with(self.visitor.get(page), "age_years")
        if form is None:
            return
        self.tried += 1
        age = self.tried % 120 + 1
        said = [*((name, value) for name, value in form if name != "age_years"), ("age_years", str(age))]
        if self.visitor.post(page, said).status == 302:
            self.acknowledged.append(age)


def _form_with(answer: Answer, name: str) -> list[tuple[str, str]] | None:
    for form in answer.forms if answer.status == 200 else []:
        if any(control.name == name for control in form.controls):
            return [*form.hidden(), *form.buttons()[:1]]
    return None


def _ask(visitor: Visitor) -> None:
    """A release; the page may be broken for a moment when a part of the register just fell."""
    with suppress(StopIteration):
        ask_for_a_release(visitor, title="Onder druk", note="")


@contextmanager
def _again_and_again(work: Callable[[], None], pause: float) -> Iterator[None]:
    """The work in a thread of its own; a lost connection is what the test is about, any other fault ends it."""
    ended = threading.Event()
    faults: list[Exception] = []

    def run() -> None:
        while not ended.is_set() and not faults:
            try:
                with suppress(LOST):
                    work()
            except Exception as fault:
                faults.append(fault)
            ended.wait(pause)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        if faults:
            raise faults[0]


def _tended(register: Register) -> Callable[[], None]:
    """Start again what fell, as the launcher does; here it may fall as often as the test wants."""

    def tend() -> None:
        for service in register.services.fallen():
            try:
                register.services.restart(service, times=10_000, within=1)
            except CannotRunError:  # another part that it needs is down as well; the next round tries again
                continue

    return tend


@pytest.mark.scaled
def test_what_was_acknowledged_survives_every_kill_and_each_task_is_done_once(register: Register) -> None:
    chance = random.Random(11)
    writers = []
    for persona in ("arts.amsterdam", "arts.rotterdam"):
        writer = Writer(Visitor(register.port))
        writer.visitor.sign_in(persona)
        writer.begin()
        writers.append(writer)
    staff = Visitor(register.port)
    staff.sign_in("register.jansen")
    names = [mark.name for mark in processes.load(register.folder.record)]
    assert {serve.WEB, serve.WORKER, serve.KEEPER, serve.CLOCK} < set(names)
    with _again_and_again(_tended(register), 0.25):
        with (
            _again_and_again(writers[0].save, 0.02),
            _again_and_again(writers[1].save, 0.02),
            _again_and_again(lambda: _ask(staff), 5),
        ):
            for number in range(KILLS):
                before = _acknowledged(writers)
                # Each part falls in turn, then at random.
                _kill(register, names[number] if number < len(names) else chance.choice(names))
                wait_until(partial(_more_than, before, writers), within=PATIENCE)
        if not in_full():
            _let_pauses_be_over(register)
        wait_until(lambda: _count(register, UNDONE) == 0, within=90)
    for writer in writers:
        _assert_kept(register, writer)
    assert _count(register, "SELECT count(*) FROM register_release") > 0
    assert _count(register, DONE_NOT_ONCE) == 0
    assert register.manage("seal_trail").returncode == 0
    whole = register.manage("verify_trail")
    assert whole.returncode == 0, whole.stdout + whole.stderr


def _acknowledged(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


def _more_than(before: int, writers: list[Writer]) -> bool:
    return _acknowledged(writers) >= before + SAVES_BETWEEN


UNDONE = "SELECT count(*) FROM register_outboxmessage WHERE done_at IS NULL"
# What failed when a part fell is tried again a while later, and what was lost is missed after half a minute.
PAUSES_ARE_OVER = """
UPDATE register_outboxmessage SET available_at = now(), published_at = published_at - interval '1 minute'
WHERE done_at IS NULL
"""
DONE_NOT_ONCE = """
SELECT count(*) FROM register_release r
WHERE (SELECT count(*) FROM register_releasechange c WHERE c.release_id = r.id AND c.name = 'build') <> 1
"""
STORED = """
SELECT ((p.body::jsonb)->'new'->>'age_years')::int FROM audit.change_event e
JOIN audit.change_payload p ON p.event_id = e.id
WHERE e.tbl = 'register_decedent' AND e.case_id = %s ORDER BY e.row_version
"""


def _kill(register: Register, name: str) -> None:
    """kill -9 of one part; one that is just being started again is left to it."""
    for mark in processes.load(register.folder.record):
        if mark.name == name and processes.stat_of(mark.pid) is not None:
            os.kill(mark.pid, signal.SIGKILL)
    time.sleep(0.2)


def _let_pauses_be_over(register: Register) -> None:
    """The short version does not wait for the next try of what was interrupted."""
    with register.server.connect(register.server.database) as session:
        session.execute(PAUSES_ARE_OVER)


def _query(register: Register, statement: str, *values: object) -> list[tuple[int]]:
    with psycopg.connect(register.variables["DATABASE_KEEPER_URL"]) as session:
        return session.execute(statement, values).fetchall()  # type: ignore[call-overload, no-any-return]


def _count(register: Register, statement: str) -> int:
    try:
        return _query(register, statement)[0][0]
    except psycopg.OperationalError:
        return -1


def _assert_kept(register: Register, writer: Writer) -> None:
    """Every acknowledged answer was stored, in its order; between them may stand what was stored and not heard of."""
    stored = iter(age for (age,) in _query(register, STORED, writer.case) if age)
    lost = [age for age in writer.acknowledged if not any(age == kept for kept in stored)]
    assert writer.acknowledged
    assert lost == []

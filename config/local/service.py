"""A program that runs as long as the register does: started, watched, started again, stopped in order."""

import contextlib
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM

from config.local import processes
from config.local.refusal import CannotRunError, cause_in, sentence_for

LOG_BYTES = 10 * 1024 * 1024
TAIL_BYTES = 8192


@dataclass(frozen=True)
class Service:
    """How to start one program and how to know that it works.

    ``patience`` is how many seconds it may take to stop; ``retry`` for how many seconds a failed start is tried again.
    """

    name: str
    command: tuple[str, ...]
    log: Path
    ready: Callable[[int], bool]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    before: Callable[[], None] = lambda: None
    stop_signal: int = SIGTERM
    patience: float = 10
    start_within: float = 30
    retry: float = 0
    pass_fds: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()
    serves_others: bool = False


@dataclass
class Running:
    """A started service."""

    service: Service
    process: "subprocess.Popen[bytes]"
    marked: processes.Mark
    starts: list[float]


class Services:
    """The services of one run, in the order of their start; ``record`` is where a next run finds them after a crash."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._token = secrets.token_hex(16)
        self._running: list[Running] = []
        self._stopping = False

    def start(self, service: Service) -> None:
        """Start a service and wait until it works.

        :raises CannotRunError: when it does not, with what its log says.
        """
        give_up = time.monotonic() + service.retry
        while True:
            try:
                self._start_once(service)
            except CannotRunError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.5)
            else:
                return

    def finish(self, task: Service) -> None:
        """Run a program to its end; a crash of the launcher does not lose it, as it is recorded like a service.

        :raises CannotRunError: when it fails, with what its log says.
        """
        begin = task.log.stat().st_size if task.log.exists() else 0
        running = self._spawn(task)
        try:
            failed = running.process.wait() != 0
        finally:
            self._end(running)
        if failed:
            raise CannotRunError(_refused(task, begin))

    def stop(self) -> None:
        """Stop what was started, last one first, and leave no record. What serves nobody else ends at the same time."""
        self._stopping = True
        for running in self._running:
            if not running.service.serves_others and running.process.poll() is None:
                running.process.send_signal(running.service.stop_signal)
        while self._running:
            self._end(self._running[-1])
        self._record.unlink(missing_ok=True)

    def fallen(self) -> list[Service]:
        """Services whose process has ended by itself, in the order of their start."""
        return [running.service for running in self._running if running.process.poll() is not None]

    def restart(self, service: Service, *, times: int, within: float) -> None:
        """Start a fallen service again, and the services that need it.

        :raises CannotRunError: when it fell more than ``times`` times in ``within`` seconds.
        """
        starts = next(running.starts for running in self._running if running.service is service)
        recent = [moment for moment in starts if moment > time.monotonic() - within]
        if len(recent) >= times:
            raise CannotRunError(_refused(service))
        again = [service, *(one.service for one in self._running if service.name in one.service.needs)]
        for one in reversed(again):
            self._end(next(running for running in self._running if running.service is one))
        for one in again:
            self.start(one)
        next(running for running in self._running if running.service is service).starts[:0] = recent

    def _start_once(self, service: Service) -> None:
        service.before()
        if service.log.exists() and service.log.stat().st_size > LOG_BYTES:
            service.log.replace(service.log.with_suffix(".log.1"))
        begin = service.log.stat().st_size if service.log.exists() else 0
        running = self._spawn(service)
        end = time.monotonic() + service.start_within
        try:
            while not service.ready(running.process.pid):
                if running.process.poll() is not None:
                    raise CannotRunError(_refused(service, begin))
                if time.monotonic() > end:
                    raise CannotRunError(
                        f"{service.name} did not work within {service.start_within:.0f} seconds "
                        f"({cause_in(tail(service.log, begin))}): read {service.log}."
                    )
                time.sleep(0.02)
        except BaseException:
            self._end(running)
            raise

    def _spawn(self, service: Service) -> Running:
        with os.fdopen(os.open(service.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
            try:
                process = subprocess.Popen(
                    service.command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**service.environment, processes.TOKEN: self._token},
                    start_new_session=True,  # Ctrl-C reaches the launcher only, which stops the others in order
                    pass_fds=service.pass_fds,
                )
            except (FileNotFoundError, PermissionError) as error:
                raise CannotRunError(
                    f"{service.name} cannot be started, because {error.filename} is missing or may not be run: "
                    "remove the folder .venv, then start again."
                ) from None
        marked = processes.mark(service.name, process.pid, token=self._token, stop_signal=service.stop_signal)
        if marked is None:
            raise CannotRunError(_refused(service))
        running = Running(service=service, process=process, marked=marked, starts=[time.monotonic()])
        self._running.append(running)
        self._save()
        return running

    def _end(self, running: Running) -> None:
        """Stop one service; Popen is asked as well, because a child that nobody waits for stays in the table."""
        if running.process.poll() is None:
            if running.service.serves_others or not self._stopping:
                running.process.send_signal(running.service.stop_signal)
            try:
                running.process.wait(running.service.patience)
            except subprocess.TimeoutExpired:
                running.process.kill()
                running.process.wait(5)
        processes.stop(running.marked, patience=0)
        self._running.remove(running)
        with contextlib.suppress(OSError):  # on a full disk stopping goes on; a mark of a stopped process harms nobody
            self._save()

    def _save(self) -> None:
        processes.save(self._record, [running.marked for running in self._running])


def tail(log: Path, begin: int = 0) -> str:
    """The last lines of a log, from a position on."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(begin, size - TAIL_BYTES) if begin <= size else max(0, size - TAIL_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _refused(service: Service, begin: int = 0) -> str:
    text = tail(service.log, begin)
    known = sentence_for(text, folder=service.log.parent)
    return known or f"{service.name} stopped ({cause_in(text)}): read {service.log}."

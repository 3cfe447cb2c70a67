"""Asking one address over and over on connections that stay open."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
FINE = (b"200", b"304")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many answers came in how many seconds, and the processor seconds of the one who asked."""

    answers: int
    seconds: float
    processor: float


def ask(port: int, path: str, headers: Mapping[str, str], connections: int, seconds: float) -> Asked:
    """Ask on each connection again as soon as its answer is there. Raises SystemExit for an answer that is none."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()
    begun, before = time.perf_counter(), time.process_time()
    answers = asyncio.run(_ask(port, request, connections, seconds))
    return Asked(answers, time.perf_counter() - begun, time.process_time() - before)


async def _ask(port: int, request: bytes, connections: int, seconds: float) -> int:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    opened = [
        (await loop.create_connection(lambda: _Line(loop, request, until), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(line.done for line in opened))
    return sum(line.answers for line in opened)


class _Line(asyncio.Protocol):
    """One connection that stays open."""

    def __init__(self, loop: asyncio.AbstractEventLoop, request: bytes, until: float) -> None:
        self.loop, self.request, self.until = loop, request, until
        self.answers, self.came = 0, b""
        self.done: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.came += data
        head, between, body = self.came.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not between or (length and len(body) < int(length[1])):
            return
        if head[9:12] not in FINE:
            raise SystemExit(f"The server answered {head[:15]!r}.")
        self.answers, self.came = self.answers + 1, b""
        if self.loop.time() < self.until:
            self.transport.write(self.request)
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        # A server that hangs up in the middle is no part of the measurement.
        self.done.set_result(None) if not self.came else self.done.set_exception(error or EOFError())

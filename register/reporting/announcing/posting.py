"""One POST to an address of somebody else: to a number that was looked at, within a time, and nothing is followed.

Of the answer only the status is used. Whatever the receiver does (hangs, sends a byte a minute, sends for ever), after
the time is over the connection is cut.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Timer

from register.access.webhook_addresses import (
    BadAddressError,
    NoSuchNameError,
    PrivateAddressError,
    Target,
    places_of,
    taken_apart,
)

SECONDS = 10.0
OK, REDIRECT, REFUSED = range(200, 300), range(300, 400), 400
GONE = 410


class Outcome(StrEnum):
    """What came of a try."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    REDIRECT = "redirect"
    GONE = "gone"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    NO_NAME = "no_name"
    PRIVATE = "private"
    BAD_ADDRESS = "bad_address"
    CERTIFICATE = "certificate"
    NOT_HTTP = "not_http"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome, and the status when there was an answer."""

    outcome: Outcome
    status: int | None = None


def post(address: str, *, headers: Mapping[str, str], body: bytes, seconds: float = SECONDS) -> Answer:
    """Send once; never raises for what the other side does."""
    try:
        target = taken_apart(address)
        places = places_of(target)
    except BadAddressError:
        return Answer(Outcome.BAD_ADDRESS)
    except NoSuchNameError:
        return Answer(Outcome.NO_NAME)
    except PrivateAddressError:
        return Answer(Outcome.PRIVATE)
    return _sent(_Line(target, places, seconds), target, headers, body)


class _Line(http.client.HTTPConnection):
    """A connection to one of the numbers that were looked at, under the name that the certificate must have."""

    def __init__(self, target: Target, places: tuple[str, ...], seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.places, self.tls = places, target.tls
        self.until = time.monotonic() + seconds
        self.cut = False

    def connect(self) -> None:
        self.sock = self._reached()
        if self.tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def _reached(self) -> socket.socket:
        """A socket to the first number that answers."""
        last: OSError = OSError("no place")
        for place in self.places:
            left = self.until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                return socket.create_connection((place, self.port), timeout=left)
            except OSError as error:
                last = error
        raise last

    def cut_off(self) -> None:
        """End the waiting of whoever waits for the other side."""
        self.cut = True
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:  # it was closed in the same moment
                return


def _sent(line: _Line, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
    alarm = Timer(max(line.until - time.monotonic(), 0), line.cut_off)
    alarm.daemon = True
    alarm.start()
    try:
        line.request("POST", target.path, body, dict(headers))
        status = line.getresponse().status
        # A line that is cut off within its headers reads as if they ended there.
        return Answer(Outcome.TIMEOUT) if line.cut else _judged(status)
    except ssl.SSLCertVerificationError:
        return Answer(Outcome.CERTIFICATE)
    except TimeoutError:
        return Answer(Outcome.TIMEOUT)
    except (OSError, http.client.HTTPException) as error:
        if line.cut:
            return Answer(Outcome.TIMEOUT)
        strange = isinstance(error, http.client.HTTPException) and not isinstance(error, OSError)
        return Answer(Outcome.NOT_HTTP if strange else Outcome.UNREACHABLE)
    finally:
        alarm.cancel()
        line.close()


def _judged(status: int) -> Answer:
    if status in OK:
        return Answer(Outcome.DELIVERED, status)
    if status in REDIRECT:
        return Answer(Outcome.REDIRECT, status)
    return Answer(Outcome.GONE if status == GONE else Outcome.REFUSED, status)

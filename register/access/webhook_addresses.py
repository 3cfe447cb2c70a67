"""Where a message may go: out to the internet over TLS, and never into the network of the register.

The form of an address is looked at when it is written down. Where its name leads is looked up anew before each message,
every answer must be an address of the public internet, and the connection goes to an address that was looked at: a name
may lead elsewhere the next moment. Nothing that an answer says is followed.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 500
PORT = 443
# Names with a dot and a last part that begins with a letter: no number, in whatever way it is written, is a name.
NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Addresses within which another one is written, so that what lies behind them can be anything.
CARRIERS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BadAddressError(Exception):
    """The address is none to which a message may go, whatever its name leads to."""


class NoSuchNameError(Exception):
    """The name of the address leads nowhere."""


class PrivateAddressError(Exception):
    """The name of the address leads into a network that is not the public internet."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. ``path`` is what stands behind the host, with the query."""

    host: str
    port: int
    path: str
    tls: bool
    loopback: bool


def taken_apart(address: str) -> Target:
    """The parts of an address. Raises BadAddressError.

    Only ``https`` at its usual port. Where the deployment is a demonstration or a test (``WEBHOOKS_TO_LOOPBACK``) also
    this machine itself, at any port and without TLS.
    """
    if not address.isascii() or not address.isprintable() or len(address) > LONGEST or set(address) & set(" \\"):
        raise BadAddressError
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddressError from None
    tls, loopback = parts.scheme == "https", settings.WEBHOOKS_TO_LOOPBACK and host in LOOPBACK
    elsewhere = tls and port in (None, PORT) and NAME.fullmatch(host)
    if "@" in parts.netloc or "#" in address or not (elsewhere or (loopback and parts.scheme in ("http", "https"))):
        raise BadAddressError
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port or (PORT if tls else 80), path, tls, loopback)


def places_of(target: Target) -> tuple[str, ...]:
    """The numbers to which the name leads now, all of them fit to send to.

    Raises NoSuchNameError, and PrivateAddressError when only one of them is not of the public internet.
    """
    try:
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoSuchNameError from None
    found = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not found:
        raise NoSuchNameError
    if not all(_fits(target, ipaddress.ip_address(number.partition("%")[0])) for number in found):
        raise PrivateAddressError
    return found


def _fits(target: Target, number: Address) -> bool:
    return number.is_loopback if target.loopback else _is_public(number)


def _is_public(number: Address) -> bool:
    if isinstance(number, ipaddress.IPv6Address) and (
        number.ipv4_mapped or number.is_site_local or any(number in carrier for carrier in CARRIERS)
    ):
        return False
    return number.is_global and not number.is_multicast and not number.is_reserved

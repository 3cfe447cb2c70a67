"""From where a person or a machine works, as the access log keeps it."""

from ipaddress import ip_address

from django.conf import settings

from register.audit.access_log import keyed_digest
from register.models.actor import Where

UNKNOWN = "unknown"


def where(*, peer: str, forwarded: str, agent: str, session: str = "") -> Where:
    """The place behind a request: its client's address, and digests of the login and of the browser.

    ``peer`` is the address that opened the connection, ``forwarded`` the header X-Forwarded-For as it came.
    """
    return Where(
        origin=_client(peer, forwarded, settings.TRUSTED_PROXIES),
        login=keyed_digest("login", session),
        agent=keyed_digest("agent", agent),
    )


def _client(peer: str, forwarded: str, proxies: int) -> str:
    """The address that the outermost trusted proxy saw; what stands before it in the header anybody can write."""
    told = [address.strip() for address in forwarded.split(",") if address.strip()]
    hops = [*told, peer]
    address = hops[-(proxies + 1)] if len(hops) > proxies else hops[0]
    try:
        return str(ip_address(address))
    except ValueError:
        return UNKNOWN

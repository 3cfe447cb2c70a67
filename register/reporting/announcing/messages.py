"""What a message says and how it is signed: a CloudEvent with ids and links, by the rules of Standard Webhooks.

No figure stands in it. What it says of a release is read as everybody outside reads it, at the moment of sending.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from register.models import WebhookDelivery
from register.reporting import published
from register.reporting.publishing import moment

MEDIA_TYPE = "application/cloudevents+json"
AGENT = "register-webhooks/1"
VERSION = "v1"
PREFIX = "whsec_"
Kind = WebhookDelivery.Kind


class NotYetPublicError(Exception):
    """The release cannot be seen from outside yet, so nobody is told of it."""


def id_of(delivery: UUID) -> str:
    """The id that the receiver sees, the same at every try."""
    return f"msg_{delivery.hex}"


def content_of(delivery: WebhookDelivery) -> bytes | None:
    """The body of a message; None when it is true no longer, because the release was retracted since.

    Raises NotYetPublicError.
    """
    body: dict[str, Any] = {
        "specversion": "1.0",
        "id": id_of(delivery.pk),
        "source": _address("api:releases").removesuffix("/releases"),
        "type": delivery.kind,
        "time": moment(delivery.created_at),
        "datacontenttype": "application/json",
    }
    if delivery.release is None:
        return _written({**body, "data": {"links": {"releases": _address("api:releases")}}})
    found = published.release(delivery.release.identifier)
    if found is None:
        raise NotYetPublicError
    if found.retracted != (delivery.kind == Kind.RETRACTED):
        return None
    links = {"release": _address("api:release", found.id), "manifest": _address("api:manifest", found.id)}
    if found.supersedes:
        links["supersedes"] = _address("api:release", found.supersedes)
    data = {"release": found.id, "status": found.status, "links": links}
    return _written({**body, "subject": found.id, "data": data})


def headers_of(message: str, body: bytes, *, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The headers that a message travels with; one signature for each secret."""
    sent = int(now.timestamp())
    return {
        "content-type": MEDIA_TYPE,
        "user-agent": AGENT,
        "webhook-id": message,
        "webhook-timestamp": str(sent),
        "webhook-signature": " ".join(signature(message, sent, body, secret=secret) for secret in secrets),
    }


def signature(message: str, sent: int, body: bytes, *, secret: str) -> str:
    """HMAC-SHA256 over id, moment and body, as ``v1,`` and base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{message}.{sent}.".encode() + body, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode()}"


def _written(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _address(name: str, *keys: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=keys)

"""The access log as FHIR AuditEvent (R4): the exchange form that NEN 7513 names."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from register.audit.catalogue import kind_of
from register.audit.reading import Look
from register.workflow.roles import EMERGENCY

RECORD = "http://terminology.hl7.org/CodeSystem/audit-event-type"
OUTCOMES = {"ok": "0", "denied": "4", "error": "8"}
SYSTEM_OBJECT = "2"
OWN = "urn:drug-death-register"
BREAK_THE_GLASS = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "BTG"}


def bundle(looks: Sequence[Look], *, made_at: datetime) -> dict[str, Any]:
    """A collection of AuditEvent resources, one for each event, in the order of ``looks``."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _moment(made_at),
        "entry": [{"fullUrl": f"{OWN}:access-event:{look.id}", "resource": event(look)} for look in looks],
    }


def event(look: Look) -> dict[str, Any]:
    """One event. What it was about stands in ``entity`` as a key; no name and no content of a case is in it."""
    kind = kind_of(look.code)
    resource: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": str(look.id),
        "type": {"system": RECORD, "code": "rest", "display": "RESTful Operation"},
        "subtype": [{"system": f"{OWN}:event", "code": look.code, "display": kind.en}],
        "action": kind.action,
        "recorded": _moment(look.at),
        "outcome": OUTCOMES[look.outcome],
        "agent": [_agent(look)],
        "source": {"observer": {"identifier": {"system": f"{OWN}:source", "value": look.source or "register"}}},
        "entity": _entities(look),
    }
    if look.detail:
        resource["outcomeDesc"] = look.detail
    if look.purpose:
        resource["purposeOfEvent"] = [{"coding": _purpose(look.purpose)}]
    return resource


def _purpose(purpose: str) -> list[dict[str, str]]:
    coded = [{"system": f"{OWN}:purpose", "code": purpose}]
    return [*coded, BREAK_THE_GLASS] if purpose == EMERGENCY else coded


def _agent(look: Look) -> dict[str, Any]:
    agent: dict[str, Any] = {
        "who": {"identifier": {"system": f"{OWN}:actor", "value": look.actor}},
        "requestor": True,
        "role": [{"coding": [{"system": f"{OWN}:role", "code": look.role or "system"}]}],
    }
    if look.policy:
        agent["policy"] = [f"{OWN}:verb:{look.policy}"]
    if look.origin:
        agent["network"] = {"address": look.origin, "type": "2"}
    return agent


def _entities(look: Look) -> list[dict[str, Any]]:
    kind = {"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": SYSTEM_OBJECT}
    about = [
        {"what": {"identifier": {"system": f"{OWN}:{look.object_type}", "value": str(key)}}, "type": kind}
        for key in look.objects
    ]
    filters: dict[str, Any] = json.loads(look.filters)
    details = [{"type": "rows", "valueString": str(look.rows)}, {"type": "trace", "valueString": str(look.trace)}]
    details += [{"type": f"filter:{name}", "valueString": str(value)} for name, value in filters.items()]
    return [*about, {"name": look.object_type, "type": kind, "detail": details}]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

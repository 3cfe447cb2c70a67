"""Passkeys: the question a browser answers with its key, and what the answer must be. django-allauth does the sums.

Answers come from outside and may be anything; whatever does not hold is ``None`` or False here, never an exception.
"""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder

# What the parser of answers raises on nonsense.
NONSENSE = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError)
NAME_LENGTH = 60


def question_for_new(person: Any) -> str:
    """What the browser is asked to make a passkey for ``person``, as JSON; its challenge stays in the session."""
    return _as_json(auth.begin_registration(person, False))


def question_for(person: Any) -> str:
    """What the browser is asked to show that it has a passkey of ``person``, as JSON."""
    return _as_json(auth.begin_authentication(person))


def add(person: Any, answer: str, *, name: str) -> bool:
    """Keep the passkey in ``answer``, when it fits the question."""
    try:
        credential = json.loads(answer)
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
        auth.WebAuthn.add(person, name[:NAME_LENGTH], credential)
    except NONSENSE:
        return False
    return True


def use(person: Any, answer: str) -> Authenticator | None:
    """The passkey of ``person`` that gave ``answer`` to the question; None when none did."""
    try:
        credential = json.loads(answer)
        auth.parse_authentication_response(credential)
        factor = auth.complete_authentication(person, credential)
    except NONSENSE:
        return None
    factor.record_usage()
    return factor


def _as_json(options: dict[str, Any]) -> str:
    return json.dumps(options, cls=DjangoJSONEncoder)

"""Who did what.

``acting_as`` is the one way to work: it opens a transaction and tells both Python and the database session who acts,
and so what is there to see. ``log_access`` notes a look at cases before the content leaves. The database keeps the
trail by itself; ``seal`` and ``verify`` make it evidence.
"""

from register.audit.access_log import Event, NotLoggedError, keyed_digest, log_access
from register.audit.anchor import AnchorError
from register.audit.context import acting_as, current_actor, doing, look_under, opened_case
from register.audit.keys import KeysMissingError
from register.audit.keys import make as make_keys
from register.audit.seals import seal
from register.audit.verification import verify

__all__ = [
    "AnchorError",
    "Event",
    "KeysMissingError",
    "NotLoggedError",
    "acting_as",
    "current_actor",
    "doing",
    "keyed_digest",
    "log_access",
    "look_under",
    "make_keys",
    "opened_case",
    "seal",
    "verify",
]

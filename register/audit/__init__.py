"""Who did what.

``acting_as`` is the one way to write: it opens a transaction and tells both Python and the database session who acts.
``log_access`` notes a look at cases before the content leaves.
"""

from register.audit.access_log import Event, log_access
from register.audit.context import acting_as, current_actor

__all__ = ["Event", "acting_as", "current_actor", "log_access"]

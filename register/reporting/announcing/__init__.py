"""Telling organisations of a publication: id, status and links, signed, until it arrives or nobody can be reached."""

from register.reporting.announcing.delivering import deliver
from register.reporting.announcing.log import Line, log_of
from register.reporting.announcing.notices import tell_of_stop
from register.reporting.announcing.telling import announce, send_again, send_test

__all__ = ["Line", "announce", "deliver", "log_of", "send_again", "send_test", "tell_of_stop"]

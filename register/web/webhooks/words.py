"""The words and marks of webhooks, of messages to them and of what came of each try."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.reporting.announcing.posting import Outcome
from register.web.admin_desk.words import Mark

WORKS = Mark("done", "is-done", _("Works"))
# By why it stands still.
STOPPED = {
    "by_hand": Mark("minus", "muted", _("Stopped")),
    "failing": Mark("problem", "is-error", _("Stopped: nothing arrived for three days")),
    "gone": Mark("problem", "is-error", _("Stopped: the receiver says that the address is gone")),
}
MESSAGES = {
    "waiting": Mark("wait", "is-wait", _("Waiting")),
    "delivered": Mark("done", "is-done", _("Delivered")),
    "given_up": Mark("problem", "is-error", _("Given up")),
    "void": Mark("minus", "muted", _("Not sent: true no longer")),
}
KINDS: Mapping[str, Promise] = {
    "release.published": _("Published"),
    "release.retracted": _("Retracted"),
    "register.test": _("Test message"),
}
OUTCOMES: Mapping[str, Promise] = {
    Outcome.DELIVERED: _("delivered"),
    Outcome.REFUSED: _("refused by the receiver"),
    Outcome.REDIRECT: _("sent on to another address, which is not followed"),
    Outcome.GONE: _("the address is gone"),
    Outcome.TIMEOUT: _("no answer in time"),
    Outcome.UNREACHABLE: _("not reached"),
    Outcome.NO_NAME: _("the name of the address leads nowhere"),
    Outcome.PRIVATE: _("the name leads into a private network, where nothing is sent"),
    Outcome.BAD_ADDRESS: _("no address to which the register sends"),
    Outcome.CERTIFICATE: _("the certificate is not trusted"),
    Outcome.NOT_HTTP: _("the answer could not be read"),
}


def mark_of(webhook: Any) -> Mark:
    """The state of a webhook as mark and word."""
    return STOPPED[webhook.stopped_why] if webhook.stopped_at else WORKS

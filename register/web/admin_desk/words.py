"""The words and marks of the states of accounts, invitations and tokens."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.access.accounts import AccountState
from register.access.invitations import InvitationState
from register.access.tokens import TokenState


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as glyph, colour and word."""

    glyph: str
    tone: str
    word: Promise


MARKS: dict[AccountState | InvitationState, Mark] = {
    AccountState.ACTIVE: Mark("done", "is-done", _("Active")),
    AccountState.ENDED: Mark("minus", "muted", _("Ended")),
    AccountState.SWITCHED_OFF: Mark("minus", "muted", _("Switched off")),
    InvitationState.INVITED: Mark("wait", "is-wait", _("Invited")),
    InvitationState.EXPIRED: Mark("problem", "is-error", _("Invitation expired")),
    InvitationState.REVOKED: Mark("minus", "muted", _("Invitation revoked")),
    InvitationState.ACCEPTED: Mark("done", "is-done", _("Invitation accepted")),
}
TOKEN_MARKS: dict[TokenState, Mark] = {
    TokenState.VALID: Mark("done", "is-done", _("Valid")),
    TokenState.EXPIRED: Mark("minus", "muted", _("Expired")),
    TokenState.REVOKED: Mark("minus", "muted", _("Revoked")),
}
ACTS = {
    "created": _("Account made by the operator"),
    "invited": _("Account opened after an invitation"),
    "changed": _("Changed"),
    "switched_off": _("Switched off"),
    "switched_on": _("Switched on"),
    "start_anew": _("Started anew"),
}

"""A link with which somebody who lost what they sign in with begins again: by mail, once, for a day.

It holds the key of the account and the number of its sessions, signed with the secret of this deployment, so nothing
of it is stored. Using it raises that number, and so does everything else that ends the sessions of the account.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from register.access.accounts import AccountState, state_of
from register.access.errors import ClosedError
from register.audit import Event, acting_as, log_access
from register.models import User

VALID = timedelta(days=1)
SALT = "register.new_start"
# Who acts when the link is opened: nobody has signed in yet.
ACTOR = "system:new_start"


def deliver(*, user_id: UUID, epoch: int, trace: UUID | None = None) -> None:
    """Mail the link. It is made when it leaves, so it stands nowhere before; nothing leaves that would not work."""
    with acting_as(ACTOR, trace=trace):
        user = _lost(user_id, epoch).first()
        if user is not None and _works(user):
            _mail(user).send()


def read_token(token: str) -> tuple[UUID, int] | None:
    """The key and the number behind a link; None when this deployment did not sign it, or longer than a day ago."""
    try:
        key, epoch = signing.loads(token, salt=SALT, max_age=VALID)
        return UUID(key), int(epoch)
    except (signing.BadSignature, ValueError):
        return None


def waiting(*, user_id: UUID, epoch: int) -> User:
    """The person behind a link that still works.

    :raises ClosedError: when it was used, another was asked for, or the account came to its end.
    """
    user = _lost(user_id, epoch).select_related("region").first()
    if user is None or not _works(user):
        raise ClosedError
    return user


def choose(*, user_id: UUID, epoch: int, password: str) -> User:
    """Give the account this password. Of two tries at the same moment one makes it.

    :raises ClosedError: when the link does not work any more.
    :raises django.core.exceptions.ValidationError: when the password is too weak; its messages say why.
    """
    with acting_as(ACTOR):
        user = _lost(user_id, epoch).select_for_update(no_key=True).first()
        if user is None or not _works(user):
            raise ClosedError
        validate_password(password, user)
        user.set_password(password)
        user.session_epoch += 1
        user.save(update_fields=["password", "session_epoch"])
        log_access(Event.AUTHZ_CHANGE, object_type="user", objects=[user.pk])
    return user


def _lost(user_id: UUID, epoch: int) -> QuerySet[User]:
    found: QuerySet[User] = User.objects.filter(pk=user_id, session_epoch=epoch)
    return found


def _works(user: User) -> bool:
    return not user.has_usable_password() and state_of(user, today=timezone.localdate()) is AccountState.ACTIVE


def _mail(user: User) -> EmailMessage:
    token = signing.dumps([user.pk.hex, user.session_epoch], salt=SALT)
    with translation.override(user.language):
        context = {
            "name": user.display_name,
            "link": settings.PUBLIC_URL.rstrip("/") + reverse("admin_desk:open_new_start", args=[token]),
            "expires_at": timezone.localtime(timezone.now() + VALID),
        }
        return EmailMessage(
            subject=_("Sign in to the register again"),
            body=render_to_string("admin_desk/new_start_mail.txt", context),
            to=[user.email],
        )

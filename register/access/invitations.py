"""Accounts are opened by invitation: a mail with a link that works once, for seven days, and can be sent anew.

The link holds the key of the invitation and the number of its sending, signed with the secret of this deployment. So
nothing of it is stored or travels through the outbox, and a link of before dies when the number rises.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from register import outbox
from register.access import accounts
from register.access.errors import ClosedError, Fault, InvalidError, NotFoundError, StaleError, refuse_unless
from register.access.grants import Grant
from register.access.invitees import Invitee, checked, taken
from register.access.permission import may
from register.audit import acting_as
from register.models import AccountChange, Invitation, User
from register.workflow.verbs import Verb

VALID = timedelta(days=7)
TASK = "register.send_invitation"
SALT = "register.invitation"
# Who acts when a link is opened: nobody has signed in yet.
ACTOR = "system:invitation"


class InvitationState(StrEnum):
    """What became of an invitation."""

    INVITED = "invited"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ACCEPTED = "accepted"


def invitations_for(user: User | AnonymousUser) -> QuerySet[Invitation]:
    """Every invitation, for who manages users; none for anybody else."""
    invitations: QuerySet[Invitation] = Invitation.objects.all()
    return invitations if may(user, Verb.MANAGE_USERS) else invitations.none()


def state_of(invitation: Invitation, *, now: datetime) -> InvitationState:
    if invitation.accepted_at is not None:
        return InvitationState.ACCEPTED
    if invitation.revoked_at is not None:
        return InvitationState.REVOKED
    ended = invitation.ends_on is not None and invitation.ends_on < timezone.localdate(now)
    return InvitationState.EXPIRED if ended or invitation.expires_at <= now else InvitationState.INVITED


def in_state(state: InvitationState, *, now: datetime) -> Q:
    """The condition on invitations that ``state_of`` says of one."""
    over = Q(expires_at__lte=now) | Q(ends_on__isnull=False, ends_on__lt=timezone.localdate(now))
    is_open = Q(accepted_at__isnull=True, revoked_at__isnull=True)
    match state:
        case InvitationState.INVITED:
            return is_open & ~over
        case InvitationState.EXPIRED:
            return is_open & over
        case InvitationState.REVOKED:
            return Q(revoked_at__isnull=False)
        case InvitationState.ACCEPTED:
            return Q(accepted_at__isnull=False)


def counts(invitations: QuerySet[Invitation], *, now: datetime) -> dict[str, int]:
    """How many of these invitations wait and how many came to their end unused, in one query."""
    waiting = (InvitationState.INVITED, InvitationState.EXPIRED)
    found = invitations.aggregate(**{state.value: Count("pk", filter=in_state(state, now=now)) for state in waiting})
    return {state.value: found[state.value] for state in waiting}


def named(words: str) -> Q:
    """The condition on invitations that each of the words stands in the name, the user name or the e-mail address."""
    condition = Q()
    for word in words[: accounts.LONGEST_SEARCH].split():
        if not word.isprintable():
            return Q(pk__in=[])
        condition &= Q(name__icontains=word) | Q(username__icontains=word) | Q(email__icontains=word)
    return condition


def invite(*, invitee: Invitee, by: User, now: datetime, unread: Sequence[Fault] = ()) -> Invitation:
    """Ask somebody to open an account, by a mail that leaves after the commit. ``unread`` is what a form could not
    read of it.

    :raises InvalidError: with a fault at each field that cannot be.
    :raises RefusedError: when ``by`` may not invite.
    """
    _require(by)
    found = checked(invitee, today=timezone.localdate(now), unread=unread)
    with acting_as(by):
        invitation = Invitation(
            name=found.name,
            email=found.email,
            username=found.username,
            language=found.language,
            role=found.grant.role,
            region_id=found.grant.region or None,
            forensic_service_id=found.grant.service or None,
            ends_on=found.grant.ends_on,
            created_by=by,
            expires_at=now + VALID,
        )
        try:
            with transaction.atomic():
                invitation.save()
        except IntegrityError:  # somebody invited the same person at the same moment
            raise InvalidError(taken(found.email, found.username)) from None
        _send(invitation)
    return invitation


def send_anew(*, invitation_id: UUID, seen_version: int, by: User, now: datetime) -> Invitation:
    """Make a new link, valid as long as the first was, and mail it; the link of before is dead at once.

    :raises ClosedError: when the invitation was used or revoked, or the account would have ended already.
    """
    with acting_as(by):
        invitation = _opened(invitation_id, seen_version, by)
        ended = invitation.ends_on is not None and invitation.ends_on < timezone.localdate(now)
        if state_of(invitation, now=now) not in (InvitationState.INVITED, InvitationState.EXPIRED) or ended:
            raise ClosedError
        invitation.change(sending=invitation.sending + 1, expires_at=now + VALID, sent_at=None)
        _send(invitation)
    return invitation


def revoke(*, invitation_id: UUID, seen_version: int, by: User, now: datetime) -> Invitation:
    """Make the link worthless at once.

    :raises ClosedError: when the invitation was used already.
    """
    with acting_as(by):
        invitation = _opened(invitation_id, seen_version, by)
        match state_of(invitation, now=now):
            case InvitationState.ACCEPTED:
                raise ClosedError
            case InvitationState.REVOKED:
                return invitation
            case InvitationState.INVITED | InvitationState.EXPIRED:
                invitation.change(revoked_at=now)
    return invitation


def token_of(invitation: Invitation) -> str:
    """The secret part of the link."""
    return signing.dumps([invitation.pk.hex, invitation.sending], salt=SALT)


def read_token(token: str) -> tuple[UUID, int] | None:
    """The key of the invitation and the number of its sending; None when this deployment did not sign it."""
    try:
        key, sending = signing.loads(token, salt=SALT)
        return UUID(key), int(sending)
    except (signing.BadSignature, ValueError):
        return None


def waiting(*, invitation_id: UUID, sending: int, now: datetime) -> Invitation:
    """The invitation behind a link that still works.

    :raises ClosedError: when the link was used, revoked, sent again, or came to its end.
    """
    invitation = Invitation.objects.select_related("region").filter(pk=invitation_id, sending=sending).first()
    if invitation is None or state_of(invitation, now=now) is not InvitationState.INVITED:
        raise ClosedError
    return invitation


def accept(*, invitation_id: UUID, sending: int, password: str, now: datetime) -> User:
    """Open the account with this password. Of two tries at the same moment one makes it.

    :raises ClosedError: when the link does not work any more.
    :raises django.core.exceptions.ValidationError: when the password is too weak; its messages say why.
    """
    with acting_as(ACTOR):
        locked = Invitation.objects.select_for_update(no_key=True).filter(pk=invitation_id, sending=sending)
        invitation = locked.first()
        if invitation is None or state_of(invitation, now=now) is not InvitationState.INVITED:
            raise ClosedError
        user = _account_of(invitation)
        validate_password(password, user)
        user.set_password(password)
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:  # an account with this name or address was made in another way
            raise ClosedError from None
        invitation.change(accepted_at=now, user=user)
        accounts.remember(user, AccountChange.Name.INVITED, by=invitation.created_by)
    return user


def _account_of(invitation: Invitation) -> User:
    first, _, last = invitation.name.partition(" ")
    user = User(
        username=invitation.username,
        email=invitation.email,
        first_name=first,
        last_name=last,
        language=invitation.language,
    )
    grant = Grant(invitation.role, invitation.region_id or "", invitation.forensic_service_id or "", invitation.ends_on)
    accounts.give(user, grant)
    return user


def _send(invitation: Invitation) -> None:
    outbox.enqueue(
        TASK,
        key=f"{TASK}:{invitation.pk}:{invitation.sending}",
        invitation_id=str(invitation.pk),
        sending=str(invitation.sending),
    )


def _opened(invitation_id: UUID, seen_version: int, by: User) -> Invitation:
    _require(by)
    invitation = Invitation.objects.select_for_update(no_key=True).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFoundError
    if invitation.row_version != seen_version:
        raise StaleError
    return invitation


def _require(by: User) -> None:
    refuse_unless(may(by, Verb.MANAGE_USERS))

"""Who uses the register: people with one role, who was invited, and organisations with a token for published tables."""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from register.models.tracked import Tracked
from register.models.vocabulary import ForensicService, Region
from register.workflow.roles import Role

REGIONAL_ROLES = (Role.PHYSICIAN.value, Role.COORDINATOR.value)
ROLES = [role.value for role in Role]
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
# A token of an organisation never lives longer; a leap year is a year too.
LONGEST_TOKEN = timedelta(days=366)


class User(AbstractUser):
    """A person. Accounts end or are switched off, they are never deleted: the trail names them.

    ``grant_version`` rises with each change of an administrator, so that a form knows whether it is old; signing in or
    choosing a theme makes it no older. ``session_epoch`` rises when role, region or activity changes: every session
    from before it is dead.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    forensic_service = models.ForeignKey(
        ForensicService, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ends_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2, default="nl", choices=LANGUAGES)
    theme = models.CharField(max_length=5, blank=True, choices=[("light", "light"), ("night", "night")])
    # The columns of the worklists, with spaces between; empty for the usual ones.
    worklist_columns = models.CharField(max_length=200, blank=True, default="")
    # Whether j and k walk through a worklist; off until the person says so (WCAG 2.1.4).
    letter_keys = models.BooleanField(default=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    grant_version = models.PositiveIntegerField(default=1, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=REGIONAL_ROLES) | Q(region__isnull=False), name="regional_role_has_region"
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="user_role_known"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_account_per_email"),
            models.UniqueConstraint(Lower("username"), name="one_account_per_username"),
        ]

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username

    def get_session_auth_hash(self) -> str:
        """What a session must know to be this person's: the password, and the work it was opened for."""
        return self._with_work(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same for each secret key of before."""
        yield from map(self._with_work, super().get_session_auth_fallback_hash())

    def _with_work(self, password_hash: str) -> str:
        work = (password_hash, self.role, str(self.region_id), str(self.session_epoch))
        return hashlib.sha256("|".join(work).encode()).hexdigest()


class Invitation(Tracked):
    """An account that somebody was asked to open. Nothing of its link is stored: the link is signed.

    ``sending`` counts how often the link was made; only the last one works, once, until ``expires_at``.
    """

    name = models.CharField(max_length=120)
    email = models.EmailField()
    username = models.CharField(max_length=60)
    language = models.CharField(max_length=2, default="nl", choices=LANGUAGES)
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    forensic_service = models.ForeignKey(
        ForensicService, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sending = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=REGIONAL_ROLES) | Q(region__isnull=False), name="invited_regional_role_has_region"
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="invited_role_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_expires_later"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, user__isnull=True)
                | Q(accepted_at__isnull=False, user__isnull=False, revoked_at__isnull=True),
                name="invitation_accepted_by_its_user",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_email",
            ),
            models.UniqueConstraint(
                Lower("username"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_username",
            ),
        ]


class AccountChange(models.Model):
    """What an account may do since a moment, by whom and why: a row for each change, never changed itself.

    ``by`` is empty for an account that was made by a command of the operator.
    """

    class Name(models.TextChoices):
        CREATED = "created", "created"
        INVITED = "invited", "invited"
        CHANGED = "changed", "changed"
        SWITCHED_OFF = "switched_off", "switched off"
        SWITCHED_ON = "switched_on", "switched on"
        START_ANEW = "start_anew", "start anew"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="changes")
    name = models.CharField(max_length=12, choices=Name)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    role = models.CharField(max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    forensic_service = models.ForeignKey(ForensicService, on_delete=models.PROTECT, null=True, related_name="+")
    ends_on = models.DateField(null=True)
    is_active = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="change_of_account")]

    def __str__(self) -> str:
        return f"{self.name} {self.user_id}"


class ApiToken(models.Model):
    """A read-only token of an organisation. Only its SHA-256 digest is kept; it expires and can be revoked."""

    class Scope(models.TextChoices):
        AGGREGATES_READ = "aggregates:read", "aggregates:read"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.AGGREGATES_READ)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scope="aggregates:read"), name="token_scope_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at"), expires_at__lte=F("created_at") + LONGEST_TOKEN),
                name="token_expires_within_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.id})"

"""Who uses the register: people with one role, and organisations with a token for published tables."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from register.models.vocabulary import ForensicService, Region
from register.workflow.roles import Role

REGIONAL_ROLES = (Role.PHYSICIAN.value, Role.COORDINATOR.value)


class User(AbstractUser):
    """A person. Accounts end or are switched off, they are never deleted: the trail names them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    forensic_service = models.ForeignKey(
        ForensicService, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ends_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2, default="nl", choices=[("nl", "Nederlands"), ("en", "English")])
    theme = models.CharField(max_length=5, blank=True, choices=[("light", "light"), ("night", "night")])
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=REGIONAL_ROLES) | Q(region__isnull=False), name="regional_role_has_region"
            ),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="user_role_known"),
        ]

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username


class ApiToken(models.Model):
    """A read-only token of an organisation. Only its SHA-256 digest is kept; it expires and can be revoked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    def __str__(self) -> str:
        return f"{self.organisation} ({self.id})"

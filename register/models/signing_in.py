"""Sessions of people, and tries to sign in that are counted."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now

from register.models.people import User


class Session(AbstractBaseSession):
    """What a browser is remembered by, with whose it is, so that a person sees and ends their own sessions."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    agent = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"session of {self.person_id or 'nobody'}"


class SignInTry(models.Model):
    """One try at something that may be tried so often, such as a password, kept for so many seconds.

    ``key`` is a digest: people type passwords where a name belongs.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())
    seconds = models.PositiveIntegerField(db_default=300)

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="tries_of_key"),
            models.Index(fields=["at"], name="tries_by_age"),
        ]

    def __str__(self) -> str:
        return f"try at {self.at}"

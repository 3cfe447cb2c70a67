"""Who a session belongs to, read with what every page shows of a person."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone


class PersonBackend(ModelBackend):
    """Name and password. An account that was switched off or came to its end date has no session any more."""

    def user_can_authenticate(self, user: Any) -> bool:
        ended = user is not None and user.ends_on is not None and user.ends_on < timezone.localdate()
        return bool(super().user_can_authenticate(user)) and not ended

    def get_user(self, user_id: Any) -> Any:
        """The person with their region, in one query; None when they may no longer be here."""
        person = get_user_model().objects.select_related("region").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None

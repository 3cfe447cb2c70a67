"""The messages to one webhook with every try, for the page of who manages it."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from register.models import Webhook, WebhookAttempt, WebhookDelivery


@dataclass(frozen=True, slots=True)
class Line:
    """One message. ``about`` is the release that it tells of, empty for a test."""

    delivery: WebhookDelivery
    about: str
    attempts: tuple[WebhookAttempt, ...]

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> "Line":
        """The line of a message that ``log_of`` gave."""
        about = delivery.release.identifier if delivery.release else ""
        return cls(delivery, about, tuple(delivery.attempts.all()))


def log_of(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    """Every message to this webhook, newest first, with what ``Line.of`` asks of it."""
    tries = WebhookAttempt.objects.order_by("-at")
    messages = WebhookDelivery.objects.filter(webhook=webhook).select_related("release")
    return messages.prefetch_related(Prefetch("attempts", queryset=tries)).order_by("-created_at", "pk")

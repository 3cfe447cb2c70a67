"""What the worker does, without a worker."""

from django.db.models.functions import Now

from register.models import OutboxMessage
from register.reporting.queueing import BUILD_TASK
from register.tasks import build_release


def steps() -> int:
    """Take every step of every build that is asked for, the later ones as well; how many there were."""
    taken = 0
    asked = OutboxMessage.objects.filter(task=BUILD_TASK, done_at__isnull=True, available_at__lte=Now())
    while (message := asked.order_by("created_at").first()) is not None:
        build_release(str(message.pk))
        taken += 1
    return taken

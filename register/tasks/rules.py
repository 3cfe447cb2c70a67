"""Another version of the case definitions: comparing it with the closed cases, and bringing all cases in line."""

from uuid import UUID

from celery import shared_task

from register import outbox
from register.casework import rule_versions


@shared_task(name="register.compare_rules")
def compare_rules(message_id: str) -> None:
    """Compare the closed cases with what they would be under the version of this message."""
    with outbox.handling(message_id) as message:
        if message is not None:
            rule_versions.compare(comparison_id=UUID(message.payload["comparison_id"]), trace=message.trace)


@shared_task(name="register.apply_rules")
def apply_rules(message_id: str) -> None:
    """Bring the next cases in line with the version that was adopted."""
    with outbox.handling(message_id) as message:
        if message is not None:
            told = message.payload
            rule_versions.apply(adoption_id=UUID(told["adoption_id"]), part=int(told["part"]), trace=message.trace)

"""The keeper's work: sealing each minute, verifying each night. Its queue is read by the keeper alone."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from register import audit

log = logging.getLogger(__name__)


@shared_task(name="register.seal_trail")
def seal_trail() -> None:
    """Seal what happened since the last seal."""
    audit.seal(now=timezone.now(), signing=settings.TRAIL_SIGNING_KEY, anchored=settings.TRAIL_ANCHOR)


@shared_task(name="register.verify_trail")
def verify_trail() -> None:
    """Verify everything, keep the outcome, and raise the alarm in the log when the trail is not whole."""
    report = audit.verify(
        now=timezone.now(), trusted=settings.TRAIL_TRUSTED_KEYS, anchored=settings.TRAIL_ANCHOR, note=True
    )
    for finding in report.findings:
        log.critical("the trail is not whole: %s", finding.sentence)

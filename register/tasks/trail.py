"""The keeper's work: sealing each minute, verifying each night. Its queue is read by the keeper alone."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from register import audit
from register.access import alarm_mail

log = logging.getLogger(__name__)


@shared_task(name="register.seal_trail")
def seal_trail() -> None:
    """Seal what happened since the last seal."""
    audit.seal(now=timezone.now(), signing=settings.TRAIL_SIGNING_KEY, anchored=settings.TRAIL_ANCHOR)


@shared_task(name="register.verify_trail")
def verify_trail() -> None:
    """Verify everything, keep the outcome, and raise the alarm in the log and by mail when the trail is not whole.

    The alarm is raised as well where it cannot be verified: whoever spoils the anchor, the keys or a seal does not
    silence it so.
    """
    try:
        report = audit.verify(
            now=timezone.now(), trusted=settings.TRAIL_TRUSTED_KEYS, anchored=settings.TRAIL_ANCHOR, note=True
        )
    except Exception as error:
        log.critical("the trail cannot be verified: %s", error)
        _tell(0)
        raise
    for finding in report.findings:
        log.critical("the trail is not whole: %s", finding.sentence)
    if report.findings:
        _tell(len(report.findings))


def _tell(findings: int) -> None:
    told = alarm_mail.tell(findings=findings)
    for failure in told.failures:
        log.critical("somebody could not be mailed that the trail is not whole: %s", failure)
    if told.people:
        log.info("%d people were mailed that the trail is not whole", told.people)
    else:
        log.critical("nobody could be mailed that the trail is not whole")

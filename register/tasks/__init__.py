"""What the worker does. A task is a doorbell: it takes the id of a message, makes one call, and returns when the work
is done already."""

from register.tasks.duplicates import find_duplicates, find_duplicates_of_a_year
from register.tasks.emergencies import escalate_emergencies, send_emergency_mail
from register.tasks.invitations import send_invitation, send_new_start
from register.tasks.outbox import heartbeat, relay_outbox
from register.tasks.questions import ask_by_rule, remind_of_questions, send_lead_mail, send_question_mail
from register.tasks.releases import build_release, release_appears
from register.tasks.rules import apply_rules, compare_rules
from register.tasks.saves import forget_saves
from register.tasks.settings import follow_settings, send_agreement_mail
from register.tasks.trail import seal_trail, verify_trail
from register.tasks.webhooks import announce_release, deliver_webhook, tell_of_stopped_webhook

__all__ = [
    "announce_release",
    "apply_rules",
    "ask_by_rule",
    "build_release",
    "compare_rules",
    "deliver_webhook",
    "escalate_emergencies",
    "find_duplicates",
    "find_duplicates_of_a_year",
    "follow_settings",
    "forget_saves",
    "heartbeat",
    "relay_outbox",
    "release_appears",
    "remind_of_questions",
    "seal_trail",
    "send_agreement_mail",
    "send_emergency_mail",
    "send_invitation",
    "send_lead_mail",
    "send_new_start",
    "send_question_mail",
    "tell_of_stopped_webhook",
    "verify_trail",
]

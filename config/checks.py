"""Settings with which the register refuses to run. Each fault is one sentence that says what to change.

They are system checks of Django, so that every verb of ``manage.py`` runs them; ``config.start`` runs them where the
web server, the worker and its clock begin.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

LEAST_KEY = 50
LEAST_LETTERS = 5
PRODUCTION = "config.settings.production"
LONGEST_IDLE, LONGEST_SESSION = 15 * 60, 12 * 60 * 60
# In this order: who is it, does the session still hold, were two factors given, whose transaction is this.
DOORS = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "register.web.account.middleware.SessionLifeMiddleware",
    "register.web.account.middleware.DoorMiddleware",
    "register.web.middleware.ActorMiddleware",
)


def unsafe_settings(app_configs: Any = None, **_: Any) -> Sequence[CheckMessage]:
    """Every unsafe setting of this process."""
    return [Error(sentence, id=f"register.{code}") for code, unsafe, sentence in FAULTS if unsafe()]


def _setting(name: str) -> Any:
    return getattr(settings, name, None)


def _history_is_off() -> bool:
    return not getattr(settings, "SIMPLE_HISTORY_ENABLED", True)


def _key_is_weak() -> bool:
    key = str(settings.SECRET_KEY)
    return len(key) < LEAST_KEY or len(set(key)) < LEAST_LETTERS or key.startswith("django-insecure-")


def _results_are_kept() -> bool:
    return bool(_setting("CELERY_RESULT_BACKEND")) or not _setting("CELERY_TASK_IGNORE_RESULT")


def _more_than_json_is_read() -> bool:
    return list(_setting("CELERY_ACCEPT_CONTENT") or ()) != ["json"] or _setting("CELERY_TASK_SERIALIZER") != "json"


def _demo_in_production() -> bool:
    return bool(settings.DEMO) and settings.SETTINGS_MODULE == PRODUCTION


def _factor_keys_are_weak() -> bool:
    keys = _setting("FACTOR_KEYS") or ()
    return not keys or any(secret in ("", settings.SECRET_KEY) for _, secret in keys)


def _sessions_last_too_long() -> bool:
    return settings.SESSION_COOKIE_AGE > LONGEST_IDLE or settings.SESSION_ABSOLUTE_AGE > LONGEST_SESSION


def _strangers_may_enter() -> bool:
    return any(_setting(f"SOCIALACCOUNT_{name}") for name in ("AUTO_SIGNUP", "EMAIL_AUTHENTICATION", "STORE_TOKENS"))


def _figures_are_open_by_a_word() -> bool:
    return not isinstance(_setting("PUBLIC_FIGURES"), bool)


def _messages_stay_on_this_machine() -> bool:
    return bool(_setting("WEBHOOKS_TO_LOOPBACK")) and not settings.DEMO


def _door_is_open() -> bool:
    places = [settings.MIDDLEWARE.index(name) if name in settings.MIDDLEWARE else -1 for name in DOORS]
    return -1 in places or places != sorted(places)


FAULTS: tuple[tuple[str, Callable[[], bool], str], ...] = (
    ("S001", lambda: bool(settings.DEBUG), "DEBUG is on, and shows content on error pages: take it out."),
    ("S002", _history_is_off, "SIMPLE_HISTORY_ENABLED is off, so changes leave no history: take it out."),
    (
        "S003",
        lambda: bool(_setting("MFA_TOTP_INSECURE_BYPASS_CODE")),
        "MFA_TOTP_INSECURE_BYPASS_CODE lets everybody past the second factor: take it out.",
    ),
    (
        "S004",
        lambda: bool(_setting("MFA_TRUST_ENABLED")),
        "MFA_TRUST_ENABLED lets a browser past the second factor: take it out.",
    ),
    (
        "S005",
        _results_are_kept,
        "Results of tasks are kept in the broker (CELERY_RESULT_BACKEND, CELERY_TASK_IGNORE_RESULT): take them out.",
    ),
    (
        "S006",
        _more_than_json_is_read,
        "The worker reads more than JSON (CELERY_ACCEPT_CONTENT, CELERY_TASK_SERIALIZER), so a message may run code: "
        'leave only "json".',
    ),
    (
        "S007",
        _key_is_weak,
        "SECRET_KEY can be guessed: set it to 50 or more random characters that only this deployment knows.",
    ),
    (
        "S008",
        _demo_in_production,
        "DEMO is on in production, so everybody may sign in as a made-up person: leave DEMO out.",
    ),
    (
        "S009",
        _factor_keys_are_weak,
        "FACTOR_KEYS is missing or the same as SECRET_KEY, so the seeds of second factors lie open: set keys apart.",
    ),
    (
        "S010",
        _sessions_last_too_long,
        "Sessions last longer than 15 minutes unused or 12 hours in all (SESSION_COOKIE_AGE, SESSION_ABSOLUTE_AGE): "
        "shorten them.",
    ),
    (
        "S011",
        _strangers_may_enter,
        "SOCIALACCOUNT_AUTO_SIGNUP, SOCIALACCOUNT_EMAIL_AUTHENTICATION or SOCIALACCOUNT_STORE_TOKENS is on, so another "
        "organisation decides who is here: take it out.",
    ),
    (
        "S012",
        lambda: bool(_setting("MFA_PASSKEY_LOGIN_ENABLED")) or int(_setting("MFA_TOTP_TOLERANCE") or 0) > 1,
        "MFA_PASSKEY_LOGIN_ENABLED or MFA_TOTP_TOLERANCE lets people in with less than two factors: take it out.",
    ),
    (
        "S013",
        _door_is_open,
        "MIDDLEWARE lacks a door of the register or has them in another order: put back "
        "SessionLifeMiddleware, DoorMiddleware and ActorMiddleware.",
    ),
    (
        "S014",
        _figures_are_open_by_a_word,
        "PUBLIC_FIGURES is neither on nor off, and any word counts as on, so that figures lie open: set it to 1 or 0.",
    ),
    (
        "S015",
        _messages_stay_on_this_machine,
        "WEBHOOKS_TO_LOOPBACK is on outside a demonstration, so an address of a webhook can lead to this machine: take "
        "it out.",
    ),
)

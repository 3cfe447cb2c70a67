"""The app on somebody's telephone."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

PERIOD = 30


def code_of(seed: str, *, step: int = 0) -> str:
    """The number the app shows now, or so many half minutes later; one step ahead is accepted already."""
    return format_hotp_value(hotp_value(seed, int(time.time()) // PERIOD + step))

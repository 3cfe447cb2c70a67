"""Which language a page speaks: the person's own, else the cookie, else the browser's; Dutch when nothing is said."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

COOKIE = "register_language"
THEME_COOKIE = "register_theme"
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
THEMES = ("light", "night")
A_YEAR = 365 * 24 * 60 * 60


def chosen(request: HttpRequest) -> str:
    """``nl`` or ``en``."""
    if request.user.is_authenticated:
        return str(request.user.language)
    if request.COOKIES.get(COOKIE) in LANGUAGES:
        return request.COOKIES[COOKIE]
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code[:2] in LANGUAGES:
            return code[:2]
    return settings.LANGUAGE_CODE


def theme(request: HttpRequest) -> str:
    """``light``, ``night``, or empty when the device decides."""
    wanted = request.user.theme if request.user.is_authenticated else request.COOKIES.get(THEME_COOKIE, "")
    return wanted if wanted in THEMES else ""


def remember(request: HttpRequest, response: HttpResponse, cookie: str, value: str) -> None:
    """Keep a choice in a cookie, for the pages before signing in."""
    response.set_cookie(cookie, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())


def active() -> str:
    """The language of the page in the making."""
    return (translation.get_language() or settings.LANGUAGE_CODE)[:2]


def sentence(value: Any) -> str:
    """The words of a refusal, a finding, a problem or a labelled code (fields ``nl`` and ``en``) in that language."""
    return str(value.nl if active() == "nl" else value.en)

"""The main menu: for each role the desks it works at, the first of them being its home."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from register.workflow.roles import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. ``count`` gives the number that waits behind it, for the person who asks."""

    label: Promise
    url_name: str
    roles: frozenset[Role]
    count: Callable[[Any], int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as one person sees it on one page."""

    label: Promise
    url: str
    current: bool
    count: int | None


def lines(request: HttpRequest, entries: tuple[Entry, ...]) -> list[Line]:
    """The entries for the role of the signed-in person; the longest address that begins this page's is the current."""
    role = Role(request.user.role)  # type: ignore[union-attr]
    mine = [entry for entry in entries if role in entry.roles]
    urls = [reverse(entry.url_name) for entry in mine]
    current = max((url for url in urls if request.path.startswith(url)), key=len, default=None)
    return [
        Line(entry.label, url, url == current, entry.count(request.user) if entry.count else None)
        for entry, url in zip(mine, urls, strict=True)
    ]


def home_of(role: str, entries: tuple[Entry, ...]) -> str | None:
    """The URL name of the first desk of a role, or None when the role has no desk yet."""
    return next((entry.url_name for entry in entries if role in entry.roles), None)

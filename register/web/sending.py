"""Addresses that only take a form: nobody can look at them, so no page leads back to one."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.views.decorators.http import require_POST

View = Callable[..., Any]


def for_sending(view: View) -> View:
    """A view that only takes POST, marked as such."""
    taken: View = require_POST(view)
    taken.for_sending = True  # type: ignore[attr-defined]
    return taken


def is_for_sending(view: Any) -> bool:
    """Whether this view only takes a form."""
    return getattr(view, "for_sending", False)


def way_back(request: HttpRequest) -> str:
    """Where this page is found again, after a choice of language or theme as well.

    It is its own address, except where that only takes a form: from there it is the person's first page. A view that
    shows a page of its own after such a form gives the template a better ``here``.
    """
    # A request that is refused before its address was looked up has no view.
    found = request.resolver_match
    return reverse("home") if found and is_for_sending(found.func) else request.path

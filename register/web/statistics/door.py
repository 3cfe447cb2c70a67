"""The doors of the desk: of pages about one release in the making, and of pages with published figures."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from register.access import releases_for
from register.access.tokens import machine_of
from register.audit import Event, acting_as, log_access
from register.casework import errors as common
from register.reporting.errors import NotFoundError, RefusedError
from register.reporting.published import Released
from register.web.door import View, allowed, require
from register.web.notes import looked
from register.workflow.verbs import Verb


def load_release(view: View) -> View:
    """A page about one release: ``view(request, release, ...)`` for a URL with ``release_id``.

    Whoever may not see releases in the making does not find it; every look is noted before anything is shown.
    """

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, release_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        releases = releases_for(request.user).select_related("created_by", "submitted_by", "approved_by", "supersedes")
        release = releases.filter(pk=release_id).first()
        if release is None:
            raise common.NotFoundError
        require(request, Verb.READ_RELEASE_PREVIEW, release)
        looked(request, Event.RELEASE_READ, [release.pk])
        return view(request, release, *args, **kwargs)

    return checked


def figures_are_open() -> bool:
    """Whether the deployment opens its figures to who is not signed in."""
    return bool(settings.PUBLIC_FIGURES)


def for_readers(view: View) -> View:
    """A page with published figures: for who may read them, and for anybody where the deployment opens its figures.

    Anybody sees the releases for everybody and no others (``sees``). Each look is noted before anything is shown, also
    the one that finds nothing.
    """

    signed_in = allowed(Verb.READ_RELEASED)(view)

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated or not figures_are_open():
            return signed_in(request, *args, **kwargs)
        try:
            with acting_as(machine_of(None)):
                return view(request, *args, **kwargs)
        except Http404:
            with acting_as(machine_of(None)):
                log_access(Event.STATS_READ, outcome="denied", detail="not_found")
            raise

    checked.opens_to_anybody = figures_are_open  # type: ignore[attr-defined]
    return checked


def is_anybody(request: HttpRequest) -> bool:
    """Whether the one who looks is not signed in, and so sees only the releases for everybody."""
    return not request.user.is_authenticated


def sees(request: HttpRequest, release: Released) -> bool:
    """Whether this release is for the one who looks."""
    return release.public or not is_anybody(request)


def as_page(call: Callable[[], Any]) -> Any:
    """Make the call; a refusal by role and a hidden release become the pages that every desk has for them."""
    try:
        return call()
    except NotFoundError:
        raise common.NotFoundError from None
    except RefusedError as refused:
        if refused.obstacles or refused.code in MENDABLE:
            raise
        raise common.RefusedError(refused.code, refused.nl, refused.en) from None


# Refusals that the person can do something about on the page itself.
MENDABLE = frozenset({"nothing_chosen", "obstacles", "wrong_state", "reason_missing"})

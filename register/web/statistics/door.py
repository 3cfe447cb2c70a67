"""The door of every page about one release in the making."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from register.access import releases_for
from register.audit import Event
from register.casework import errors as common
from register.reporting.errors import NotFoundError, RefusedError
from register.web.door import View, require
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

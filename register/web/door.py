"""The door of every page: who is signed in, may they, and a note in the access log before anything is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from register.access import cases_for, may
from register.audit import Event
from register.casework.errors import refuse_unless
from register.web import elsewhere
from register.web.notes import looked
from register.workflow.verbs import Verb

View = Callable[..., HttpResponse]

Prepare = Callable[[QuerySet[Any]], QuerySet[Any]]
Read = Callable[[Any], Any]

# What a page with a case in hand always shows in its bar.
SHOWN_IN_THE_BAR = ("region", "forensic_service", "reporter")


def _as_it_is(cases: QuerySet[Any]) -> QuerySet[Any]:
    return cases


def allowed(verb: Verb) -> Callable[[View], View]:
    """A page without a case: the person must be signed in and may do ``verb``."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request, verb)
            return view(request, *args, **kwargs)

        return checked

    return decorate


def load_case(
    verb: Verb, *, prepare: Prepare = _as_it_is, read: Read | None = None, event: Event = Event.CASE_READ
) -> Callable[[View], View]:
    """A page about one case: ``view(request, case, ...)`` for a URL with ``case_id``.

    The case is read through ``cases_for``; what the person may not see is not found, what they may see but not do is
    refused with a sentence. ``prepare`` makes the query read along what the page needs, or ``read`` reads it when the
    look was noted. A case of another region is there to read while an emergency access opens it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def checked(request: HttpRequest, case_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            case = _with_its_bar(cases_for(request.user), prepare, read).filter(pk=case_id).first()
            if case is None:
                request.notes.policy = verb.value  # type: ignore[attr-defined]
                with elsewhere.opened(request, case_id, verb) as cases:
                    return shown(request, _with_its_bar(cases, prepare, read).get(), *args, **kwargs)
            require(request, verb, case)
            return shown(request, case, *args, **kwargs)

        def shown(request: HttpRequest, case: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            looked(request, event, [case.pk])
            return view(request, read(case) if read else case, *args, **kwargs)

        return checked

    return decorate


def read_again(request: HttpRequest, case: Any, prepare: Prepare = _as_it_is, read: Read | None = None) -> Any:
    """The same case as it is now, after this request or somebody else wrote to it."""
    now = _with_its_bar(cases_for(request.user), prepare, read).get(pk=case.pk)
    return read(now) if read else now


def _with_its_bar(cases: QuerySet[Any], prepare: Prepare, read: Read | None) -> QuerySet[Any]:
    """These cases as a page needs them. What is read by itself needs no joins beside its own row and its bar."""
    return cases.select_related("region") if read else prepare(cases.select_related(*SHOWN_IN_THE_BAR))


def person(request: HttpRequest) -> Any:
    """The signed-in person, for casework's ``by``; the door stands before every view that asks."""
    return request.user


def require(request: HttpRequest, verb: Verb, thing: Any = None) -> None:
    """Go on when the signed-in person may do ``verb`` to ``thing``, else refuse with the sentence."""
    request.notes.policy = verb.value  # type: ignore[attr-defined]
    refuse_unless(may(request.user, verb, thing))

"""Forms that save: each carries the version it showed and a key of its own, so that nothing is overwritten unseen and a
form that is sent twice changes once.

The page gets both from the tag ``{% carries case %}``. What the person saw comes back with ``seen_version``; the key is
claimed by the middleware, in the transaction of the request, before the view is called.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from register.casework.seen import Seen
from register.outbox import saves
from register.web import errors

SAVE_ID, VERSION, BEGINS = "save_id", "version", "begins"
# Before the name of a conflict: the version at which the person gave their answer, and the answer they chose.
SEEN, KEEP = "seen.", "keep."
MINE, THEIRS = "mine", "theirs"
# Not part of what the person sent: they differ each time, or carry the key itself.
NOT_SAID = frozenset({"csrfmiddlewaretoken", SAVE_ID})


class Begun(NamedTuple):
    """A case that a page began, by its key, and its first version."""

    pk: UUID
    version: int


def new_save_id() -> str:
    """The key of a form that is about to be shown."""
    return str(uuid4())


def seen_version(request: HttpRequest) -> Seen:
    """The version of the thing that the form showed; 0, which nothing has, when the form did not say.

    Answers that are in conflict keep the version at which they were given until the person chooses.
    """
    choices = {name.removeprefix(KEEP): request.POST[name] for name in request.POST if name.startswith(KEEP)}
    older = {
        name.removeprefix(SEEN): _number(request.POST[name])
        for name in request.POST
        if name.startswith(SEEN) and choices.get(name.removeprefix(SEEN)) not in (MINE, THEIRS)
    }
    theirs = [name for name, choice in choices.items() if choice == THEIRS]
    return Seen(_number(request.POST.get(VERSION, "")), older=older, theirs=theirs)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def chosen_before(post: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The choices that came with a form, for the same form when it comes back with mistakes."""
    return [(name, post[name]) for name in post if name.startswith((SEEN, KEEP))]


def claim(request: HttpRequest, kwargs: Mapping[str, Any]) -> HttpResponse | None:
    """Claim the key of the form. Gives the answer when the form was handled already, or cannot be.

    A form of which the answer was a page is handled once more to make that page again, and then undone (``repeated``).
    """
    text = request.headers.get("Idempotency-Key", "").strip('"') or request.POST.get(SAVE_ID, "")
    if request.method != "POST" or not text:
        return None
    try:
        key = UUID(text)
        save, first = saves.begin(
            key, use_case=_use_case(request), digest=_digest(request), object_id=_object_in(kwargs)
        )
    except (ValueError, saves.OtherFormError):
        return errors.other_form(request)
    request.save, request.saved_before = save, not first  # type: ignore[attr-defined]
    if first or not save.location:
        return None
    response = HttpResponse(status=save.status)
    response["Location"] = save.location
    if save.version:
        response["ETag"] = f'"{save.version}"'
    return response


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write down what came of a form that was handled for the first time."""
    save = getattr(request, "save", None)
    if save is not None and not request.saved_before:  # type: ignore[attr-defined]
        version = getattr(request, "saved_version", None)
        location = response.headers.get("Location", "")
        saves.finish(save, status=response.status_code, location=location, version=version)


def repeated(request: HttpRequest) -> bool:
    """Whether this form was handled before, so that nothing of this request may stand."""
    return getattr(request, "saved_before", False)


def keep(request: HttpRequest, version: int) -> None:
    """Let the transaction of this request stand although its answer says no: part of the form is stored.

    ``version`` is that of the case afterwards.
    """
    request.partly_saved, request.saved_version = True, version  # type: ignore[attr-defined]


def version_after(request: HttpRequest, thing: Any) -> int | str:
    """The version that a page shows of ``thing``; that of the first answer when the form was handled before."""
    before: int | None = request.save.version if repeated(request) else None  # type: ignore[attr-defined]
    now: int | str = getattr(thing, "row_version", "")
    return before or now


def version_of(text: str) -> int | None:
    """The version after another save of the same person, when that was stored by now."""
    try:
        return saves.version_of(UUID(text)) if text else None
    except ValueError:
        return None


def case_begun(request: HttpRequest, make: Callable[[], Any]) -> Begun:
    """The case that the page of this request begins: made by whichever of its requests comes first.

    A page sends its key as ``begins`` with each request until it knows its case. While another request makes the case,
    this one waits. Without a key every request begins a case. OtherFormError when the key is somebody else's.
    """
    try:
        key = UUID(request.POST.get(BEGINS, ""))
    except ValueError:
        case = make()
        return Begun(case.pk, case.row_version)
    save, first = saves.begin(key, use_case=f"{_use_case(request)}:{BEGINS}", digest="")
    if not first and save.object_id and save.version:
        return Begun(save.object_id, save.version)
    case = make()
    saves.made(save, object_id=case.pk, version=case.row_version)
    return Begun(case.pk, case.row_version)


def kept(request: HttpRequest) -> bool:
    """Whether part of the form is stored although the answer says no."""
    return getattr(request, "partly_saved", False)


def _use_case(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name if match else "")[:60]


def _object_in(kwargs: Mapping[str, Any]) -> UUID | None:
    found = kwargs.get("case_id") or kwargs.get("release_id")
    return found if isinstance(found, UUID) else None


def _digest(request: HttpRequest) -> str:
    """The same for the same form at the same address. It is keyed, so that it gives away nothing of what it says."""
    said = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in NOT_SAID)
    text = repr((request.path, request.headers.get("If-Match", ""), said))
    return salted_hmac("register.web.saves", text, algorithm="sha256").hexdigest()

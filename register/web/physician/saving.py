"""Saving while somebody types: a few answers of a page at a time, as JSON for the script of the page.

The form of the page does the same by the same calls. ``If-Match`` carries the version that the page shows. What is said
is for the same page: what was stored, what could not be, and where somebody else answered the same question meanwhile.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from register.casework import autosave, intake
from register.casework.autosave import Unanswered
from register.casework.errors import InvalidError, NotFoundError, RefusedError
from register.casework.seen import Conflict, Seen
from register.outbox.saves import OtherFormError
from register.quality import dictionary
from register.web import notes, saves
from register.web.answers import form_values
from register.web.differences import difference
from register.web.door import allowed, load_case, person, read_again
from register.web.language import sentence
from register.web.physician import checks, forms, piecewise, regions, sent
from register.web.physician.pages import BY_SLUG, PAGES
from register.web.physician.progress import answers_row, with_progress
from register.web.physician.row_kinds import RowKind, Write
from register.web.physician.sent import Sent, UnreadableError
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

DECIDED = frozenset({CaseState.CLOSED, CaseState.EXCLUDED})


@dataclass(slots=True)
class Told:
    """What the page hears, by the names of the form. ``unanswered`` is still to be kept as it was typed."""

    saved: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    conflicts: list[tuple[str, Conflict]] = field(default_factory=list)
    changed: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    unanswered: list[Unanswered] = field(default_factory=list)


def as_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same view for a script: no page to sign in, and every refusal as JSON with its sentence."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            no_post = refused(405, _("Answers are saved with POST."))
            no_post["Allow"] = "POST"
            return no_post
        try:
            _require_same_person(request)
            return view(request, *args, **kwargs)
        except NotFoundError as missing:
            notes.refused(request, missing.code)
            return refused(404, sentence(missing))
        except RefusedError as refusal:
            notes.refused(request, refusal.code)
            return refused(403, sentence(refusal))
        except UnreadableError:
            return refused(422, _("This page was sent in a form that the register does not know. Reload the page."))

    answered.signed_out = signed_out  # type: ignore[attr-defined]
    return answered


def signed_out() -> HttpResponse:
    """401: what a script hears that saves after the session ended, or before it gave two factors."""
    return refused(401, _("Your session has ended. Sign in again; what you typed stands on the page."))


def _its_row(case: Any) -> Any:
    """The case as the door read it: storing reads the rest of it when it is locked."""
    return case


@as_json
@allowed(Verb.CREATE_CASE)
def begin(request: HttpRequest) -> HttpResponse:
    """The first change on the page of a new case: the case is made now, with what was typed so far.

    ``Location`` is the address of its page. Sent again, the same request gets the same case. A page that closes before
    it heard of its case sends all it says once more, ``after`` the first; whichever comes last, that one stands.
    """
    page = PAGES[0].slug
    if getattr(request, "save", None) is None:
        raise UnreadableError
    what = sent.sort(page, forms.typed(request.POST))
    try:
        begun = saves.case_begun(request, lambda: intake.open_case(by=person(request)))
    except OtherFormError:
        raise UnreadableError from None
    case = read_again(request, begun, read=_its_row)
    last = saves.version_of(request.POST.get(sent.AFTER, ""))
    response = _store(request, case, page, what, Seen(last or begun.version, only_changed=True))
    if response.status_code == 200:
        response.status_code = 201
    response["Location"] = reverse("physician:section", args=[case.pk, page])
    return response


@as_json
@load_case(Verb.READ_CASE, read=_its_row)
def save(request: HttpRequest, case: Any, page: str) -> HttpResponse:
    """Store the answers that changed, each that can be."""
    if page not in BY_SLUG:
        raise NotFoundError
    match CaseState(case.status):
        case CaseState.WITHDRAWN:
            return refused(410, _("This case was withdrawn."))
        case state if state in DECIDED:
            return refused(423, _("This case was closed. It changes only after the register opens it again."))
    if "If-Match" not in request.headers:
        return refused(428, _("Say which version the page shows, with If-Match."))
    if getattr(request, "save", None) is None:
        raise UnreadableError
    version = _version(request.headers["If-Match"])
    if version is None or not 0 < version <= case.row_version:
        return refused(412, _("This is not a version of this case. Reload the page."))
    if request.POST.get(saves.VERSION, str(version)) != str(version):
        raise UnreadableError
    return _store(request, case, page, sent.sort(page, forms.typed(request.POST)), Seen(version, only_changed=True))


def _store(request: HttpRequest, case: Any, page: str, what: Sent, seen: Seen) -> HttpResponse:
    write = Write.begin(case.pk, person(request), seen, request.POST.get("reason", "").strip())
    write = _after_own(request, write)
    touched = sent.touched(page, request.POST.get(sent.TOUCHED, ""))
    told = Told(unanswered=what.unanswered)
    try:
        found = autosave.save_answers(page=page, raw=what.answers, touched=touched, **write.arguments)
    except InvalidError as invalid:
        return refused(422, sentence(invalid), problems=_sentences(invalid.problems))
    write = write.after(found.case)
    told.saved += [spec.field for spec in found.saved]
    told.problems.update(_sentences(found.problems))
    told.kept += sorted(found.kept)
    told.conflicts += [("", conflict) for conflict in found.conflicts]
    for kind, key, raw in what.of_rows:
        write = _store_row(told, write, kind, key, raw)
    write = _keep_unanswered(told, case, page, write, touched)
    # What was stored is known here; only what somebody else stored meanwhile is not.
    now = read_again(request, case, read=with_progress) if told.conflicts else write.case
    told.changed = {spec.field: form_values(answers_row(now, spec), [spec]) for spec in found.changed}
    return _answer(request, now, page, told)


def _after_own(request: HttpRequest, write: Write) -> Write:
    """A page that closes sends its last words while an earlier save of it may still be on its way.

    When that one was the only change since, this page has seen it.
    """
    earlier = saves.version_of(request.POST.get(sent.AFTER, ""))
    if earlier is None or earlier != write.seen_version + 1:
        return write
    return replace(write, seen_version=write.seen_version.at(earlier), behind=write.latest != earlier)


def _keep_unanswered(told: Told, case: Any, page: str, write: Write, touched: str) -> Write:
    """Keep what is no answer: of rows, and of what is recorded only when the person goes on."""
    write, kept = piecewise.keep(case, page, told.unanswered, write, touched)
    told.kept += [sent.name_of(one.field, one.row) for one in kept]
    return write


def _store_row(told: Told, write: Write, kind: RowKind, key: str, raw: dict[str, list[str]]) -> Write:
    """Store the answers of one row, each that can be."""
    prefix = f"{kind.slug}.{key}."
    write, found = piecewise.store_row(kind, key, raw, write)
    told.saved += [prefix + spec.field for spec in found.saved]
    told.conflicts += [(prefix, one) for one in found.conflicts]
    told.problems.update({prefix + name: text for name, text in _sentences(found.problems).items()})
    told.unanswered += found.unanswered
    if found.gone:
        told.problems.update({prefix + spec.field: _("This row was removed.") for spec in kind.specs})
    return write


def _answer(request: HttpRequest, case: Any, page: str, told: Told) -> HttpResponse:
    """What came of it. Sent again, the same request gets the version and the time of the first answer."""
    version = saves.version_after(request, case)
    saves.keep(request, case.row_version)
    at = timezone.localtime(request.save.at)  # type: ignore[attr-defined]
    warnings, conflicts = checks.warnings_on(case, page), _asked(case, told)
    body = {
        "saved": told.saved,
        "problems": told.problems,
        "kept": told.kept,
        "conflicts": conflicts,
        "changed": told.changed,
        "number": case.case_number,
        "version": version,
        "at": f"{at:%H:%M}",
        "sentence": _("Saved at %(time)s") % {"time": f"{at:%H:%M}"},
        "warnings": [{"field": found.field, "row": found.row, "sentence": sentence(found)} for found in warnings],
        "shown": " ".join(checks.keys(warnings)),
        "regions": regions.of_answer(warnings, told.problems, conflicts),
    }
    if told.conflicts:
        body["sentence"] = _("Somebody else answered the same question. Choose which answer stands.")
    elif told.problems and not told.saved and not told.kept:
        body["sentence"] = _("Not saved: an answer cannot be read.")
    response = JsonResponse(body, status=412 if told.conflicts else 200)
    response["ETag"] = f'"{version}"'
    return response


def _asked(case: Any, told: Told) -> dict[str, Any]:
    """The questions of which the person must choose the answer, with the other answer as values of the form."""
    found: dict[str, Any] = {}
    for prefix, conflict in told.conflicts:
        spec, shown = dictionary.field(conflict.key), difference(conflict)
        kind = next((kind for kind in sent.IN_FORMS if conflict.row and kind.model == spec.model), None)
        rows = kind.read(case) if kind else [answers_row(case, spec)]
        row = next((row for row in rows if not conflict.row or str(row.pk) == conflict.row), None)
        values = form_values(row, [spec]) if row is not None else {}
        found[prefix + spec.field] = {
            "question": shown.label,
            "mine": shown.mine,
            "theirs": shown.theirs,
            "values": {prefix + name: texts for name, texts in values.items()},
            "by": shown.who,
            "at": conflict.at.isoformat() if conflict.at else None,
            "when": shown.when,
            "name": conflict.name,
        }
    return found


def _sentences(problems: Mapping[str, Any]) -> dict[str, str]:
    return {name: sentence(problem) for name, problem in problems.items()}


def _version(header: str) -> int | None:
    """The version in ``"12"``; None for anything else, a weak tag included (RFC 9110, If-Match compares strongly)."""
    text = header.strip()
    quoted = len(text) > 2 and text[0] == text[-1] == '"'
    number = text[1:-1]
    return int(number) if quoted and number.isascii() and number.isdigit() and len(number) < 10 else None


def _require_same_person(request: HttpRequest) -> None:
    """A page keeps what one person typed; whoever signed in after them in another window is not to save it."""
    if request.POST.get(sent.PERSON, str(request.user.pk)) != str(request.user.pk):
        raise RefusedError(
            "other_person",
            "In deze browser is nu een ander aangemeld. Wat hier staat, bewaart alleen wie het heeft getypt.",
            "Somebody else is signed in now in this browser. Only who typed what stands here can save it.",
        )


def refused(status: int, words: str, problems: Mapping[str, str] | None = None) -> JsonResponse:
    """What a script hears of what cannot be."""
    return JsonResponse({"sentence": words, **({"problems": problems} if problems else {})}, status=status)

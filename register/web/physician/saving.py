"""Saving while somebody types: a few answers of a page at a time, as JSON for the script of the page.

The form of the page does the same by the same calls. ``If-Match`` carries the version that the page shows. What is said
is for the same page: what was stored, what could not be, and where somebody else answered the same question meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from register.casework import autosave
from register.casework.answers import form_names
from register.casework.errors import ConflictError, InvalidError, NotFoundError, RefusedError
from register.casework.seen import Conflict, Seen
from register.quality import dictionary
from register.quality.dictionary import FieldSpec
from register.web import notes, saves
from register.web.answers import form_values
from register.web.differences import difference
from register.web.door import load_case, person, read_again
from register.web.language import sentence
from register.web.physician import checks, forms
from register.web.physician.pages import BY_SLUG
from register.web.physician.progress import answers_row, with_progress
from register.web.physician.row_kinds import IN_FORMS, RowKind, Write
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

DECIDED = frozenset({CaseState.CLOSED, CaseState.EXCLUDED})
BY_SLUG_OF_ROW = {kind.slug: kind for kind in IN_FORMS}
# What a form holds besides answers.
CARRIED = frozenset({"csrfmiddlewaretoken", saves.SAVE_ID, saves.VERSION, "reason"})


class UnreadableError(Exception):
    """The request is not one that a page sends."""


def as_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same view for a script: no page to sign in, and every refusal as JSON with its sentence."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            refused = _no(405, _("Answers are saved with POST."))
            refused["Allow"] = "POST"
            return refused
        try:
            return view(request, *args, **kwargs)
        except NotFoundError as missing:
            notes.refused(request, missing.code)
            return _no(404, sentence(missing))
        except RefusedError as refusal:
            notes.refused(request, refusal.code)
            return _no(403, sentence(refusal))
        except UnreadableError:
            return _no(422, _("This page was sent in a form that the register does not know. Reload the page."))

    answered.signed_out = signed_out  # type: ignore[attr-defined]
    return answered


def signed_out() -> HttpResponse:
    """401: what a script hears that saves after the session ended, or before it gave two factors."""
    return _no(401, _("Your session has ended. Sign in again; what you typed stands on the page."))


@as_json
@load_case(Verb.READ_CASE, prepare=with_progress)
def save(request: HttpRequest, case: Any, page: str) -> HttpResponse:
    """Store the answers that changed, each that can be."""
    if page not in BY_SLUG:
        raise NotFoundError
    match CaseState(case.status):
        case CaseState.WITHDRAWN:
            return _no(410, _("This case was withdrawn."))
        case state if state in DECIDED:
            return _no(423, _("This case was closed. It changes only after the register opens it again."))
    if "If-Match" not in request.headers:
        return _no(428, _("Say which version the page shows, with If-Match."))
    if getattr(request, "save", None) is None:
        raise UnreadableError
    version = _version(request.headers["If-Match"])
    if version is None or not 0 < version <= case.row_version:
        return _no(412, _("This is not a version of this case. Reload the page."))
    if request.POST.get(saves.VERSION, str(version)) != str(version):
        raise UnreadableError
    return _store(request, case, page, Seen(version, only_changed=True))


def _store(request: HttpRequest, case: Any, page: str, seen: Seen) -> HttpResponse:
    answers, rows = _sorted(case, page, forms.typed(request.POST))
    write = Write.begin(case.pk, person(request), seen, request.POST.get("reason", "").strip())
    told: dict[str, Any] = {"saved": [], "problems": {}, "conflicts": {}, "changed": {}}
    try:
        found = autosave.save_answers(page=page, raw=answers, **write.arguments)
    except InvalidError as invalid:
        return _no(422, sentence(invalid), problems=_sentences(invalid.problems))
    write = write.after(found.case)
    told["saved"] += [spec.field for spec in found.saved]
    told["problems"].update(_sentences(found.problems))
    _tell_conflicts(told, case, "", found.conflicts)
    for kind, key, raw in rows:
        write = _store_row(told, case, write, kind, key, raw)
    now = read_again(request, case, with_progress)
    told["changed"] = {spec.field: form_values(answers_row(now, spec), [spec]) for spec in found.changed}
    return _answer(request, now, page, told)


def _store_row(
    told: dict[str, Any], case: Any, write: Write, kind: RowKind, key: str, raw: dict[str, list[str]]
) -> Write:
    """Store the answers of one row, each that can be."""
    prefix = f"{kind.slug}.{key}."
    while raw:
        try:
            write = write.after(kind.change(write, key, raw))
            told["saved"] += [prefix + spec.field for spec in kind.specs if _speaks(spec, raw)]
        except ConflictError as conflict:
            asked = {one.key for one in conflict.conflicts}
            told["saved"] += [prefix + s.field for s in kind.specs if s.key not in asked and _speaks(s, raw)]
            _tell_conflicts(told, case, prefix, conflict.conflicts)
            return write.after(conflict.current)
        except NotFoundError:
            told["problems"].update({prefix + spec.field: _("This row was removed.") for spec in kind.specs})
        except InvalidError as invalid:
            told["problems"].update({prefix + name: text for name, text in _sentences(invalid.problems).items()})
            left = {name: texts for name, texts in raw.items() if not _named(name, kind, invalid.problems)}
            if len(left) < len(raw):
                raw = left
                continue
        break
    return write


def _answer(request: HttpRequest, case: Any, page: str, told: dict[str, Any]) -> HttpResponse:
    """What came of it. Sent again, the same request gets the version and the time of the first answer."""
    version = saves.version_after(request, case)
    saves.keep(request, case.row_version)
    at = timezone.localtime(request.save.at)  # type: ignore[attr-defined]
    body = {
        **told,
        "version": version,
        "at": f"{at:%H:%M}",
        "sentence": _("Saved at %(time)s") % {"time": f"{at:%H:%M}"},
        "warnings": [
            {"field": found.field, "row": found.row, "sentence": sentence(found)}
            for found in checks.warnings_on(case, page)
        ],
    }
    if told["conflicts"]:
        body["sentence"] = _("Somebody else answered the same question. Choose which answer stands.")
    elif told["problems"] and not told["saved"]:
        body["sentence"] = _("Not saved: an answer cannot be read.")
    response = JsonResponse(body, status=412 if told["conflicts"] else 200)
    response["ETag"] = f'"{version}"'
    return response


def _tell_conflicts(told: dict[str, Any], case: Any, prefix: str, conflicts: Iterable[Conflict]) -> None:
    for conflict in conflicts:
        shown = difference(conflict)
        told["conflicts"][prefix + dictionary.field(conflict.key).field] = {
            "question": shown.label,
            "mine": shown.mine,
            "theirs": shown.theirs,
            "by": shown.who,
            "at": conflict.at.isoformat() if conflict.at else None,
            "name": conflict.name,
        }


def _sorted(
    case: Any, page: str, typed: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], list[tuple[RowKind, str, dict[str, list[str]]]]]:
    """What was sent, as answers of the page and answers in its rows. UnreadableError for a name that is on neither."""
    known = {name for spec in BY_SLUG[page].specs for name in form_names(spec)}
    answers: dict[str, list[str]] = {}
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for name, texts in typed.items():
        slug, _dot, rest = name.partition(".")
        key, _dot, column = rest.partition(".")
        if name in known:
            answers[name] = texts
        elif slug in BY_SLUG_OF_ROW and _is_key(key) and column in _columns_on(BY_SLUG_OF_ROW[slug], page):
            rows.setdefault((slug, key), {})[column] = texts
        elif name not in CARRIED:
            raise UnreadableError
    return answers, [(BY_SLUG_OF_ROW[slug], key, raw) for (slug, key), raw in rows.items()]


def _columns_on(kind: RowKind, page: str) -> set[str]:
    return {name for spec in kind.specs if spec.page == page for name in form_names(spec)}


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _speaks(spec: FieldSpec, raw: Mapping[str, Any]) -> bool:
    return any(name in raw for name in form_names(spec))


def _named(name: str, kind: RowKind, problems: Mapping[str, Any]) -> bool:
    """Whether a name of the form belongs to a field that has a problem."""
    return any(spec.field in problems and name in form_names(spec) for spec in kind.specs)


def _sentences(problems: Mapping[str, Any]) -> dict[str, str]:
    return {name: sentence(problem) for name, problem in problems.items()}


def _version(header: str) -> int | None:
    """The version in ``"12"``; None for anything else, a weak tag included (RFC 9110, If-Match compares strongly)."""
    text = header.strip()
    quoted = len(text) > 2 and text[0] == text[-1] == '"'
    number = text[1:-1]
    return int(number) if quoted and number.isascii() and number.isdigit() and len(number) < 10 else None


def _no(status: int, words: str, problems: Mapping[str, str] | None = None) -> JsonResponse:
    return JsonResponse({"sentence": words, **({"problems": problems} if problems else {})}, status=status)

"""Answering a question of the register, at the field it is about."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from register.casework import intake, queries
from register.casework.configuration import current as configuration
from register.casework.errors import ConflictError, InvalidError, NotFoundError
from register.quality import dictionary
from register.quality.dictionary import FieldSpec
from register.quality.standard_texts import ANSWER
from register.web import fields
from register.web.differences import Difference, differences
from register.web.door import load_case, person, read_again
from register.web.field_shapes import ErrorLine, FieldView
from register.web.language import active, sentence
from register.web.physician import forms, lines, unfinished
from register.web.physician.merging import given, settled
from register.web.physician.progress import SECTION_ROWS
from register.web.physician.resuming import fragment
from register.web.saves import seen_version
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb

OPEN = "open"
NOTHING_HELD: forms.Values = {}
LONGEST_ANSWER = 2000
SENT, UNPROCESSABLE = 302, 422
# The name under which a reply is kept while it is not sent.
FORM = "question"


def _with_sections(cases: QuerySet[Any]) -> QuerySet[Any]:
    return cases.select_related(*SECTION_ROWS)


@load_case(Verb.ANSWER_QUERY, prepare=_with_sections)
def question(request: HttpRequest, case: Any, query_id: UUID) -> HttpResponse:
    """The thread, the answer as it stands with room to change it, and the reply."""
    query = case.query_rows.filter(pk=query_id).first()
    if query is None:
        raise NotFoundError
    place = (request, case, FORM, query.pk)
    if request.method != "POST":
        held = unfinished.of(*place) if query.state == OPEN else {}
        return _page(request, case, query, held=held)
    if request.POST.get("do") == unfinished.DISCARD:
        unfinished.forget(*place)
        return redirect(request.path)
    answer = _answer(request, case, query)
    if answer.status_code == SENT:
        unfinished.forget(*place)
    elif answer.status_code == UNPROCESSABLE:
        unfinished.came_back(*place, forms.typed(request.POST))
    return answer


def on_page(case: Any, page: str) -> list[dict[str, str]]:
    """The open questions about a page of a case that is with its reporter, each with the way to it and to the field."""
    if case.status != CaseState.QUERY_OPEN:
        return []
    shown = []
    for query in case.query_rows.filter(state=OPEN).order_by("id"):
        spec = dictionary.find(query.field)
        if spec and spec.page == page:
            url = reverse("physician:question", args=[case.pk, query.pk])
            shown.append({"subject": lines.subject(query.field), "url": url, "field": fragment(query.field)})
    return shown


def _answer(request: HttpRequest, case: Any, query: Any) -> HttpResponse:
    """Change the field when it was changed, then send the reply; both or neither."""
    spec = _spec(query)
    standard = configuration.current().texts.words(ANSWER, request.POST.get("standard", ""), active())
    text = " ".join(part for part in (standard, request.POST.get("text", "").strip()) if part)
    version = seen_version(request)
    seen = forms.as_seen(case, [spec], version) if spec else {}
    raw = settled(forms.typed(request.POST), seen, [spec]) if spec else {}
    if not text:
        return _page(request, case, query, raw, {"text": queries.TEXT_NEEDED}, status=422)
    try:
        if spec and given(raw, [spec]) != given(seen, [spec]):
            answers = {name: texts for name, texts in raw.items() if _belongs(spec, name)}
            # The question is the reason of the change, however short the reply.
            reason = queries.reason_of_reply(text)
            saved = intake.save_page(
                case_id=case.pk, page=spec.page, raw=answers, seen_version=version, by=person(request), reason=reason
            )
            if saved.problems:
                return _page(request, case, query, raw, saved.problems, status=422)
        queries.answer(query_id=query.pk, text=text, seen_version=version, by=person(request))
    except ConflictError as conflict:
        # Nothing is sent until the person has chosen; the answer to the register stands with it or not at all.
        now = read_again(request, case, _with_sections)
        return _page(request, now, query, raw, asks=differences(conflict.conflicts), status=409)
    except InvalidError as invalid:
        return _page(request, case, query, raw, invalid.problems, status=422)
    messages.success(request, _("Your answer was sent to the register."), extra_tags="done")
    return redirect("physician:questions")


def _page(
    request: HttpRequest,
    case: Any,
    query: Any,
    raw: Mapping[str, Sequence[str]] | None = None,
    problems: Mapping[str, Any] | None = None,
    asks: Sequence[Difference] = (),
    status: int = 200,
    held: forms.Values = NOTHING_HELD,
) -> HttpResponse:
    """``held`` is what was typed before and not sent; what is typed now stands in the request."""
    spec, problems = _spec(query), problems or {}
    if spec and raw is None and held:
        raw = {**forms.stored(case, [spec]), **held}
    asked = _field(case, spec, raw, problems) if spec else None
    said = request.POST if request.method == "POST" else forms.as_post(held)
    standard = fields.plain(
        "standard",
        _("Standard answer"),
        value=said.get("standard", ""),
        widget="radios",
        optional=True,
        options=_standard_answers(spec),
    )
    reply = fields.plain(
        "text",
        _("Your answer"),
        value=said.get("text", ""),
        widget="lines",
        hint=_("A standard answer alone is enough. No names."),
        optional=True,
        error=sentence(problems["text"]) if "text" in problems else "",
        maximum=LONGEST_ANSWER,
    )
    shown = [one for one in (asked, standard, reply) if one]
    elsewhere = {name: problem for name, problem in problems.items() if name not in {one.name for one in shown}}
    context = {
        "case": case,
        "query": query,
        "subject": lines.subject(query.field),
        "thread": [(message, _who(message)) for message in query.messages.select_related("by").order_by("at")],
        "is_open": query.state == OPEN,
        "asked": asked,
        "fields": [standard, reply],
        "differences": asks,
        **(unfinished.context(case, FORM, query.pk, held) if query.state == OPEN else {}),
        "errors": [*fields.error_lines(shown), *(ErrorLine(sentence(p)) for p in elsewhere.values())],
    }
    return render(request, "physician/question.html", context, status=status)


def _who(said: Any) -> str:
    """Who wrote a message, by name and role; the register itself when a rule asked."""
    return f"{said.by.display_name} · {Role(said.role).label(active())}" if said.by else _("The register")


def _field(case: Any, spec: FieldSpec, raw: forms.Values | None, problems: Mapping[str, Any]) -> FieldView:
    values = raw if raw is not None else forms.stored(case, [spec])
    extras = forms.Choices(case.region_id).extras(spec)
    return fields.view(spec, values, extras=extras, problem=problems.get(spec.field))


def _spec(query: Any) -> FieldSpec | None:
    """The question of the dictionary this is about, when it has one answer that a page asks."""
    spec = dictionary.find(query.field)
    return spec if spec and spec.on_case and spec.page and spec.key not in intake.COMPUTED else None


def _belongs(spec: FieldSpec, name: str) -> bool:
    return name == spec.field or name.startswith(f"{spec.field}_")


def _standard_answers(spec: FieldSpec | None) -> list[tuple[str, str]]:
    """What is answered often about a field of this kind; a pressed choice is taken back by the last."""
    offered = configuration.current().texts.of(ANSWER, spec.kind if spec else "")
    return [*((text.code, text.label(active())) for text in offered), ("", _("In my own words alone"))]

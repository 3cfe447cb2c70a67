"""The codebook as a page, as CSV and as JSON: every question with its answers, and when it is asked."""

import csv
import io
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from register.quality import codebook, value_sets
from register.quality.codebook import Question
from register.quality.dictionary import FieldSpec
from register.quality.value_sets import Value
from register.web.language import active, sentence
from register.web.physician.pages import BY_SLUG

LEVELS: dict[str, Promise] = {
    "core": gettext_lazy("core question"),
    "strong": gettext_lazy("wanted"),
    "optional": gettext_lazy("optional"),
    "derived": gettext_lazy("computed by the register"),
    "reviewer": gettext_lazy("by the register"),
    "closing": gettext_lazy("needed to close"),
}
KINDS: dict[str, Promise] = {
    "bool": gettext_lazy("yes or no"),
    "int": gettext_lazy("whole number"),
    "decimal": gettext_lazy("number"),
    "date": gettext_lazy("date"),
    "partial_date": gettext_lazy("date, or a month or a year alone"),
    "datetime": gettext_lazy("date and time"),
    "text": gettext_lazy("text"),
}
LISTS: dict[str, Promise] = {
    "region": gettext_lazy("GGD regions"),
    "municipality": gettext_lazy("municipalities"),
    "forensic_service": gettext_lazy("forensic services"),
    "lab": gettext_lazy("laboratories"),
    "substance": gettext_lazy("catalogue of substances"),
    "substance_group": gettext_lazy("groups of substances"),
    "user": gettext_lazy("users"),
    "case": gettext_lazy("cases"),
    "suspected_substance": gettext_lazy("suspected substances of the case"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One question in words."""

    key: str
    label: str
    level: Promise
    answer: str
    codes: tuple[Value, ...]
    when: str
    may_be_missing: bool


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All questions, under the page that asks them."""
    context = {
        "parts": [
            (slug or "register", BY_SLUG[slug].title if slug else _("At the register"), [_line(each) for each in found])
            for slug, found in groupby(codebook.questions(), key=lambda question: question.spec.page)
        ],
        "missing": value_sets.values(value_sets.MISSING),
    }
    return render(request, "codebook.html", context)


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """One line for each question."""
    text = io.StringIO()
    writer = csv.DictWriter(text, codebook.COLUMNS)
    writer.writeheader()
    writer.writerows(codebook.lines())
    headers = {"Content-Disposition": 'attachment; filename="codeboek.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The questions and the code lists."""
    headers = {"Content-Disposition": 'attachment; filename="codeboek.json"'}
    return JsonResponse(codebook.document(), headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _line(question: Question) -> Line:
    spec = question.spec
    return Line(
        key=spec.key,
        label=spec.label(active()),
        level=LEVELS[spec.level],
        answer=_answer(spec, len(question.codes)),
        codes=question.codes,
        when=sentence(question.rule) if question.rule else "",
        may_be_missing=spec.may_be_missing,
    )


def _answer(spec: FieldSpec, codes: int) -> str:
    """What kind of answer a question takes, with its limits."""
    if spec.vocabulary:
        return _("from the list: %(list)s") % {"list": LISTS[spec.vocabulary]}
    match spec.kind:
        case "code" | "codes" if not codes:
            return _("code")
        case "code":
            return _("one of %(count)d") % {"count": codes}
        case "codes":
            return _("one or more of %(count)d") % {"count": codes}
        case "text" if spec.maximum:
            return _("text of at most %(most)d characters") % {"most": spec.maximum}
        case "int" | "decimal" if spec.minimum is not None and spec.maximum is not None:
            return _("%(kind)s from %(least)d to %(most)d") % {
                "kind": KINDS[spec.kind],
                "least": spec.minimum,
                "most": spec.maximum,
            }
        case _:
            return str(KINDS[spec.kind])

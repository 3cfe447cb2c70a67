"""Striking a substance out, with the reason that stays beside it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from register.casework import editing, opening
from register.casework.errors import InvalidError, NotFoundError
from register.web import fields
from register.web.door import load_case, person
from register.web.language import sentence
from register.web.physician.progress import navigation, with_progress
from register.web.physician.row_kinds import FINDING, SUSPICION, Write
from register.web.saves import seen_version
from register.workflow.verbs import Verb

KINDS = {FINDING.slug: (FINDING, "conclusie"), SUSPICION.slug: (SUSPICION, "middelen")}


@load_case(Verb.READ_CASE, read=with_progress)
def remove(request: HttpRequest, case: Any, kind: str, row_id: UUID) -> HttpResponse:
    """Ask for the reason, then strike the row out. It stays to be seen."""
    if kind not in KINDS:
        raise NotFoundError
    opening.require(person(request), editing.editing_verb(person(request), case), case)
    row_kind, page = KINDS[kind]
    found = [(number, row) for number, row in enumerate(row_kind.read(case), start=1) if row.pk == row_id]
    if not found or row_kind.remove is None:
        raise NotFoundError
    number, row = found[0]
    error = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        try:
            row_kind.remove(Write(case.pk, request.user, seen_version(request), reason), row.pk)
            return redirect("physician:section", case_id=case.pk, page=page)
        except InvalidError as invalid:
            error = sentence(next(iter(invalid.problems.values())))
    shown = fields.plain(
        "reason",
        _("Why is this substance removed?"),
        value=request.POST.get("reason", ""),
        error=error,
        maximum=500,
    )
    context = {
        "case": case,
        "page": page,
        "heading": row_kind.heading(row, number),
        "field": shown,
        "errors": fields.error_lines([shown]),
        "nav": navigation(case, page),
    }
    return render(request, "physician/remove.html", context, status=422 if error else 200)

"""Small forms that save themselves while somebody types, and show again what was typed and not sent."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from register.casework import opening, unfinished
from register.casework.errors import InvalidError, NotFoundError
from register.web import saves
from register.web.door import load_case, person
from register.web.language import sentence
from register.web.physician import forms
from register.web.physician.saving import as_json, refused
from register.web.physician.sent import CARRIED, UnreadableError
from register.workflow.verbs import Verb

Values = Mapping[str, Sequence[str]]
# A button of the form, and what is no answer of it.
DISCARD = "discard"
NO_ANSWER = CARRIED | {"do", "shown_warnings"}


@as_json
@load_case(Verb.READ_CASE)
def keep(request: HttpRequest, case: Any, form: str, row_id: UUID) -> HttpResponse:
    """Keep what changed in a small form. The version of the case stays what the page shows."""
    if form not in unfinished.FORMS:
        raise NotFoundError
    unfinished.require_about(case, row_id)
    opening.require(person(request), unfinished.FORMS[form], case)
    if getattr(request, "save", None) is None:
        raise UnreadableError
    typed = _answers(forms.typed(request.POST))
    try:
        unfinished.keep(case_id=case.pk, form=form, about=row_id, typed=typed, by=person(request))
    except InvalidError as invalid:
        return refused(422, " ".join(sentence(problem) for problem in invalid.problems.values()))
    at = timezone.localtime(request.save.at)  # type: ignore[attr-defined]
    body = {
        "saved": sorted(typed),
        "at": f"{at:%H:%M}",
        "sentence": _("Kept at %(time)s, not sent yet") % {"time": f"{at:%H:%M}"},
    }
    return JsonResponse(body)


def context(case: Any, form: str, about: UUID, held: Values) -> dict[str, Any]:
    """What the page of a small form needs to save itself; ``held`` is what it shows of what was kept before."""
    return {"save_url": reverse("physician:keep", args=[case.pk, form, about]), "kept_before": bool(held)}


def of(request: HttpRequest, case: Any, form: str, about: UUID) -> dict[str, list[str]]:
    """What the signed-in person typed in this form and did not send."""
    return unfinished.of(case=case, form=form, about=about, by=person(request))


def came_back(request: HttpRequest, case: Any, form: str, about: UUID, typed: Values) -> None:
    """Keep the whole of a form that comes back unsent, with its mistakes or to be looked at."""
    try:
        unfinished.keep(case_id=case.pk, form=form, about=about, typed=_answers(typed), by=person(request), whole=True)
    except InvalidError:
        return  # it stands on the page, which says what is wrong with it
    saves.keep(request, case.row_version)


def forget(request: HttpRequest, case: Any, form: str, about: UUID) -> None:
    """The form was sent, or is thrown away."""
    unfinished.forget(case=case, form=form, about=about, by=person(request))


def _answers(typed: Values) -> dict[str, list[str]]:
    own = {name: list(texts) for name, texts in typed.items() if not name.startswith(("seen.", "keep."))}
    return {name: texts for name, texts in own.items() if name not in NO_ANSWER}

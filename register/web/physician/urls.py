"""The physician's desk. No address holds a word about a case: only its random key and the name of a page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from register.web.physician import (
    earlier_drafts,
    history,
    laboratory,
    lists,
    nil_reports,
    picker,
    printing,
    questions,
    removing,
    reopening,
    restoring,
    resubmitting,
    row_sections,
    saving,
    sections,
    submitting,
    toxicology,
    toxicology_findings,
    toxicology_forms,
    unfinished,
)

VIEWS = {**sections.PLAIN, **row_sections.WITH_ROWS, "toxicologie": toxicology.overview}


def section(request: HttpRequest, case_id: UUID, page: str) -> HttpResponse:
    """One of the six pages of a case."""
    if page not in VIEWS:
        raise Http404
    return VIEWS[page](request, case_id=case_id)


def _of_case(route: str, view: Any, name: str) -> Any:
    return path(f"zaken/<uuid:case_id>/{route}", view, name=name)


app_name = "physician"
urlpatterns = [
    path("zaken/", lists.my_cases, name="cases"),
    path("zaken/zoeken/", lists.find, name="find"),
    path("zaken/nieuw", sections.new, name="new"),
    path("zaken/nieuw/bewaren", saving.begin, name="begin"),
    path("zaken/lijst/<slug:which>/", lists.listing, name="list"),
    path("nulmeldingen/", nil_reports.overview, name="nil_reports"),
    path("middelen/zoeken/", picker.suggest, name="suggest"),
    path("vragen/", lists.questions, name="questions"),
    _of_case("", sections.task_list, "case"),
    _of_case("controleren/", submitting.check, "check"),
    _of_case("bevestiging/", submitting.confirmation, "confirmation"),
    _of_case("<slug:page>/eerder-concept/", earlier_drafts.choose, "earlier_draft"),
    _of_case("intrekken/", submitting.withdraw, "withdraw"),
    _of_case("heropening/", reopening.ask, "ask_reopening"),
    _of_case("pdf/", printing.pdf, "pdf"),
    _of_case("geschiedenis/", history.history, "history"),
    _of_case("vragen/<uuid:query_id>/", questions.question, "question"),
    _of_case("verwijderen/<slug:kind>/<uuid:row_id>/", removing.remove, "remove"),
    _of_case("toxicologie/aanvraag/", toxicology_forms.further_request, "further_request"),
    _of_case("toxicologie/bevindingen/", toxicology_findings.findings, "tox_findings"),
    _of_case("opnieuw-indienen/", resubmitting.resubmit, "resubmit"),
    _of_case("toxicologie/<uuid:request_id>/uitslagen/", laboratory.laboratory, "laboratory"),
    _of_case("toxicologie/<uuid:request_id>/", toxicology_forms.change_request, "request"),
    _of_case("toxicologie/<uuid:request_id>/monster/", toxicology_forms.add_sample, "sample"),
    _of_case("toxicologie/<uuid:request_id>/rapport/", toxicology_forms.report, "report"),
    _of_case("toxicologie/<uuid:request_id>/uitslag/", toxicology_forms.add_result, "result"),
    _of_case(
        "toxicologie/<uuid:request_id>/uitslag/<uuid:result_id>/", toxicology_forms.change_result, "change_result"
    ),
    _of_case("formulier/<slug:form>/<uuid:row_id>/bewaren", unfinished.keep, "keep"),
    _of_case("<slug:page>/terugzetten", restoring.restore, "restore"),
    _of_case("<slug:page>/bewaren", saving.save, "save"),
    _of_case("<slug:page>/", section, "section"),
]

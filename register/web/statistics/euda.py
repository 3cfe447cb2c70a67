"""The yearly return to the EU drugs agency, to download; or what has no place in it yet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from register.audit import Event
from register.reporting import euda
from register.reporting.published import Released
from register.web.language import active
from register.web.notes import looked
from register.web.statistics import figures
from register.web.statistics.door import for_readers


@require_safe
@for_readers
def workbook(request: HttpRequest, release: str) -> HttpResponse:
    """The workbook of a release, made from its published cells with the mapping of now."""
    found = figures.found_for(request, release)
    if found.retracted:
        return figures.gone(request, found)
    try:
        body = euda.workbook_of(found)
    except euda.UnmappedError as refused:
        return _refused(request, found, refused)
    except LookupError:
        raise Http404 from None
    looked(request, Event.EXPORT_DOWNLOAD, filters={"release": found.id, "table": "euda", "format": "xlsx"})
    response = HttpResponse(body, content_type=euda.KIND.media_type)
    response["Content-Disposition"] = f'attachment; filename="{euda.file_name(found)}"'
    return response


def _refused(request: HttpRequest, found: Released, refused: euda.UnmappedError) -> HttpResponse:
    looked(request, Event.STATS_READ, filters={"release": found.id})
    context = {
        "release": found,
        "url": reverse("statistics:published", args=[found.id]),
        "unmapped": [
            {"kind": one.kind, "code": one.code, "name": one.nl if active() == "nl" else one.en}
            for one in refused.unmapped
        ],
    }
    return render(request, "statistics/euda_refused.html", context, status=409)

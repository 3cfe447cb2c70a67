"""The page of parts: what a page of the register is built from, in every state. Only in a demonstration."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from register.web.gallery import samples


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every part, drawn by the templates that the pages use."""
    if not settings.DEMO:
        raise Http404
    return render(request, "gallery/gallery.html", samples.everything())

"""What every answer carries, whoever made it: pages, files, redirects and errors alike."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

NextStep = Callable[[HttpRequest], HttpResponseBase]

# Style sheets and published figures say themselves how long they may be kept; everything else is kept nowhere.
MAY_BE_KEPT = (settings.STATIC_URL, "/v1/")
FAILED = 400
METHODS = ("GET", "HEAD", "POST")
# Published figures can be read, and nothing can be sent there.
FIGURES, READING = "/v1/", ("GET", "HEAD")


class HeadersMiddleware:
    """Outside what makes answers: nothing that holds content is cached, and no other site may embed what is here."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code >= FAILED or not request.path.startswith(MAY_BE_KEPT):
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cache-Control", "no-store")
        for_every_site = response.headers.get("Access-Control-Allow-Origin") == "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if for_every_site else "same-origin"
        return response


class MethodsMiddleware:
    """Pages and interface are read and sent, and nothing else: TRACE would repeat what a browser keeps secret.

    Before any other hook asks about the view, and behind whoever notes what a signed-in person was refused.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """None for a method that the register knows."""
        if request.method in METHODS:
            return None
        return HttpResponseNotAllowed(READING if request.path.startswith(FIGURES) else METHODS)

"""What every resource of the API has in common: it can be read and nothing else, and each reading is noted."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from register.access import log_reading
from register.api.deprecation import Ending, announce
from register.api.limits import PerMinute
from register.api.problems import MEDIA_TYPE
from register.api.serializers import ProblemSerializer

REFUSED, FAULT = 400, 500
MEANINGS = {
    400: "Every fault of the request at once: `errors` names each parameter.",
    401: "No valid token: missing, expired or revoked. The detail says how to get a new one.",
    404: "Nothing is published at this address.",
    406: "None of the forms that Accept asks for.",
    409: "It cannot be made yet, and why.",
    410: "The release was retracted, and why.",
    412: "Not the bytes that If-Match asks for.",
    429: "Too many requests; Retry-After says after how many seconds to go on.",
}
NOT_MODIFIED = {304: OpenApiResponse(description="Unchanged since the ETag that was sent.")}


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """How refusals are described, with those that every address can give."""
    named = sorted({*statuses, 400, 401, 429})
    return {(one, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=MEANINGS[one]) for one in named}


class PathDecides(BaseContentNegotiation):
    """The address says which form is sent, whatever the Accept header asks for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Reading(APIView):
    """A resource that can be read and nothing else."""

    http_method_names = ["get", "head"]
    content_negotiation_class = PathDecides
    throttle_classes = (PerMinute,)
    # Set where the resource goes: its answers and the description say so.
    ending: Ending | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer, and note who read what before the answer leaves; what cannot be noted does not leave."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Exception:
            self._note(500, {})
            raise
        self._note(response.status_code, kwargs)
        if self.ending is not None:
            announce(response, self.ending)
        return response

    def _note(self, status: int, asked: Mapping[str, str]) -> None:
        request = self.request
        log_reading(
            getattr(request, "auth", None),
            outcome=_outcome(status),
            detail=str(status),
            # What an address names is known to be published only when it was found; else anybody can have typed it.
            filters=asked if status < REFUSED else {},
            peer=request.META.get("REMOTE_ADDR", ""),
            forwarded=request.headers.get("X-Forwarded-For", ""),
            agent=request.headers.get("User-Agent", ""),
        )

    def head(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = self.get(request, *args, **kwargs)  # type: ignore[attr-defined]
        response["Content-Length"] = str(len(response.content))
        response.content = b""
        return response


def _outcome(status: int) -> str:
    if status < REFUSED:
        return "ok"
    return "denied" if status < FAULT else "error"

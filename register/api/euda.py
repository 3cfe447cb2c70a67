"""The yearly return to the EU drugs agency, made from a release when it is asked for."""

from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiResponse, OpenApiTypes, extend_schema
from rest_framework.request import Request

from register.api import queries
from register.api.answers import changing
from register.api.problems import GoneError, NotReadyError
from register.api.queries import no_parameters
from register.api.readers import is_anybody
from register.api.reading import NOT_MODIFIED, Reading, problems
from register.api.sentences import Sentence
from register.reporting import euda, published


class EudaWorkbook(Reading):
    """The workbook of a release for the agency."""

    @extend_schema(
        operation_id="getEudaWorkbook",
        summary="ST5 and ST6 for the EU drugs agency, as a workbook",
        description="Made from the published cells with the template and the mapping of substances of now, so it may "
        "change while the release does not. Refused with a list while a substance has no place in it.",
        tags=("files",),
        parameters=[queries.RELEASE],
        responses={
            (200, euda.KIND.media_type): OpenApiResponse(OpenApiTypes.BINARY, description="The workbook."),
            **NOT_MODIFIED,
            **problems(404, 409, 410, 412),
        },
    )
    def get(self, request: Request, release: str) -> HttpResponse:
        no_parameters(request)
        found = published.release(release)
        if found is None or (is_anybody(request) and not found.public):
            raise Http404
        if found.retracted:
            raise GoneError(found.retraction_reason)
        try:
            body = euda.workbook_of(found)
        except euda.UnmappedError as refused:
            raise NotReadyError(_told(refused)) from None
        except LookupError:
            raise Http404 from None
        response = changing(request, body, media_type=euda.KIND.media_type)
        if response.status_code == 200:
            response["Content-Disposition"] = f'attachment; filename="{euda.file_name(found)}"'
        return response


def _told(refused: euda.UnmappedError) -> Sentence:
    listed = ", ".join(one.code for one in refused.unmapped)
    return Sentence(f"Geen plaats in het EUDA-werkboek hebben: {listed}.", f"No place in the workbook have: {listed}.")

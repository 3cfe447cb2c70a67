"""The published files: byte for byte what was stored and hashed when the release was published."""

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, OpenApiTypes, extend_schema
from rest_framework.request import Request

from register.api import again, queries
from register.api.answers import file_answer, redirect
from register.api.negotiation import chosen
from register.api.queries import no_parameters
from register.api.readers import is_anybody
from register.api.reading import NOT_MODIFIED, Reading, problems
from register.reporting import formats, published
from register.reporting.formats import Kind
from register.reporting.published import Found

FILES = ("files",)
TABLE = OpenApiParameter(
    "table",
    str,
    OpenApiParameter.PATH,
    description="Name of the table, such as `age-euda-sex`.",
    pattern="^[a-z0-9-]+$",
)
# The forms of the codebook; the first is the one for who asks for nothing in particular.
CODEBOOK_KINDS = tuple(formats.KINDS[key] for key in ("json", "html", "csv"))
# The forms of a table for who names none in the address, with the register's own for who does not care.
NEGOTIATED = (
    formats.KINDS["json"],
    *(kind for kind in formats.TABLE_KINDS if kind.key in ("csv", "sdmxcsv", "sdmxjson")),
)


def _bodies(kinds: Sequence[Kind]) -> dict[tuple[int, str], OpenApiResponse]:
    """How the files of these forms are described: by media type."""
    types = dict.fromkeys(kind.media_type.split("; ")[0] for kind in kinds)
    return {(200, one): OpenApiResponse(_shape(one), description="The file, as it was stored.") for one in types}


def _shape(media_type: str) -> OpenApiTypes:
    essence = media_type.split(";")[0]
    if essence.endswith("json"):
        return OpenApiTypes.OBJECT
    return OpenApiTypes.BINARY if "spreadsheet" in essence else OpenApiTypes.STR


class Manifest(Reading):
    """The manifest of a release."""

    @extend_schema(
        operation_id="getManifest",
        summary="Manifest: every file of the release with its size and SHA-256",
        description="The hash of the manifest itself stands in the release.",
        tags=FILES,
        parameters=[queries.RELEASE],
        responses={**_bodies([formats.KINDS["json"]]), **NOT_MODIFIED, **problems(404, 412)},
    )
    def get(self, request: Request, release: str) -> HttpResponse:
        no_parameters(request)
        return file_answer(request, _found(request, release, formats.MANIFEST, "json").kept())


class Table(Reading):
    """One table, in the form that the Accept header asks for."""

    @extend_schema(
        operation_id="negotiateTable",
        summary="Redirect to a table in the form that Accept asks for",
        description="For clients that name a media type, as those of SDMX do; JSON for those that name none.",
        tags=FILES,
        parameters=[queries.RELEASE, TABLE],
        responses={302: OpenApiResponse(description="The address of the file."), **problems(404, 406, 410)},
    )
    def get(self, request: Request, release: str, table: str) -> HttpResponse:
        no_parameters(request)
        kind = chosen(request.headers.get("Accept", ""), NEGOTIATED)
        found = _found(request, release, table, kind.key)
        return redirect(request, reverse("api:table", args=[found.release, table, kind.suffix]))


class TableFile(Reading):
    """One table as a file."""

    @extend_schema(
        operation_id="getTable",
        summary="A table of a release, byte for byte as it was published",
        description="The suffix says the form: " + ", ".join(f"`.{kind.suffix}`" for kind in formats.TABLE_KINDS) + ".",
        tags=FILES,
        parameters=[
            queries.RELEASE,
            TABLE,
            OpenApiParameter(
                "extension",
                str,
                OpenApiParameter.PATH,
                enum=[kind.suffix for kind in formats.TABLE_KINDS],
                description="The form of the file.",
            ),
        ],
        responses={**_bodies(formats.TABLE_KINDS), **NOT_MODIFIED, **problems(404, 410, 412)},
    )
    def get(self, request: Request, release: str, table: str, extension: str) -> HttpResponse:
        no_parameters(request)
        if table in formats.WHOLE:
            raise Http404
        return _file(request, _found(request, release, table, _key(extension)), self.kwargs)


class WholeFile(Reading):
    """A file about a whole release: the workbook, the data package, the codebook."""

    @extend_schema(
        operation_id="getReleaseFile",
        summary="A file about a whole release: workbook, data package or codebook",
        description="`workbook.xlsx`, `datapackage.json`, `codebook.html`, `codebook.csv`, `codebook.json`.",
        tags=FILES,
        parameters=[
            queries.RELEASE,
            OpenApiParameter(
                "name",
                str,
                OpenApiParameter.PATH,
                enum=[name for name in formats.WHOLE if name != formats.MANIFEST],
                description="What the file is.",
            ),
            OpenApiParameter(
                "extension",
                str,
                OpenApiParameter.PATH,
                enum=["xlsx", "json", "html", "csv"],
                description="The form of the file.",
            ),
        ],
        responses={
            **_bodies([formats.KINDS[key] for key in ("xlsx", "json", "html", "csv")]),
            **NOT_MODIFIED,
            **problems(404, 410, 412),
        },
    )
    def get(self, request: Request, release: str, name: str, extension: str) -> HttpResponse:
        no_parameters(request)
        if name not in formats.WHOLE or name == formats.MANIFEST:
            raise Http404
        return _file(request, _found(request, release, name, _key(extension)), self.kwargs)


class Codebook(Reading):
    """The codebook of the newest release."""

    @extend_schema(
        operation_id="getCodebook",
        summary="Redirect to the codebook of the newest release",
        description="In JSON, or in HTML or CSV for who asks for that in Accept.",
        tags=FILES,
        responses={302: OpenApiResponse(description="The address of the codebook."), **problems(404, 406)},
    )
    def get(self, request: Request) -> HttpResponse:
        no_parameters(request)
        kind = chosen(request.headers.get("Accept", ""), CODEBOOK_KINDS)
        newest = published.latest(public=is_anybody(request))
        if newest is None:
            raise Http404
        _found(request, newest, formats.CODEBOOK, kind.key)
        return redirect(request, reverse("api:whole", args=[newest, formats.CODEBOOK, kind.suffix]))


def _file(request: Request, found: Found, asked: Mapping[str, str]) -> HttpResponse:
    """The file, which is remembered for who comes again."""
    response = file_answer(request, found)
    again.remember_file(request, found, asked)
    return response


def _key(suffix: str) -> str:
    """The key of the form with this suffix, when there is one."""
    try:
        return formats.SUFFIXES[suffix]
    except KeyError:
        raise Http404 from None


def _found(request: Request, release: str, name: str, key: str) -> Found:
    """The file, when there is one that is for whoever asks."""
    found = published.find(release, name, key)
    if found is None or (is_anybody(request) and not found.public):
        raise Http404
    return found

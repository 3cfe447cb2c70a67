"""The OpenAPI document: what the generator cannot see by itself."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class TokenScheme(OpenApiAuthenticationExtension):
    """How the document names the token."""

    target_class = "register.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A read-only token of an organisation. It expires and can be revoked.",
        }


class Schema(AutoSchema):
    """How a resource is described: also that it goes."""

    def is_deprecated(self) -> bool:
        return getattr(self.view, "ending", None) is not None


HEADERS = {
    "API-Version": "The full version of the API.",
    "ETag": "The tag of these bytes, to send back as If-None-Match or If-Match.",
    "Content-Digest": "The SHA-256 of the content (RFC 9530), on files.",
    "Link": "The next and the previous page (RFC 8288), on lists.",
    "Location": "The address to go on to.",
    "Retry-After": "After how many seconds to go on.",
}
# What an answer of a status has besides the version.
OF_STATUS = {
    "200": ("ETag", "Content-Digest", "Link"),
    "302": ("Location",),
    "304": ("ETag",),
    "429": ("Retry-After",),
}


def with_headers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Name the headers of each answer, which the generator cannot see."""
    components = result.setdefault("components", {})
    components["headers"] = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in HEADERS.items()
    }
    for status, response in _responses(result):
        names = ("API-Version", *OF_STATUS.get(status, ()))
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return result


def _responses(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in result["paths"].values():
        for operation in path.values():
            yield from operation["responses"].items()

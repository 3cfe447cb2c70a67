"""Who asks: an organisation with a token that expires and can be revoked. The token travels in a header only."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from register.access import organisation_of
from register.api.problems import UNAUTHORISED

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: Request) -> tuple[None, Any] | None:
        """The token of this request; None when there is no Authorization header. Raises AuthenticationFailed."""
        header = get_authorization_header(request).split()
        if not header:
            return None
        if len(header) != 2 or header[0].lower() != SCHEME.lower().encode():
            raise AuthenticationFailed(UNAUTHORISED)
        token = organisation_of(header[1].decode("latin-1"), now=timezone.now())
        if token is None:
            raise AuthenticationFailed(UNAUTHORISED)
        return None, token

    def authenticate_header(self, request: HttpRequest) -> str:
        return f'{SCHEME} realm="register"'


class HasToken(BasePermission):
    """Only with a valid token."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.auth is not None


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API description names the token."""

    target_class = "register.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A read-only token of an organisation. It expires and can be revoked.",
        }

"""Who asks: an organisation with a token that expires and can be revoked. The token travels in a header only."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from register.access import organisation_of
from register.api import again
from register.api.problems import UNAUTHORISED

if TYPE_CHECKING:  # the framework imports this module while it imports its views
    from rest_framework.views import APIView

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: Request) -> tuple[None, Any] | None:
        """The token of this request; None when there is no Authorization header. Raises AuthenticationFailed."""
        header = request.headers.get("Authorization", "").split()
        if not header:
            return None
        if len(header) != 2 or header[0].lower() != SCHEME.lower():
            raise AuthenticationFailed(UNAUTHORISED)
        token = organisation_of(header[1], now=timezone.now())
        if token is None:
            raise AuthenticationFailed(UNAUTHORISED)
        again.remember_token(header[1], token.pk)
        return None, token

    def authenticate_header(self, request: HttpRequest) -> str:
        return f'{SCHEME} realm="register"'


class MayRead(BasePermission):
    """With a valid token; for everybody where the deployment opens its figures, and then of what is for everybody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return request.auth is not None or settings.PUBLIC_FIGURES

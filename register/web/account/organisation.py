"""The login of a hospital or GGD (OpenID Connect): there and back, and what is believed of what comes back.

django-allauth walks the road (discovery, code with PKCE, state). It trusts a token that it fetched itself without
looking at its signature and knows no nonce; the register looks at both, and believes nothing but the signed token.
"""

import secrets
from hmac import compare_digest
from typing import Any

import jwt
from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from register.audit import Event, acting_as, log_access
from register.web.account import destination, proof
from register.web.account.checking import SYSTEM

NONCE = "organisation_nonce"
# Signatures with a key that the organisation alone holds; "none" and shared secrets are no signature.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
DEMANDED = ("iss", "aud", "exp", "iat", "sub", "nonce")
LEEWAY = 30  # seconds that clocks may differ


class SignedTokenAdapter(OpenIDConnectOAuth2Adapter):
    """Believes the signed identity token, and nothing else."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """What the token says, as a login that is not yet anybody's."""
        try:
            claims = self._claims(app, kwargs["response"]["id_token"])
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the identity token does not hold") from error
        request.organisation_claims = claims  # type: ignore[attr-defined]
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.account.extra_data = {}  # who somebody is elsewhere is not kept here
        return login

    def _claims(self, app: Any, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        if config["issuer"].rstrip("/") != app.settings["server_url"]:
            raise ValueError("the issuer is not the one of the settings")
        with get_adapter().get_requests_session() as session:
            keys = jwt.PyJWKSet.from_dict(session.get(config["jwks_uri"]).json())
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=keys[jwt.get_unverified_header(id_token)["kid"]],
            algorithms=ALGORITHMS,
            audience=app.client_id,
            issuer=config["issuer"],
            leeway=LEEWAY,
            options={"require": list(DEMANDED)},
        )
        if claims.get("azp", app.client_id) != app.client_id:
            raise ValueError("the token was made for somebody else")
        if not compare_digest(str(claims["nonce"]), str(self.request.session.pop(NONCE, secrets.token_hex()))):
            raise ValueError("the token answers another question")
        return claims


def configured() -> list[dict[str, Any]]:
    """The organisations of the settings."""
    return list(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def choices() -> list[dict[str, str]]:
    """The organisations whose people can come in by their own login."""
    return [{"name": app["name"], "url": reverse("organisation", args=[app["provider_id"]])} for app in configured()]


@require_safe
@never_cache
@login_not_required
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the organisation's own login. A link and not a form: the policy for content lets no form lead elsewhere."""
    found = _provider(request, provider_id)
    if request.user.is_authenticated:
        logout(request)
    nonce = request.session[NONCE] = secrets.token_urlsafe(32)
    try:
        response: HttpResponse = found.redirect(
            request,
            process=AuthProcess.LOGIN,
            next_url=destination.wanted(request) or reverse("home"),
            auth_params={"nonce": nonce},
            scope=found.app.settings["scope"],
        )
    except RequestException:
        return failed(request, found)
    return response


@require_safe
@never_cache
@login_not_required
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Come back from the organisation's own login."""
    found = _provider(request, provider_id)
    view = OAuth2CallbackView.adapter_view(SignedTokenAdapter(request, provider_id))
    try:
        with acting_as(SYSTEM):
            response: HttpResponseBase = view(request)
    except RequestException:
        return failed(request, found)
    return response


def refused(request: HttpRequest) -> HttpResponse:
    """403: somebody without an account here, or whose account ended; the page does not tell which."""
    _note()
    return render(request, "account/organisation_refused.html", status=403)


def failed(request: HttpRequest, provider: Any) -> HttpResponse:
    """The organisation's login cannot be reached, was broken off, or sent what does not hold."""
    _note()
    return render(request, "account/organisation_failed.html", {"name": provider.name}, status=403)


def claims_of(request: HttpRequest) -> dict[str, Any]:
    """What the signed token of this request says."""
    return request.organisation_claims  # type: ignore[attr-defined]


def says_two_factors(claims: dict[str, Any], app: Any) -> bool:
    """Whether the organisation says, in words that the settings accept, that it asked for a second factor."""
    methods = claims.get("amr")
    said = {*(methods if isinstance(methods, list) else ()), claims.get("acr")}
    return any(word in said for word in app.settings["second_factor"])


def counts_twice(request: HttpRequest, person: Any) -> bool:
    """Whether the way this person came in holds a second factor of the organisation."""
    return any(
        (proven["method"], proven.get("type")) == (proof.SECOND_FACTOR, "organisation")
        for proven in get_authentication_records(request, person)
    )


def _provider(request: HttpRequest, provider_id: str) -> Any:
    if all(app["provider_id"] != provider_id for app in configured()):
        raise Http404
    return get_adapter(request).get_provider(request, provider_id)


def _note() -> None:
    with acting_as(SYSTEM):
        log_access(Event.LOGIN_FAILED, object_type="session", outcome="denied")

"""Logins of hospitals and GGDs as the environment describes them."""

from typing import Any

from config.env import Environment


def organisations(variables: Environment) -> list[dict[str, Any]]:
    """One entry for each name in ``OIDC_PROVIDERS``, in the shape that django-allauth asks.

    ``OIDC_PROVIDERS=amc,ggd-zuid`` is followed by ``OIDC_AMC_NAME``, ``OIDC_AMC_ISSUER``, ``OIDC_AMC_CLIENT_ID`` and
    ``OIDC_AMC_CLIENT_SECRET``; for ``ggd-zuid`` the names begin with ``OIDC_GGD_ZUID_``.
    """
    return [_organisation(variables, name) for name in _words(variables.text("OIDC_PROVIDERS", default=""))]


def _organisation(variables: Environment, name: str) -> dict[str, Any]:
    prefix = f"OIDC_{name.upper().replace('-', '_')}_"
    return {
        "provider_id": name,
        "name": variables.text(f"{prefix}NAME", default=name),
        "client_id": variables.required_text(f"{prefix}CLIENT_ID"),
        "secret": variables.required_text(f"{prefix}CLIENT_SECRET"),
        "settings": {
            "server_url": variables.url(f"{prefix}ISSUER").rstrip("/"),
            # Who somebody is comes from the signed token alone.
            "fetch_userinfo": False,
            "scope": ["openid", "email"],
            # Values of amr or acr that count as a second factor; none unless somebody says so.
            "second_factor": _words(variables.text(f"{prefix}SECOND_FACTOR", default="")),
            # Domains for which this organisation may say whose address it is; none unless somebody says so.
            "email_domains": [word.lower() for word in _words(variables.text(f"{prefix}EMAIL_DOMAINS", default=""))],
        },
    }


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]

"""The register on a server behind TLS."""

from config.settings.base import *  # noqa: F403

# Invitations must arrive, from an address that people can trust.
PUBLIC_URL = env.url("PUBLIC_URL")  # noqa: F405
EMAIL_HOST = env.required_text("EMAIL_HOST")  # noqa: F405
DEFAULT_FROM_EMAIL = env.required_text("EMAIL_FROM")  # noqa: F405
FACTOR_KEYS = env.required_keys("FACTOR_KEYS")  # noqa: F405

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"

"""How people sign in: one door, two factors, sessions that end. Why it is so: docs/adr/0012."""

from typing import Any

from config.env import env
from config.settings.organisations import organisations

AUTH_USER_MODEL = "register.User"
AUTHENTICATION_BACKENDS = ["register.web.account.backend.PersonBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# Sessions lie in a table of the register's own, which knows whose they are. Idle for a quarter of an hour ends one,
# so does the browser that closes, and half a day ends it whatever happens.
SESSION_ENGINE = "register.access.sessions"
SESSION_COOKIE_AGE = 15 * 60
SESSION_ABSOLUTE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# Keys for the seeds of second factors: "name:secret", the first seals, all of them open. None has a default here.
FACTOR_KEYS = env.keys("FACTOR_KEYS")

ACCOUNT_ADAPTER = "register.web.account.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
# The library counts in a cache that forgets; register.access.limits counts in the database instead.
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "register.web.account.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TRUST_ENABLED = False
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "register.web.account.adapters.OrganisationAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": organisations(env)}
}
# Proxies in front of the web server that write X-Forwarded-For; without one the header is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", default=0, maximum=9)

"""Settings that every deployment shares. Only config reads the environment."""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE

from config.env import env
from config.logging import LOGGING as LOGGING
from config.settings.login import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Which register this is, as each event in the access log names its source.
SOURCE = env.text("REGISTER_INSTANCE", default="register")
STATE_DIR = Path(env.text("STATE_DIR", default=str(BASE_DIR / ".local")))

# How many proxies of our own stand before the web server: only what they say of a client's address is believed.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0, maximum=9)

DEBUG = False
DEMO = env.flag("DEMO", default=False)
SECRET_KEY = env.required_text("SECRET_KEY")
ALLOWED_HOSTS = [host for host in env.text("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "simple_history",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "register",
]

MIDDLEWARE = [
    "register.api.again.RememberMiddleware",
    "register.web.headers.HeadersMiddleware",
    "register.api.middleware.ApiVersionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "register.web.headers.MethodsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "register.web.account.middleware.SessionLifeMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "register.web.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "register.web.account.middleware.DoorMiddleware",
    "register.web.middleware.ActorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "register.web.context.register",
            ],
            "libraries": {"parts": "register.web.templatetags.parts"},
        },
    },
]

# Three roles: the owner migrates, the app has no DDL, the statistics role reads the schema pub and nothing else.
APP_SEARCH_PATH = {"options": "-c search_path=public,pub"}
# What is sent by ``register.models.planned`` is planned once by each connection, from the third time on.
PLANNED = {"prepare_threshold": 2}
STATS_SESSION = {"options": "-c search_path=pub -c default_transaction_read_only=on -c statement_timeout=2000"}
# A thread keeps its connections for a minute, because opening one costs more than most requests; each is tried before
# its first use in a request. Who acts is told to each transaction and ends with it (ADR 0003): nothing is inherited.
KEPT_CONNECTION = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES = {
    "default": {**env.database("DATABASE_URL", options={**APP_SEARCH_PATH, **PLANNED}), **KEPT_CONNECTION},
    "stats": {**env.database("DATABASE_STATS_URL", options=STATS_SESSION), **KEPT_CONNECTION},
}
# Told only to the process that needs it: the owner's address to what migrates, the viewer's to the web server (the
# privacy officer's pages), the keeper's to what seals, verifies and dumps.
if env.text("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = env.database("DATABASE_OWNER_URL", options=APP_SEARCH_PATH)
TRAIL_SESSION = {"options": "-c search_path=audit,public,pub -c default_transaction_read_only=on"}
if env.text("DATABASE_VIEWER_URL", default=""):
    # Values go beside the statement, because answers come as bytes only then (register/audit/reading.py).
    DATABASES["viewer"] = env.database("DATABASE_VIEWER_URL", options={**TRAIL_SESSION, "server_side_binding": True})
if env.text("DATABASE_KEEPER_URL", default=""):
    DATABASES["keeper"] = env.database("DATABASE_KEEPER_URL", options={"options": "-c search_path=audit,public,pub"})
# The anchor belongs on another host, in storage that only grows; the signing key is the keeper's alone.
TRAIL_ANCHOR = Path(env.text("TRAIL_ANCHOR", default=str(STATE_DIR / "trail" / "anchor.txt")))
TRAIL_SIGNING_KEY = Path(env.text("TRAIL_SIGNING_KEY", default=str(STATE_DIR / "trail" / "signing-key.pem")))
TRAIL_TRUSTED_KEYS = Path(env.text("TRAIL_TRUSTED_KEYS", default=str(STATE_DIR / "trail" / "trusted-keys.pem")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CSRF_FAILURE_VIEW = "register.web.errors.csrf_failure"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PARTS = (
    *("common", "account", "physician", "register_desk", "statistics", "admin_desk", "privacy_desk"),
    *("autosave", "desk", "picker", "toxicology", "review", "register_data", "register_rules"),
    *("formats", "release_life", "over_time", "sharing", "emergency"),
)
LOCALE_PATHS = [BASE_DIR / "locale" / part for part in LOCALE_PARTS]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# Under which address people reach the register; links in mail begin with it.
PUBLIC_URL = env.url("PUBLIC_URL", default="http://localhost:8000")
# Without a mail server a mail is a file that the operator can open: enough for a demonstration.
EMAIL_HOST = env.text("EMAIL_HOST", default="")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = STATE_DIR / "mail"
EMAIL_PORT = env.number("EMAIL_PORT", default=587, minimum=1, maximum=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", default=False)
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", default="register@register.example")

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# The limit above leaves files out, and no page takes one.
FILE_UPLOAD_HANDLERS = ["register.web.uploads.NoFiles"]
# Messages stay on the server: a cookie holds no word about a case.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        # A script runs only when the page itself names it with its nonce: a file that somebody managed to put among
        # ours does not.
        "script-src": [NONCE],
        "style-src": ["'self'", NONCE],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "report-uri": ["/csp-melding/"],
    }
}
# What no page of the register needs of a browser; passkeys are its own.
NOT_NEEDED = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope magnetometer "
    "microphone midi payment picture-in-picture screen-wake-lock serial usb xr-spatial-tracking"
)
PERMISSIONS_POLICY: dict[str, list[str]] = {
    **{feature: [] for feature in NOT_NEEDED.split()},
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
}

SIMPLE_HISTORY_REVERT_DISABLED = True

# Work survives a killed worker: late acknowledgement, and unacknowledged messages come back within seconds.
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", default="")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BEAT_SCHEDULE = {
    # The outbox trusts that a relay which waited longer than ten seconds in the queue does not run (ADR 0016).
    "relay-outbox": {"task": "register.relay_outbox", "schedule": 10.0, "options": {"expires": 10}},
    # The queue of the keeper, a worker of its own: nobody else has the keys of the trail.
    "seal-trail": {"task": "register.seal_trail", "schedule": 60.0, "options": {"queue": "trail", "expires": 60}},
    "verify-trail": {
        "task": "register.verify_trail",
        "schedule": crontab(hour=3, minute=10),
        "options": {"queue": "trail", "expires": 6 * 60 * 60},
    },
    "heartbeat": {"task": "register.heartbeat", "schedule": 60.0, "options": {"expires": 60}},
    "ask-by-rule": {
        "task": "register.ask_by_rule",
        "schedule": crontab(hour=7, minute=15),
        "options": {"expires": 12 * 60 * 60},
    },
    "remind-of-questions": {
        "task": "register.remind_of_questions",
        "schedule": crontab(hour=7, minute=30),
        "options": {"expires": 12 * 60 * 60},
    },
    "escalate-emergencies": {
        "task": "register.escalate_emergencies",
        "schedule": crontab(hour=7, minute=45),
        "options": {"expires": 12 * 60 * 60},
    },
    "forget-saves": {"task": "register.forget_saves", "schedule": 3600.0, "options": {"expires": 3600}},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["register.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["register.api.authentication.MayRead"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "register.api.problems.problem_response",
    "DEFAULT_SCHEMA_CLASS": "register.api.description.Schema",
    "UNAUTHENTICATED_USER": None,
}
API_VERSION = "1.3.0"
# Whether releases may be for everybody, each as it says itself, or all for organisations with a token. The files are
# the same.
PUBLIC_FIGURES = env.flag("PUBLIC_FIGURES", default=False)
# Messages to organisations go to the internet over TLS; in a demonstration also to this machine itself.
WEBHOOKS_TO_LOOPBACK = DEMO
API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", default=600, minimum=1)
SPECTACULAR_SETTINGS = {
    "TITLE": "Register drugsgerelateerde sterfte",
    "DESCRIPTION": "Published, protected statistics of drug-related deaths. No other data leave the register.",
    "VERSION": API_VERSION,
    "CONTACT": {"name": "Register drugsgerelateerde sterfte", "url": PUBLIC_URL, "email": DEFAULT_FROM_EMAIL},
    "SERVERS": [{"url": f"{PUBLIC_URL}/v1", "description": "This deployment"}],
    "EXTERNAL_DOCS": {"url": f"{PUBLIC_URL}/v1/codebook", "description": "The codebook of the newest release"},
    "LICENSE": {"name": "EUPL-1.2", "url": "https://spdx.org/licenses/EUPL-1.2.html"},
    "TAGS": [
        {"name": "catalog", "description": "All releases as data sets"},
        {"name": "files", "description": "The files of a release, which never change"},
        {"name": "releases", "description": "What was published, newest first"},
    ],
    # The addresses of the description begin behind the major version, which stands in that of the server.
    "SCHEMA_PATH_PREFIX": "/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "register.api.description.with_headers",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

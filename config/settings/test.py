"""Settings of the test suite: real PostgreSQL with real roles, cheap password hashes, no collected static files."""

import json
import os

# Each worker of a run has servers of its own: seals wait for every transaction of a cluster, and a broker is emptied.
# Told once, because a program that a test starts is told where its database is.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ.update(json.loads(os.environ.pop("REGISTER_TEST_SERVERS", "{}")).get(worker, {}))

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from config.settings.base import *  # noqa: F403

DEMO = True
WEBHOOKS_TO_LOOPBACK = True
PUBLIC_URL = "http://localhost:8000"
FACTOR_KEYS = (("new", "only-for-tests-" + "n" * 32), ("old", "only-for-tests-" + "o" * 32))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True

"""Settings of a worker whose broker hands out again what is not acknowledged within ten seconds."""

from config.settings.test import *  # noqa: F403

CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "visibility_timeout": 10}  # noqa: F405

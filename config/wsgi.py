"""WSGI entry point: Django's application, and around it what answers whoever fetches the same file again."""

import os

from django.core.wsgi import get_wsgi_application

from config.start import refuse_when_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

usual = get_wsgi_application()
refuse_when_unsafe()

from register.api.again import Again  # noqa: E402 - its module needs the applications that were just loaded

application = Again(usual)

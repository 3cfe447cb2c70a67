"""The one Django app of the register."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register


class RegisterConfig(AppConfig):
    name = "register"
    verbose_name = "Register"

    def ready(self) -> None:
        # The outbox publishes through Celery's current app, which must be the configured one in every process.
        import_module("config.celery")
        register(import_module("config.checks").unsafe_settings, Tags.security)
        register(import_module("register.audit.checks").unsafe_rights, Tags.database)

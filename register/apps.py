"""The one Django app of the register."""

from importlib import import_module

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "register"
    verbose_name = "Register"

    def ready(self) -> None:
        # The outbox publishes through Celery's current app, which must be the configured one in every process.
        import_module("config.celery")

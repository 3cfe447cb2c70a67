"""Typed reading of the environment: the only place that knows what a variable must look like.

A missing or broken value raises ``ImproperlyConfigured`` with one sentence that says how to fix it. The sentence never
repeats the value, because a value may be a password.
"""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# What to do about each variable the register knows, as the end of the sentence.
REMEDIES = {
    "DATABASE_URL": "set it to postgresql://register_app:PASSWORD@HOST:5432/register, or use `make run`",
    "DATABASE_OWNER_URL": "set it to the address of the role register_owner, or use `make run`",
    "DATABASE_STATS_URL": "set it to the address of the role register_stats, or use `make run`",
    "DATABASE_VIEWER_URL": "set it to the address of the role register_viewer, or use `make run`",
    "DATABASE_KEEPER_URL": "set it to the address of the role register_keeper, or use `make run`",
    "CELERY_BROKER_URL": "set it to redis://HOST:6379/0, redis+socket:///PATH or amqp://USER:PASSWORD@HOST:5672//",
    "PUBLIC_URL": "set it to the address under which people reach the register, such as https://register.example",
    "EMAIL_HOST": "set it to the name of the mail server that sends invitations",
    "EMAIL_FROM": "set it to the address from which invitations are sent",
    "FACTOR_KEYS": "set it to NAME:SECRET with 32 or more random characters, an older pair behind a comma",
    "SECRET_KEY": "set it to 50 or more random characters that only this deployment knows",
}
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})
SECRET_LENGTH = 32
POSTGRESQL = frozenset({"postgresql", "postgres"})


class Environment:
    """Typed answers from a mapping of variable names to text; an empty variable counts as not set."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str, *, default: str) -> str:
        """The value without surrounding white space, or the default."""
        return self._variables.get(name, "").strip() or default

    def required_text(self, name: str) -> str:
        """The value without surrounding white space.

        :raises ImproperlyConfigured: when the variable is missing or empty.
        """
        value = self.text(name, default="")
        if not value:
            raise ImproperlyConfigured(f"{name} is not set: {_remedy(name, 'give it a value')}.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """True for 1, true, yes, on; False for 0, false, no, off; in any case of letters."""
        value = self.text(name, default="").lower()
        if not value:
            return default
        if value in YES:
            return True
        if value in NO:
            return False
        raise ImproperlyConfigured(f"{name} is neither yes nor no: set it to 1 or 0.")

    def number(self, name: str, *, default: int, minimum: int = 0, maximum: int | None = None) -> int:
        """A whole number from minimum up to and including maximum."""
        value = self.text(name, default="")
        if not value:
            return default
        span = f"from {minimum} to {maximum}" if maximum is not None else f"of {minimum} or more"
        if not (value.isascii() and value.isdigit() and len(value) <= 18):
            raise ImproperlyConfigured(f"{name} is not a whole number: set it to a number {span}.")
        number = int(value)
        if number < minimum or (maximum is not None and number > maximum):
            raise ImproperlyConfigured(f"{name} is out of range: set it to a number {span}.")
        return number

    def url(self, name: str, *, default: str | None = None) -> str:
        """An address with a scheme and a host or a path (``redis+socket:///run/valkey.sock`` has no host)."""
        value = self.required_text(name) if default is None else self.text(name, default=default)
        if value:
            _split(name, value)
        return value

    def keys(self, name: str) -> tuple[tuple[str, str], ...]:
        """Named secrets, ``2027a:SECRET,2026b:OLDER SECRET``; empty when the variable is not set."""
        pairs = [pair.strip().partition(":") for pair in self.text(name, default="").split(",") if pair.strip()]
        if not all(key.isalnum() and len(secret) >= SECRET_LENGTH for key, _, secret in pairs):
            raise ImproperlyConfigured(f"{name} is not a list of named secrets: {_remedy(name, 'correct it')}.")
        return tuple((key, secret) for key, _, secret in pairs)

    def required_keys(self, name: str) -> tuple[tuple[str, str], ...]:
        """Named secrets, at least one of them."""
        self.required_text(name)
        return self.keys(name)

    def database(self, name: str, *, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """An entry of Django's ``DATABASES`` from ``postgresql://user:password@host:port/name?sslmode=require``.

        What stands behind the question mark is passed to libpq; ``options`` of the same name win. A host that is a
        directory (the folder of a Unix socket) is written percent-encoded or as ``?host=/run/postgresql``.

        :raises ImproperlyConfigured: when the variable is missing, or is not the address of a PostgreSQL database.
        """
        parts = _split(name, self.required_text(name))
        if parts.scheme not in POSTGRESQL:
            raise ImproperlyConfigured(
                f"{name} is not the address of a PostgreSQL database: {_remedy(name, 'start it with postgresql://')}."
            )
        database = unquote(parts.path.removeprefix("/"))
        if not database or "/" in database:
            raise ImproperlyConfigured(f"{name} does not name one database: end it with /register.")
        parameters: dict[str, Any] = dict(parse_qsl(parts.query))
        host = parameters.pop("host", None) or unquote(parts.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "OPTIONS": {**parameters, **(options or {})},
        }


def _remedy(name: str, otherwise: str) -> str:
    return REMEDIES.get(name, otherwise)


def _split(name: str, value: str) -> SplitResult:
    """The parts of an address; urlsplit reads the port late, so it is read here."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is not an address (is the port a number from 1 to 65535?): {_remedy(name, 'correct it')}."
        ) from None
    if not parts.scheme or not (parts.netloc or parts.path.strip("/")):
        raise ImproperlyConfigured(f"{name} is not an address: {_remedy(name, 'write it as scheme://host/path')}.")
    return parts


env = Environment(os.environ)

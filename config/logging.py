"""What the register writes in its logs: one line of JSON for each event, without anything that somebody typed.

The words of an exception, the path of a request and the arguments of a library's message may hold what a person typed,
so none of them is written. What stands in a line: when, how bad, who says it (a part of the program), the words that
stand in the program itself, the kind of error with the places in the code it passed, the status of the answer, the
name of the page, and the trace, which is also that of the access log and the trail. Only the register's own modules
may fill in words, and those fill in keys and kinds.
"""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

OURS = ("register.", "config.")
# What a library may fill in: the name of a task, the key of its message, how long it took.
HARMLESS = frozenset({"name", "id", "runtime"})
LEFT_OUT = "…"


class Line(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": event_of(record),
            "source": f"{record.module}:{record.lineno}",
            "process": record.process,
        }
        line |= {name: value for name, value in _of_the_request(record).items() if value}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["passed"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def event_of(record: logging.LogRecord) -> str:
    """The words of a record without what was filled in; a text that was put together before is left out whole."""
    if record.name.startswith(OURS):
        return record.getMessage()
    words = str(record.msg)
    if isinstance(record.args, Mapping) and record.args:
        return _filled(words, record.args)
    says_something = any(letter.isalpha() for letter in words.replace("%s", ""))
    return words if record.args and says_something else LEFT_OUT


def _filled(words: str, values: Mapping[str, object]) -> str:
    known = {name: value for name, value in values.items() if name in HARMLESS}
    try:
        return words % _Known(known)
    except (TypeError, ValueError):
        return words


class _Known(dict[str, Any]):
    """Values by name; one that is not known is left out."""

    def __missing__(self, name: str) -> str:
        return LEFT_OUT


def _of_the_request(record: logging.LogRecord) -> dict[str, Any]:
    """Status and page of the request that the record is about, and the trace of whoever acts."""
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    return {
        "status": getattr(record, "status_code", None),
        "page": getattr(match, "view_name", None),
        "trace": _trace(),
    }


def _trace() -> str:
    """The trace of the current actor. The models may not be loaded yet, and must not be loaded by a log line."""
    actors = sys.modules.get("register.models.actor")
    actor = actors.current.get() if actors else None
    return str(actor.trace) if actor else ""


def _places(trace: TracebackType | None) -> list[str]:
    """Where an error passed: module, line and function, the innermost last."""
    return [
        f"{frame.f_globals.get('__name__', '?')}:{number} {frame.f_code.co_name}"
        for frame, number in traceback.walk_tb(trace)
    ][-12:]


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logging.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "register": {"level": "INFO"},
        "celery": {"level": "INFO", "handlers": [], "propagate": True},
        # Without its own handlers Django sends no mail about errors: a mail would hold the request.
        "django": {"level": "WARNING", "handlers": [], "propagate": True},
        "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}

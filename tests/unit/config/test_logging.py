"""A line in the log says where and what kind, and never what somebody typed."""

import json
import logging
import sys
from typing import Any

import pytest

from config.logging import Line

TYPED = "KANARIE"


def _line(name: str, message: str, *args: Any, error: bool = False, **extra: Any) -> dict[str, Any]:
    record = logging.getLogger(name).makeRecord(
        name, logging.ERROR, __file__, 1, message, args, sys.exc_info() if error else None, extra=extra
    )
    text = Line().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


def test_the_register_s_own_modules_fill_in_keys_and_kinds() -> None:
    assert _line("register.outbox.queue", "message %s stays", "4711")["event"] == "message 4711 stays"


@pytest.mark.parametrize(
    ("name", "message", "args"),
    [
        ("django.request", "%s: %s", ("Not Found", f"/zaken/{TYPED}/")),
        ("django.security.DisallowedHost", f"Invalid HTTP_HOST header: '{TYPED}'.", ()),
        ("django.security.csrf", "Forbidden (%s): %s", ("no token", f"/{TYPED}")),
        ("gunicorn.error", f"Invalid request from ip=127.0.0.1: Invalid HTTP request line: 'GET /{TYPED}'", ()),
        ("gunicorn.error", "Error handling request %s", (f"/{TYPED}",)),
        ("celery.app.trace", "Task %(name)s[%(id)s] raised: %(exc)s", ({"name": "a", "id": "b", "exc": TYPED},)),
        ("celery.worker.consumer", "Received unknown task. The body was: %r", (TYPED,)),
    ],
)
def test_a_library_fills_in_nothing(name: str, message: str, args: tuple[Any, ...]) -> None:
    assert TYPED not in json.dumps(_line(name, message, *args))


def test_a_task_keeps_its_name_and_its_key() -> None:
    context = {"name": "register.build_release", "id": "17", "return_value": TYPED}
    said = _line("celery.app.trace", "Task %(name)s[%(id)s] gave %(return_value)s", context)
    assert said["event"] == "Task register.build_release[17] gave …"


def test_an_error_leaves_its_kind_and_its_way_through_the_code_but_not_its_words() -> None:
    try:
        int(TYPED)
    except ValueError:
        said = _line("django.request", "%s: %s", "Internal Server Error", f"/{TYPED}", error=True, status_code=500)
    assert said["error"] == "ValueError"
    assert said["status"] == 500
    assert said["passed"][0].startswith("tests.unit.config.test_logging:")
    assert TYPED not in json.dumps(said)

"""What one request of the desks costs: processor time of the web server and of the database, and statements.

Run by ``make bench ARGS=request_cost``; ``BENCH_CASES=2000`` for a smaller register. Each request is answered in this
process, by the same middlewares and views as under gunicorn, over one connection that stays open. Nothing waits for
anybody, and the processor time does not depend on what else the machine does, so two versions can be compared by it.
"""

import io
import os
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402

from bench import desk, processor  # noqa: E402
from register.audit import acting_as  # noqa: E402
from register.models import User  # noqa: E402
from tests import factories  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
HEADER = f"{'request':28} {'statements':>10} {'server ms':>10} {'database ms':>12} {'kB':>6}"


def main() -> None:
    """Fill the register and print a line for each request."""
    connection.settings_dict["CONN_MAX_AGE"] = None  # one backend from beginning to end, whose seconds are counted
    physicians, reviewer = desk.people()
    physician = physicians[0]
    desk.fill(physicians, reviewer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    draft = factories.filled(physician)
    submitted = factories.submitted(physician)
    case = f"/zaken/{draft.pk}/"
    print(f"{desk.CASES:,} cases\n{HEADER}")
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        here = Browser(physician)
        here.line("Mijn zaken", lambda: here.get("/zaken/"))
        here.line("task list", lambda: here.get(case))
        for page in desk.PAGES[1:-1]:
            here.line(page.strip("/"), lambda page=page: here.get(case + page))  # type: ignore[misc]
        here.line("check page", lambda: here.get(f"{case}controleren/"))
        here.get(f"{case}overledene/")
        here.line("save", lambda: here.save(f"{case}overledene/bewaren"))
        here.line("suggestions", lambda: here.post("/middelen/zoeken/", {"term": "keta"}))
        here.line("submitted case", lambda: here.get(f"/zaken/{submitted.pk}/"))
        here.line("PDF", lambda: here.get(f"{case}pdf/"))
        there = Browser(reviewer)
        there.line("worklist, new", lambda: there.get("/werkvoorraad/nieuw/"))
        there.line("review page", lambda: there.get(f"/beoordelen/{submitted.pk}/"))


class Browser:
    """One person's browser, without a network."""

    def __init__(self, person: User) -> None:
        self.application: Any = get_wsgi_application()
        with acting_as("system:bench"):
            self.cookie = f"{settings.SESSION_COOKIE_NAME}={desk.cookie_of(person)}"
        self.version, self.age = "", 18
        self.token = "a" * 32

    def line(self, name: str, ask: Callable[[], int]) -> None:
        """Ask some times and print what it took on average."""
        for _ in range(8):  # plans are kept after some, vocabularies are read at the first
            size = ask()
        connection.force_debug_cursor = True
        connection.queries_log.clear()
        ask()
        statements = len(connection.queries_log)
        if os.environ.get("BENCH_SHOW") == name:
            print("\n".join(f"  {query['time']} {query['sql'][:400]}" for query in connection.queries_log))
        connection.force_debug_cursor = False
        backend = connection.connection.info.backend_pid
        at_server, at_database = time.process_time(), processor.spent(backend)
        for _ in range(ROUNDS):
            ask()
        server, database = time.process_time() - at_server, processor.spent(backend) - at_database
        took = [f"{seconds / ROUNDS * 1000:.1f}" for seconds in (server, database)]
        print(f"{name:28} {statements:>10} {took[0]:>10} {took[1]:>12} {size / 1000:>6.0f}", flush=True)

    def get(self, path: str) -> int:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, form: dict[str, str]) -> int:
        said = "&".join(f"{name}={value}" for name, value in {**form, "csrfmiddlewaretoken": self.token}.items())
        return self._ask("POST", path, said.encode(), {})

    def save(self, path: str) -> int:
        """One answer that differs from the last one."""
        self.age = 18 + (self.age - 17) % 70
        return self._ask(
            "POST",
            path,
            f"age_years={self.age}&save_id={uuid4()}".encode(),
            {"HTTP_IF_MATCH": f'"{self.version}"', "HTTP_X_CSRFTOKEN": self.token},
        )

    def _ask(self, method: str, path: str, body: bytes, more: dict[str, str]) -> int:
        address, _, query = path.partition("?")
        heard: dict[str, Any] = {}
        environment = {
            "REQUEST_METHOD": method,
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": f"{self.cookie}; {settings.CSRF_COOKIE_NAME}={self.token}",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            **more,
        }
        answer = self.application(environment, lambda status, headers: heard.update(status=status, headers=headers))
        content = b"".join(answer)
        answer.close()
        assert heard["status"].startswith("200"), f"{method} {path}: {heard['status']} {content[:200]!r}"
        version = re.search(r'name="version" value="(\d+)"', content.decode(errors="replace"))
        self.version = dict(heard["headers"]).get("ETag", version[1] if version else self.version).strip('"')
        return len(content)


if __name__ == "__main__":
    main()

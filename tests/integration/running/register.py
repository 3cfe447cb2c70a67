"""The whole register as ``make run`` starts it, and somebody who uses it over the wire."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from config.local import serve, servers, template
from config.local.keys import Keys, load_or_make
from config.local.provision import Server
from config.local.servers import Folder
from config.local.service import Services
from tests.integration.web.forms_of import Form, forms_in

MAKE_PERSONAS = """
import django
django.setup()
from register.audit import acting_as
from register.casework.demo import personas
with acting_as("system:test"):
    personas.create()
"""
PATIENCE = 120


@dataclass(frozen=True)
class Register:
    """A running register: where it keeps its state, and how to reach its parts."""

    folder: Folder
    keys: Keys
    server: Server
    variables: dict[str, str]
    port: int
    services: Services

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """An operator's verb."""
        return self._run(sys.executable, "manage.py", *arguments)

    def make_personas(self) -> None:
        done = self._run(sys.executable, "-c", MAKE_PERSONAS)
        assert done.returncode == 0, done.stderr

    def logs(self) -> list[Path]:
        return sorted(self.folder.state.glob("*.log*"))

    def _run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, **self.variables}
        environment.pop("DATABASE_OWNER_URL", None)
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )


@contextmanager
def running(state: Path) -> Iterator[Register]:
    """An empty register with the personas of a demonstration, until the context is left."""
    folder = Folder(state)
    services = Services(folder.record)
    template.copy_register(state)
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        try:
            keys = load_or_make(state)
            server = servers.start_database(services, folder, keys, durable=True)
            variables = {
                "SECRET_KEY": keys.secret_key,
                "STATE_DIR": str(state),
                "DJANGO_SETTINGS_MODULE": "config.settings.local",
                "DEMO": "0",
                **server.addresses(keys),
                "CELERY_BROKER_URL": servers.start_broker(services, folder, durable=True),
            }
            serve.prepare(services, folder, variables)
            variables["DEMO"] = "1"
            register = Register(folder, keys, server, variables, door.getsockname()[1], services)
            register.make_personas()
            serve.start_programs(services, folder, variables, door)
            yield register
        finally:
            services.stop()


@dataclass
class Answer:
    """What came back: status, headers as text, and the page."""

    status: int
    headers: str
    page: str
    location: str = ""

    @property
    def forms(self) -> list[Form]:
        return forms_in(self.page)

    def form_with(self, name: str) -> Form:
        """The form that asks this; the page may hold others, such as the one that keeps a session."""
        return next(form for form in self.forms if any(control.name == name for control in form.controls))


@dataclass
class Visitor:
    """A browser without pictures: it keeps cookies and everything that was answered."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, pairs: Iterable[tuple[str, str]], *, token: bool = True) -> Answer:
        """Send a form; with its token unless told otherwise."""
        sent = [(name, value) for name, value in pairs if name != "csrfmiddlewaretoken"]
        if token:
            sent.append(("csrfmiddlewaretoken", self.cookies["csrftoken"]))
        return self._ask("POST", path, urlencode(sent))

    def sign_in(self, persona: str) -> None:
        self.get("/aanmelden/")
        assert self.post("/aanmelden/demo/", [("persona", persona)]).status == 302

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Host": "localhost"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(line):
            line.request(method, path, body, headers)
            response = line.getresponse()
            page = response.read().decode(errors="replace")
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        answer = Answer(response.status, str(response.headers), page, response.headers.get("Location", ""))
        self.answers.append(answer)
        return answer


def ask_for_a_release(visitor: Visitor, *, title: str, note: str) -> Answer:
    """A release of one year, which the worker builds."""
    form = visitor.get("/releases/nieuw/").form_with("title")
    given = dict(form.hidden()) | {control.name: control.value for control in form.typed}
    given |= {control.name: control.options[-1] for control in form.named("select") if control.options}
    given |= {control.name: control.value for control in form.named("radio")}
    given |= {"title": title, "note": note, "year_from": "2020", "year_to": "2020"}
    return visitor.post("/releases/nieuw/", given.items())

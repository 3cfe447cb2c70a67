"""Every answer is closed to other sites and kept in no cache, whoever made it; files and figures may be kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from register.models import User
from tests.factories import AMSTERDAM, draft
from tests.signing_in import sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "stats"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
Ask = Callable[["Desk"], HttpResponseBase]


class Desk:
    """A physician at the desk over TLS, with a case."""

    def __init__(self) -> None:
        self.physician = User.objects.create_user("arts", role="physician", region_id=AMSTERDAM)
        self.case = draft(self.physician)
        self.client = Client(raise_request_exception=False)
        sign_in(self.client, self.physician)
        self.stranger = Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, secure=True, headers=headers)

    def post(self, path: str, **values: str) -> Any:
        return self.client.post(path, values, secure=True)

    def page(self, name: str) -> str:
        return f"/zaken/{self.case.pk}/{name}/"


# Each class of answer, its status, and whether it may be kept.
ANSWERS: dict[str, tuple[int, Ask]] = {
    "page": (200, lambda desk: desk.get("/zaken/")),
    "page of a case": (200, lambda desk: desk.get(desk.page("overledene"))),
    "page of nobody": (200, lambda desk: desk.stranger.get("/aanmelden/", secure=True)),
    "redirect to the sign-in page": (302, lambda desk: desk.stranger.get("/zaken/", secure=True)),
    "redirect after a choice": (302, lambda desk: desk.post("/taal/", language="en")),
    "health": (200, lambda desk: desk.get("/livez")),
    "report of the content policy": (204, lambda desk: desk.post("/csp-melding/")),
    "bad request": (400, lambda desk: desk.get("/zaken/", Host="elsewhere.example")),
    "refused": (403, lambda desk: desk.get("/releases/")),
    "unknown page": (404, lambda desk: desk.get("/geen/pagina/")),
    "unknown file": (404, lambda desk: desk.get("/static/geen.css")),
    "wrong method": (405, lambda desk: desk.get("/taal/")),
    "stale": (409, lambda desk: desk.post(desk.page("controleren"), version="999")),
    "mistakes": (422, lambda desk: desk.post(desk.page("overledene"), version="1", age_years="x")),
    "fault of ours": (500, lambda desk: desk.get("/stuk/")),
    "interface without a token": (401, lambda desk: desk.get("/v1/releases")),
    "interface, unknown": (404, lambda desk: desk.get("/v1/geen")),
    "interface, fault of ours": (500, lambda desk: desk.get("/v1/stuk")),
    "interface, wrong method": (405, lambda desk: desk.post("/v1/openapi.json")),
}


@pytest.fixture(autouse=True)
def behind_tls(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = True
    settings.ROOT_URLCONF = "tests.integration.web.with_a_fault"
    settings.WHITENOISE_USE_FINDERS = True


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_closed_to_other_sites_and_kept_nowhere(kind: str) -> None:
    status, ask = ANSWERS[kind]
    answer = ask(Desk())
    assert answer.status_code == status
    assert_closed(answer)
    assert "no-store" in answer.headers["Cache-Control"]


def assert_closed(answer: HttpResponseBase) -> None:
    assert {name: answer.headers.get(name) for name in SAFE} == SAFE
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "" or policy["script-src"].startswith("'nonce-")
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["report-uri"] == "/csp-melding/"


def test_a_file_of_the_look_may_be_kept() -> None:
    answer = Desk().get("/static/register.css")
    answer.close()
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "max-age" in answer.headers["Cache-Control"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_description_of_the_interface_is_for_every_site() -> None:
    answer = Desk().get("/v1/openapi.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_script_runs_only_with_the_nonce_of_its_page(rf: Any) -> None:
    from csp.middleware import CSPMiddleware

    def page(request: Any) -> HttpResponse:
        return HttpResponse(f'<script nonce="{request.csp_nonce}" src="/static/a.js"></script>')

    first, second = (CSPMiddleware(page)(rf.get("/")).headers["Content-Security-Policy"] for _ in range(2))
    assert "script-src 'nonce-" in first
    assert first != second


def test_a_report_of_the_content_policy_leaves_its_kind_and_nothing_of_the_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk()
    body = {
        "csp-report": {
            "document-uri": f"https://testserver{desk.page('overledene')}?naam=KANARIE",
            "effective-directive": "script-src-elem",
            "blocked-uri": "https://kanarie.example/KANARIE.js",
            "script-sample": "KANARIE",
        }
    }
    desk.stranger.post("/csp-melding/", json.dumps(body), content_type="application/csp-report")
    assert caplog.messages == ["content policy: script-src-elem stopped an address on page physician:section"]


@pytest.mark.parametrize("body", ["", "[]", "{", '{"csp-report": 3}', "[" * 10_000, "x" * 100_000, b"\xff\x00"])
def test_what_is_no_report_is_thrown_away(body: str | bytes, caplog: pytest.LogCaptureFixture) -> None:
    answer = Client().post("/csp-melding/", body, content_type="application/csp-report")
    assert answer.status_code == 204
    assert caplog.messages == []

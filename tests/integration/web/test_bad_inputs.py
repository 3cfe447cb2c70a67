"""Whatever somebody sends: a sentence, never a fault of ours, and nothing half stored."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from register.access import issue_token
from register.models import Case, OutboxMessage, User
from tests.conftest import session_of
from tests.factories import draft, filled
from tests.integration.web.bad_texts import ROUNDS, TEXTS
from tests.integration.web.forms_of import Form, forms_in
from tests.integration.web.pages_with_forms import PAGES, People

pytestmark = [
    pytest.mark.django_db(databases=["default", "stats"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


MISTAKE = 422


# A small form of a case: what comes back of it with a mistake is kept beside the record, never in it.
SMALL_FORM = re.compile(r"/zaken/[^/]+/(vragen/|toxicologie/.)")
BESIDE = "register_unfinishedform"


TABLES = """
SELECT c.relname, k.attname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'row_version'
JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'register\\_historical%'
ORDER BY 1
"""
FUNCTION = """
CREATE FUNCTION testing.versions() RETURNS TABLE (name text, many bigint, versions bigint) LANGUAGE plpgsql STABLE
AS $$ BEGIN RETURN QUERY {}; END $$
"""


@pytest.fixture(scope="module", autouse=True)
def versions(django_db_setup: None) -> Iterator[None]:
    """What reads every table with versions: how many rows, and a sum of their keys and versions.

    A function, because planning it takes four times as long as reading, and a function is planned once in a session.
    """
    with session_of("owner") as session:
        one = "SELECT '{0}', count(*), bit_xor(hashtextextended({1}::text, row_version)) FROM public.{0}"
        tables = session.execute(TABLES).fetchall()
        session.execute(FUNCTION.format(" UNION ALL ".join(one.format(*table) for table in tables)))
        yield
        session.execute("DROP FUNCTION testing.versions()")


def _stored() -> list[Any]:
    """What is stored of all cases, sections and rows, by table; another row, or another version, is another sum."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM testing.versions()")
        return sorted(cursor.fetchall())


def _body(pairs: list[tuple[str, str]]) -> str:
    """A form as bytes that a browser would not make, lone surrogates among them."""
    return "&".join(f"{quote(name)}={quote_from_bytes(value.encode(errors='surrogatepass'))}" for name, value in pairs)


@dataclass
class Sender:
    """Somebody who sends forms; what is stored was looked at after the last one that was refused."""

    client: Client
    known: list[Any] | None = None

    def send(self, address: str, pairs: list[tuple[str, str]]) -> None:
        """The answer is a page with a sentence, and what is refused stores nothing."""
        before = self.known or _stored()
        answer = self.client.post(address, _body(pairs), content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, f"{address}: {answer.status_code}"
        self.known = _stored() if answer.status_code >= 400 else None
        if self.known:
            self._is_refused(address, answer, before, self.known)

    @staticmethod
    def _is_refused(address: str, answer: Any, before: list[Any], now: list[Any]) -> None:
        if answer.status_code == MISTAKE and SMALL_FORM.search(address):
            before, now = ([row for row in rows if row[0] != BESIDE] for rows in (before, now))
        # A page with a mistake keeps what is right of it, and what cannot be read as it was typed.
        page = answer.status_code == MISTAKE and "/zaken/" in address and not SMALL_FORM.search(address)
        assert page or now == before, f"{address}: {answer.status_code} and something was stored"
        assert "</html>" in answer.content.decode(), "the answer is a page with a sentence"


def _forms(client: Client, address: str) -> list[tuple[str, Form]]:
    page = client.get(address)
    assert page.status_code == 200, address
    found = [(form.action or address, form) for form in forms_in(page.content.decode())]
    return [(action, form) for action, form in found if form.typed or form.buttons()]


def _in_turn(boxes: int) -> list[list[str]]:
    """The texts, dealt out over this many boxes in a few rounds, the worst first."""
    texts = list(TEXTS.values())
    return [texts[start : start + boxes] for start in range(0, len(texts), boxes)][:ROUNDS]


def _everywhere(boxes: int) -> list[list[str]]:
    """Every text in every box."""
    return [[text] for text in TEXTS.values()]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("dealt", [_in_turn, pytest.param(_everywhere, marks=pytest.mark.soak)])
def test_a_form_answers_every_text_with_a_sentence(name: str, dealt: Callable[[int], list[list[str]]]) -> None:
    who, build = PAGES[name]
    people = People()
    client, address = people.clients[who], build(people)
    sender = Sender(client)
    for place, (_, first) in enumerate(_forms(client, address)):
        for texts in dealt(len(first.typed)) if first.typed else []:
            current = _forms(client, address)
            if place < len(current):
                action, form = current[place]
                sender.send(action, form.filled(*texts))


@pytest.mark.parametrize("name", PAGES)
def test_a_form_answers_choices_that_do_not_exist_with_a_sentence(name: str) -> None:
    who, build = PAGES[name]
    people = People()
    client, address = people.clients[who], build(people)
    sender = Sender(client)
    for text in ("bestaat niet", "9" * 30, "a\x00b", "remove:x"):
        for action, form in _forms(client, address):
            sender.send(action, form.overwritten(text))
    for action, form in _forms(client, address):
        sender.send(action, [*form.filled("x"), *form.filled("y")])
        sender.send(action, [(field, value) for field, value in form.filled("x") if field != "version"])


QUERIES = (
    "blad=-1",
    "blad=0",
    "blad=999999999999999999999999",
    "blad=1e9",
    "blad=%00",
    "blad=1&blad=2",
    "page=-1",
    "pageSize=1000000000",
    "ordering=password",
    "status__regex=(a%2B)%2B%24",
    "status__in=" + ",".join(["a"] * 2_000),
    "region=A&region=B",
    "lijst=bestaat-niet",
    "lijst=%00",
    "next=//elsewhere.example",
    "q=%ED%A0%80",
    "a[]=1&a[b]=2",
    "=&&&===",
    "limit=-1",
    "offset=99999999999999999999",
    "limit=%EF%BC%93",
    "x=" + "y" * 3_000,
)
READ = (
    ("nobody", "/aanmelden/"),
    ("physician", "/zaken/"),
    ("physician", "/zaken/lijst/ingediend/"),
    ("physician", "/vragen/"),
    ("reviewer", "/werkvoorraad/nieuw/"),
    ("reviewer", "/releases/"),
    ("reviewer", "/cijfers/"),
)


@pytest.mark.parametrize(("who", "address"), READ)
def test_a_page_answers_every_query(who: str, address: str) -> None:
    client = People().clients[who]
    for query in QUERIES:
        assert client.get(f"{address}?{query}").status_code in (200, 400, 404), query


@pytest.mark.parametrize("path", ["/v1/releases", "/v1/releases/latest", "/v1/releases/x", "/v1/releases/x/manifest"])
def test_the_interface_answers_every_query_with_all_faults(path: str) -> None:
    _, token = issue_token(
        organisation="NDM",
        by=User.objects.create_user("beheer", role="admin"),
        expires_at=timezone.now() + timedelta(days=1),
    )
    client = Client(raise_request_exception=False)
    for query in QUERIES:
        answer = client.get(f"{path}?{query}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in (200, 302, 400, 404), query
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert json.loads(answer.content)["detail"]


@pytest.mark.parametrize("token", ["", " ", "a b", "\x00", "é", "x" * 8_000, "' OR 1=1", "Bearer"])
def test_a_token_that_is_none_is_refused(token: str) -> None:
    answer = Client(raise_request_exception=False).get("/v1/releases", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


METHODS = ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "BREW")


@pytest.mark.parametrize("method", METHODS)
def test_an_odd_method_changes_nothing(method: str) -> None:
    people = People()
    case = filled(people.physician)
    before = _stored()
    for who, address in (
        ("physician", f"/zaken/{case.pk}/overledene/"),
        ("physician", f"/zaken/{case.pk}/intrekken/"),
        ("physician", "/zaken/zoeken/"),
        ("physician", "/taal/"),
        ("nobody", "/aanmelden/"),
        ("nobody", "/v1/releases"),
    ):
        answer = people.clients[who].generic(method, address, b"age_years=12")
        refused = method not in ("GET", "HEAD")
        assert answer.status_code == 405 if refused else answer.status_code < 500, (method, address)
        assert b"age_years=12" not in answer.content, "nothing that was sent comes back"
    assert _stored() == before


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_header_makes_no_other_method_of_a_request(header: str) -> None:
    people = People()
    case = draft(people.physician)
    answer = people.clients["physician"].get(f"/zaken/{case.pk}/intrekken/", headers={header: "POST"})
    assert answer.status_code == 200
    assert Case.objects.get(pk=case.pk).status == "draft"


BODIES = (
    ("application/json", b"[" * 10_000),
    ("application/json", b'{"a": 1, "a": 2}'),
    ("application/json", b'{"sex": true, "age_years": ["1"], "version": 1e309}'),
    ("text/plain", b"sex=male"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"age_years=+ADw-"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"age_years=1"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2_001))),
    ("application/x-www-form-urlencoded", b"narrative=" + b"x" * (2 * 1024 * 1024 + 1)),
    ("", b"\xff\xfe\x00"),
)


@pytest.mark.parametrize("place", range(len(BODIES)))
def test_a_body_of_the_wrong_kind_is_answered_with_a_page(place: int) -> None:
    kind, body = BODIES[place]
    people = People()
    case = filled(people.physician)
    before = _stored()
    for who, address in (
        ("physician", f"/zaken/{case.pk}/overledene/"),
        ("physician", "/zaken/zoeken/"),
        ("nobody", "/aanmelden/"),
        ("nobody", "/csp-melding/"),
    ):
        answer = people.clients[who].generic("POST", address, body, content_type=kind)
        assert answer.status_code < 500, address
    assert _stored() == before
    assert not OutboxMessage.objects.exists()


def test_a_file_is_taken_by_no_page_and_never_reaches_the_disk(tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    people = People()
    case = filled(people.physician)
    before = _stored()
    for who, address in (("nobody", "/aanmelden/"), ("physician", f"/zaken/{case.pk}/overledene/")):
        file = SimpleUploadedFile("rapport.pdf", b"x" * 3_000_000)
        answer = people.clients[who].post(address, {"sex": "male", "file": file})
        assert answer.status_code == 400, address
        assert "</html>" in answer.content.decode()
    assert list(tmp_path.iterdir()) == []
    assert _stored() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cookie", "a=" + "b" * 8_000),
        ("Cookie", "sessionid=\x00; csrftoken=" + "é" * 100),
        ("Cookie", "sessionid=" + "x" * 4_000),
        ("Cookie", "register_language=%00; register_theme=<script>"),
        ("X-Forwarded-For", "1.1.1.1, ::1, '; DROP TABLE"),
        ("X-Forwarded-Host", "elsewhere.example"),
        ("X-Forwarded-Proto", "https, http"),
        ("Accept-Language", "nl" * 3_000),
        ("Accept-Language", "x" * 600 + ";q=é"),
        ("Accept", "*/*;q=nan"),
        ("Referer", "javascript:alert(1)"),
        ("If-None-Match", '"' * 500),
        ("Range", "bytes=0-,-1"),
    ],
)
def test_an_odd_header_harms_nobody(name: str, value: str) -> None:
    people = People()
    for client, address in ((people.clients["nobody"], "/aanmelden/"), (people.clients["physician"], "/zaken/")):
        answer = client.get(address, headers={name: value})
        assert answer.status_code in (200, 302, 400), address
        assert "elsewhere.example" not in answer.content.decode()


@pytest.mark.parametrize("host", ["elsewhere.example", "a b", "[::1", "localhost@elsewhere.example"])
def test_another_name_of_the_register_is_a_bad_request(host: str) -> None:
    answer = Client(raise_request_exception=False).get("/aanmelden/", headers={"Host": host})
    assert answer.status_code == 400
    assert "</html>" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/zaken/%00/",
        "/zaken/..%2f..%2fetc/passwd",
        "/zaken/00000000-0000-0000-0000-00000000000g/",
        "/zaken/lijst/%ED%A0%80/",
        "/zaken//",
        "/werkvoorraad/" + "a" * 5_000 + "/",
        "/cijfers/x/y.exe",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/%00",
        "/v1/releases/%00",
        "/v1/releases/x/tables/y.%0d%0aset-cookie",
    ],
)
def test_an_odd_address_is_not_found(path: str) -> None:
    people = People()
    for client in people.clients.values():
        assert client.get(path).status_code in (302, 400, 401, 403, 404)

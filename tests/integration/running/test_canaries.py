"""What somebody types stands in the register and nowhere else: in no log, no message, no session, no address."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing

from register.quality import dictionary
from tests.integration.casework.deaths import as_csv
from tests.integration.outbox.programs import wait_until
from tests.integration.running.register import Register, Visitor, ask_for_a_release

CANARY = "KANARIE"
PAGES = ("overledene", "overlijden", "omstandigheden", "middelen", "toxicologie", "conclusie")
TEXTS = {spec.field for spec in dictionary.all_fields() if spec.kind == "text"}
SIGNED = "django.contrib.sessions.SessionStore"
_numbers = itertools.count(1)


def _canary() -> str:
    return f"{CANARY}{next(_numbers):04d}"


def _typed(visitor: Visitor, path: str, *, everywhere: bool) -> Iterator[int]:
    """Fill in every form of a page: only the boxes for words, or every box and every choice."""
    for place, _ in enumerate(visitor.get(path).forms):
        form = visitor.get(path).forms[place]
        words = [c.name for c in form.typed if everywhere or c.name.rpartition("-")[2] in TEXTS or c.name == "term"]
        pairs = [*form.hidden(), *((name, _canary()) for name in words), *form.buttons()[:1]]
        yield visitor.post(form.action or path, pairs).status


def _record_a_death(visitor: Visitor) -> str:
    """A case in which every box for words holds a canary; the address of the case."""
    form = visitor.get("/zaken/nieuw").form_with("age_years")
    begun = visitor.post("/zaken/nieuw", [*form.hidden(), ("sex", "male"), ("age_years", "34"), *form.buttons()[:1]])
    case = re.match(r"/zaken/[0-9a-f-]{36}/", begun.location)
    assert case is not None
    for page in PAGES:
        statuses = list(_typed(visitor, f"{case[0]}{page}/", everywhere=False))
        assert set(statuses) <= {200, 302, 422}
    for page in PAGES:
        list(_typed(visitor, f"{case[0]}{page}/", everywhere=True))
    return case[0]


def _go_wrong(visitor: Visitor, case: str, register: Register) -> dict[int, str]:
    """404, 403, 409 and 500, each with a canary in what was sent; the pages of those that repeat nothing."""
    stranger = Visitor(visitor.port)
    stranger.get("/aanmelden/")
    stranger.post("/aanmelden/", [("username", _canary()), ("password", _canary())])
    unknown = visitor.get(f"/zaken/{_canary()}/?naam={_canary()}")
    assert unknown.status == 404
    assert visitor.post(f"/geen/{_canary()}", [("naam", _canary())]).status == 404
    assert visitor.post("/taal/", [("language", _canary())], token=False).status == 403
    assert visitor.get(f"/releases/?naam={_canary()}").status == 403
    stale = [("version", "9999"), ("narrative", _canary()), ("do", "next")]
    assert visitor.post(f"{case}controleren/", stale).status in (409, 422)
    with psycopg.connect(register.variables["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("ALTER TABLE register_circumstances RENAME TO gone")
        broken = visitor.post(f"{case}omstandigheden/", [("narrative", _canary()), ("version", "1")])
        owner.execute("ALTER TABLE gone RENAME TO register_circumstances")
        owner.execute("ALTER TABLE register_case ADD CONSTRAINT odd CHECK (narrative IS NULL) NOT VALID")
        pairs = visitor.get(f"{case}omstandigheden/").form_with("narrative").hidden()
        refused = visitor.post(f"{case}omstandigheden/", [*pairs, ("narrative", _canary()), ("do", "next")])
        owner.execute("ALTER TABLE register_case DROP CONSTRAINT odd")
    assert broken.status == refused.status == 500
    return {404: unknown.page, 500: broken.page + refused.page}


def _prepare_a_release(register: Register) -> None:
    """Work for the worker, asked for on a form with a canary in its note."""
    visitor = Visitor(register.port)
    visitor.sign_in("register.jansen")
    assert ask_for_a_release(visitor, title=_canary(), note=_canary()).status == 302


def _import(register: Register, folder: Path) -> str:
    file = folder / "deaths.csv"
    file.write_bytes(as_csv([{"Cause of Death": f"Acute Heroin Intoxication {_canary()}"}, {"Age": _canary()}]))
    done = register.manage(
        "import_cases", str(file), "--mapping", "connecticut", "--by", "register.jansen",
        "--rejects", str(folder / "rejects.csv"),
    )  # fmt: skip
    assert "2 rows" in done.stdout, done.stderr
    return done.stdout + done.stderr


def _by_products(register: Register) -> dict[str, str]:
    """Everything that is left behind beside the register's own tables, by name."""
    found = {f"log {log.name}": log.read_text(errors="replace") for log in register.logs()}
    for file in (register.folder.state / "valkey").rglob("*"):
        if file.is_file():
            found[f"file of the broker {file.name}"] = file.read_bytes().decode(errors="replace")
    address = register.variables["CELERY_BROKER_URL"].replace("redis+socket://", "unix://")
    with redis.Redis.from_url(address) as line:
        found["keys of the broker"] = repr([(key, line.dump(key)) for key in line.scan_iter()])
    with register.server.connect(register.server.database) as session:
        for table in ("register_outboxmessage", "register_heartbeat", "register_save", "audit.access_event"):
            found[f"table {table}"] = repr(session.execute(f"SELECT * FROM {table}").fetchall())  # type: ignore[arg-type]
        found["admin log"] = repr(session.execute("SELECT * FROM django_admin_log").fetchall())
        sessions = [str(row[0]) for row in session.execute("SELECT session_data FROM register_session").fetchall()]
        assert sessions
        found["caches"] = repr(
            session.execute("SELECT tablename FROM pg_tables WHERE tablename ILIKE '%cache%'").fetchall()
        )
    found["sessions"] = repr(
        [signing.loads(data, key=register.keys.secret_key, salt=SIGNED, serializer=JSONSerializer) for data in sessions]
    )
    return found


def _stored(register: Register) -> list[tuple[Any, ...]]:
    """The words of the case, as its own table holds them."""
    with register.server.connect(register.server.database) as superuser:
        return superuser.execute(
            "SELECT narrative FROM register_case WHERE narrative LIKE %s", [f"%{CANARY}%"]
        ).fetchall()


def _all_done(register: Register) -> bool:
    with register.server.connect(register.server.database) as session:
        waiting = session.execute("SELECT count(*) FROM register_outboxmessage WHERE done_at IS NULL").fetchone()
    return waiting == (0,)


def test_nothing_that_was_typed_stands_outside_the_register(register: Register, tmp_path: Path) -> None:
    visitor = Visitor(register.port)
    visitor.sign_in("arts.amsterdam")
    case = _record_a_death(visitor)
    search = next(form for form in visitor.get("/zaken/").forms if form.typed)
    visitor.post(search.action, [*search.hidden(), *((control.name, _canary()) for control in search.typed)])
    said = {f"error page {status}": page for status, page in _go_wrong(visitor, case, register).items()}
    _prepare_a_release(register)
    said["output of the import"] = _import(register, tmp_path)
    wait_until(lambda: _all_done(register))
    said["headers and addresses"] = "".join(answer.headers for answer in visitor.answers)

    found = {**said, **_by_products(register)}
    assert {"log web.log", "log worker.log", "log clock.log", "log pg.log"} <= set(found)
    assert [name for name, content in found.items() if CANARY in content] == []
    assert _stored(register), "the case itself holds what was typed"
    assert next(_numbers) > 40, "canaries were typed in many places"
    # What an operator needs is there: the kind of the fault, the page, and the trace that is also in the access log.
    faults = [line for line in found["log web.log"].splitlines() if '"status": 500' in line]
    assert any('"error": "ProgrammingError"' in line and '"page": "physician:section"' in line for line in faults)
    assert all('"trace": "' in line for line in faults)

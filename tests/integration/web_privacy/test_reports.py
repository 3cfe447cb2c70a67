"""The worklist of reports: a planted browser is on it, and each line gets an outcome and a name."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from register.access import log_review
from register.audit import acting_as, daily
from register.audit.outliers import Report
from register.models import Case, LogReview, User
from tests import factories
from tests.conftest import session_of
from tests.integration.web_privacy.conftest import At
from tests.trail import changes, looks

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "viewer"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
ROLES = ["physician", "register_staff", "auditor"]
PLANT = """
INSERT INTO audit.access_event (at, epoch, code, action, outcome, detail, actor, role, regions, origin, login, agent,
  purpose, object_type, objects, row_count, filters, policy, source, trace)
SELECT %(at)s::timestamptz + n * interval '1 second', 1, %(code)s, 'R', %(outcome)s, '', %(actor)s, %(role)s, '{}',
  '', '', '', '', 'case', ARRAY[gen_random_uuid()], 1, '{}', '', 'test', gen_random_uuid()
FROM generate_series(1, %(times)s) n
"""


def _plant(person: User, times: int, *, at: datetime, code: str = "case.read", outcome: str = "ok") -> None:
    """Events as the owner of the log can write them, at a moment of the past."""
    values = {"at": at, "code": code, "outcome": outcome, "actor": str(person.pk), "role": person.role, "times": times}
    with session_of("owner") as owner:
        owner.execute("SET ROLE register_trail")
        owner.execute(PLANT, values)


def _working_day() -> datetime:
    """Ten o'clock on a working day of last week."""
    day = timezone.localdate() - timedelta(days=7)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(10)))


@pytest.fixture
def browser(transactional_db: None) -> User:
    """A physician who opened forty strange cases on one morning, among colleagues who opened two."""
    nosy = User.objects.create_user("arts.nieuwsgierig", role="physician", region_id=factories.AMSTERDAM)
    _plant(nosy, 40, at=_working_day())
    for _ in range(8):
        _plant(factories.physician(), 2, at=_working_day())
    return nosy


def _text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def _key(desk: Client, person: User) -> str:
    page = desk.get("/toezicht/meldingen/").content.decode()
    (key,) = set(re.findall(rf'name="report" value="(unrelated\.1\.{person.pk}[^"]+)"', page))
    return str(key)


def test_a_browser_is_reported_with_the_way_to_what_they_saw(browser: User, desk: Client) -> None:
    page = desk.get("/toezicht/meldingen/")
    assert "Zaken zonder eigen werk eraan: arts.nieuwsgierig" in _text(page)
    assert "Geteld: 40. Gewoonlijk: 2." in _text(page)
    assert f"/toezicht/gebruiker/{browser.pk}/?van=" in page.content.decode()


def test_an_outcome_gets_a_name_and_is_noted(browser: User, officer: User, desk: Client) -> None:
    sent = {"report": _key(desk, browser), "outcome": "explained", "note": "Verving een zieke collega."}
    assert desk.post("/toezicht/meldingen/beoordelen/", sent).status_code == 302
    stored = LogReview.objects.get()
    assert (stored.person, stored.by, stored.outcome, stored.counted) == (browser, officer, "explained", 40)
    page = _text(desk.get("/toezicht/meldingen/"))
    assert "Verklaard door het werk · Pien Privacy" in page
    assert "Verving een zieke collega." in page
    assert looks(code="log.review", actor=str(officer.pk))[0].objects == [stored.pk]
    (change,) = changes(tbl="register_logreview")
    assert (change.op, change.actor) == ("I", str(officer.pk))


def test_an_outcome_replaces_no_other_that_nobody_saw_and_the_trail_keeps_both(
    browser: User, officer: User, desk: Client
) -> None:
    key = _key(desk, browser)
    first = {"report": key, "version": "0", "outcome": "asked", "note": "Gesproken."}
    assert desk.post("/toezicht/meldingen/beoordelen/", first).status_code == 302
    late = {**first, "outcome": "incident", "note": "Nam dossiers mee."}
    page = desk.post("/toezicht/meldingen/beoordelen/", late)
    assert page.status_code == 409
    assert "Een ander schreef intussen op wat deze melding bleek te zijn." in _text(page)
    assert "Nam dossiers mee." in page.content.decode() and "Gesproken." in _text(page)
    assert LogReview.objects.get().outcome == "asked"
    (version,) = re.findall(r'name="version" value="(\d+)"', page.content.decode())
    assert desk.post("/toezicht/meldingen/beoordelen/", {**late, "version": version}).status_code == 302
    assert LogReview.objects.get().outcome == "incident"
    assert [change.op for change in changes(tbl="register_logreview")] == ["I", "U"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"outcome": "", "note": "Gesproken."}, "Kies wat de melding bleek te zijn."),
        ({"outcome": "explained", "note": "  "}, "Schrijf op hoe u dat weet."),
        ({"outcome": "vergeten", "note": "Gesproken."}, "Kies wat de melding bleek te zijn."),
        ({"outcome": "asked", "note": "Gesproken. " * 50}, "Schrijf ten hoogste 500 tekens."),
    ],
)
def test_an_outcome_without_words_is_asked_for_and_what_was_typed_stays(
    browser: User, desk: Client, sent: dict[str, str], sentence: str
) -> None:
    answer = desk.post("/toezicht/meldingen/beoordelen/", {"report": _key(desk, browser), **sent})
    assert answer.status_code == 422
    assert sentence in _text(answer)
    assert re.search(r'href="#r\d-(outcome|note)"', answer.content.decode())
    # Another language or theme leads back to the reports, not to the address of the button.
    assert 'name="next" value="/toezicht/meldingen/"' in answer.content.decode()
    assert sent["note"].strip() in answer.content.decode()
    assert not LogReview.objects.exists()


@pytest.mark.parametrize("key", ["", "unrelated.1.x.y", "opened.1.00000000-0000-4000-8000-000000000000.2026-01-01"])
def test_a_report_that_is_none_is_not_found(browser: User, desk: Client, key: str) -> None:
    sent = {"report": key, "outcome": "explained", "note": "Gesproken."}
    assert desk.post("/toezicht/meldingen/beoordelen/", sent).status_code == 404


def test_nobody_reviews_a_report_on_themselves(officer: User, desk: Client) -> None:
    other = User.objects.create_user("privacy.twee", role="auditor")
    for number in range(6):
        _plant(other, 1, at=_working_day() - timedelta(days=number), code="log.read")
        _plant(officer, 1, at=_working_day() - timedelta(days=number), code="log.read")
    _plant(officer, 60, at=_working_day(), code="log.read")
    page = desk.get("/toezicht/meldingen/")
    assert "Logboek vaak ingezien: Pien Privacy" in _text(page)
    assert "Deze melding gaat over uzelf; een ander beoordeelt haar." in _text(page)
    found = next(line.report for line in log_review.worklist(until=timezone.now()) if line.report.person == officer.pk)
    refused = log_review.review(report=found, outcome="explained", note="Ik weet het.", seen_version=0, by=officer)
    assert not isinstance(refused, LogReview) and refused.code == "own_report"
    with pytest.raises(IntegrityError, match="nobody_reviews"), acting_as(officer):
        LogReview.objects.create(
            measure="opened", span=1, person=officer, day=found.day, counted=1, outcome="asked", note="x", by=officer
        )


def test_who_may_not_read_the_log_reviews_nothing(browser: User, reviewer: User) -> None:
    report = Report("opened", 1, browser.pk, "physician", timezone.localdate(), 40, 2.0, 9.0)
    refused = log_review.review(report=report, outcome="explained", note="Gesproken.", seen_version=0, by=reviewer)
    assert not isinstance(refused, LogReview) and refused.code == "role"


def test_days_count_what_a_person_opened_refused_and_at_which_hours(
    case: Case, physician: User, reviewer: User, at: At
) -> None:
    night = _working_day().replace(hour=23)
    _plant(reviewer, 5, at=night)
    _plant(reviewer, 3, at=night, code="authz.denied", outcome="denied")
    _plant(reviewer, 2, at=night, code="export.download")
    _plant(reviewer, 1, at=night, code="case.export")
    at(physician).get(f"/zaken/{case.pk}/")
    at(reviewer).get(f"/beoordelen/{case.pk}/")
    now = timezone.now()
    counted = daily.days(since=now - timedelta(days=20), until=now + timedelta(minutes=1), roles=ROLES)
    by = {(day.person, day.day): dict(day.counts) for day in counted}
    assert by[reviewer.pk, night.date()] == {"opened": 6, "unrelated": 6, "odd_hours": 6, "denied": 3, "exports": 3}
    today = timezone.localdate()
    assert by[reviewer.pk, today]["unrelated"] == 1
    assert "unrelated" not in by[physician.pk, today]


def test_a_session_of_the_viewer_reads_no_content_and_writes_nothing(case: Case) -> None:
    with session_of("viewer") as viewer:
        for statement in (
            "SELECT body FROM audit.change_payload",
            "SELECT status FROM register_case",
            "SELECT * FROM register_decedent",
            "INSERT INTO audit.epoch VALUES (9, now(), 'x', 'x')",
        ):
            with pytest.raises(Exception, match=r"permission denied|read-only"):
                viewer.execute(statement)
        assert viewer.execute("SELECT count(*) FROM register_case").fetchone() == (1,)
    with transaction.atomic(), connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("SELECT * FROM audit.access_event")

"""A service says that a month was without cases; never of a month that has one, and never of another region."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from register.casework import intake, nil_reports
from register.models import ForensicService, NilReport, User
from tests.integration.web_physician.conftest import AMSTERDAM, ROTTERDAM, Draft, events, version
from tests.signing_in import sign_in
from tests.trail import changes

PATH = "/nulmeldingen/"


@pytest.fixture
def service(db: None) -> str:
    return ForensicService.objects.get(region_id=AMSTERDAM).pk


def last_month() -> date:
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def send(desk: Client, do: str, status: int = 302) -> str:
    answer = desk.post(PATH, {"do": do})
    assert answer.status_code == status
    return answer.content.decode()


def died_in(case_id: object, month: date, by: User, *, day: str = "14") -> None:
    raw = {"date_of_death_day": day, "date_of_death_month": str(month.month), "date_of_death_year": str(month.year)}
    raw["date_of_death_precision"] = "exact" if day else "estimated"
    page = intake.save_page(
        case_id=case_id,  # type: ignore[arg-type]
        page="overlijden",
        raw=raw,
        seen_version=intake.cases_for(by).get(pk=case_id).row_version,
        by=by,
    )
    assert page.problems == {}


def test_a_month_without_a_case_is_reported_shown_and_noted(desk: Client, physician: User, service: str) -> None:
    send(desk, f"report:{service}:{last_month()}")
    report = NilReport.objects.get()
    assert (report.service_id, report.month, report.by) == (service, last_month(), physician)
    assert [event.objects for event in events("nil.report")] == [[report.pk]]
    page = desk.get(PATH).content.decode()
    assert f"In {date_format(last_month(), 'F Y')}" not in page.split("<main")[0]
    assert "Geen drugsgerelateerd overlijden" in page
    assert "gemeld door arts.amsterdam" in page
    assert [event.objects for event in events("nil.list")][-1] == [report.pk]


@pytest.mark.parametrize("day", ["14", ""], ids=["a day", "the month alone"])
@pytest.mark.parametrize("mine", [True, False], ids=["own draft", "draft of a colleague"])
def test_a_month_with_a_case_is_not_reported_and_the_sentence_says_why(
    desk: Client, draft: Draft, colleague: User, physician: User, service: str, mine: bool, day: str
) -> None:
    who = physician if mine else colleague
    died_in(draft(by=who).pk, last_month(), who, day=day)
    page = send(desk, f"report:{service}:{last_month()}", 422)
    assert f"In {date_format(last_month(), 'F Y')} staat voor" in page
    assert not NilReport.objects.exists()
    assert "1 zaak" in page


def test_a_case_of_which_only_the_year_is_known_stands_in_the_way_of_no_month(
    desk: Client, draft: Draft, physician: User, service: str
) -> None:
    case = draft()
    raw = {"date_of_death_year": str(last_month().year), "date_of_death_precision": "estimated"}
    intake.save_page(case_id=case.pk, page="overlijden", raw=raw, seen_version=version(case), by=physician)
    send(desk, f"report:{service}:{last_month()}")
    assert NilReport.objects.exists()


def test_a_case_that_comes_later_is_told_beside_the_report(
    desk: Client, draft: Draft, physician: User, service: str
) -> None:
    send(desk, f"report:{service}:{last_month()}")
    died_in(draft().pk, last_month(), physician)
    assert "trek de melding in" in desk.get(PATH).content.decode()


def test_a_month_is_reported_once(desk: Client, service: str) -> None:
    send(desk, f"report:{service}:{last_month()}")
    assert "al gemeld" in send(desk, f"report:{service}:{last_month()}", 422)
    assert NilReport.objects.count() == 1


def test_a_report_is_withdrawn_and_the_trail_keeps_that_it_was_there(desk: Client, service: str) -> None:
    send(desk, f"report:{service}:{last_month()}")
    report = NilReport.objects.get()
    send(desk, f"withdraw:{report.pk}")
    assert not NilReport.objects.exists()
    assert [event.objects for event in events("nil.withdraw")] == [[report.pk]]
    assert [change.op for change in changes(tbl="register_nilreport")] == ["I", "D"]
    assert report.history.count() == 2
    send(desk, f"withdraw:{report.pk}", 404)


@pytest.mark.parametrize("text", ["", "report", "report:x", "report:{service}:gisteren", "report:{service}:{this}",
                                  "report:{service}:2019-01-01", "report:{service}:{middle}"])  # fmt: skip
def test_a_month_that_cannot_be_reported_gets_a_sentence(desk: Client, service: str, text: str) -> None:
    this = timezone.localdate().replace(day=1)
    page = send(desk, text.format(service=service, this=this, middle=last_month().replace(day=15)), 422)
    assert "Kies een maand die voorbij is" in page
    assert not NilReport.objects.exists()


def test_nobody_reports_or_withdraws_for_another_region(desk: Client, elsewhere: User, service: str) -> None:
    there = ForensicService.objects.filter(region_id=ROTTERDAM)[0].pk
    send(desk, f"report:{there}:{last_month()}", 404)
    send(desk, f"report:\x00:{last_month()}", 404)
    report = nil_reports.report(service=there, month=last_month(), by=elsewhere, today=timezone.localdate())
    send(desk, f"withdraw:{report.pk}", 404)
    send(desk, "withdraw:niets", 404)
    assert "Rotterdam" not in desk.get(PATH).content.decode()
    assert NilReport.objects.count() == 1


def test_a_coordinator_sees_every_service_of_the_region(client: Client, db: None) -> None:
    sign_in(client, User.objects.create_user("ggd.hoofd", role="coordinator", region_id=AMSTERDAM))
    page = client.get(PATH).content.decode()
    for service in ForensicService.objects.filter(region_id=AMSTERDAM, active=True):
        assert service.name in page

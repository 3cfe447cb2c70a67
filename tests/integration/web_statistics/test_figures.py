"""Cijfers: what people read on the page is what stands in the files."""

import csv
import io
import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from register.access import Refused, may
from register.models import Release, User
from register.reporting import releases
from register.reporting.headings import HEADINGS
from register.reporting.profiles import Profile
from register.web.statistics.published_rules import Rules
from register.workflow.verbs import Verb
from tests.integration.api.conftest import Publish
from tests.integration.web_statistics.conftest import At

pytestmark = pytest.mark.django_db(databases=["default", "stats"])


@pytest.mark.parametrize("role", ["statistician", "euda_reporter", "ews_analyst", "admin", "auditor", "jansen"])
def test_whoever_may_see_published_figures_does(at_desk: At, release: Release, role: str) -> None:
    desk = at_desk(role)
    for path in ("", f"{release.identifier}/", f"{release.identifier}/definition-sex/"):
        assert desk.get(f"/cijfers/{path}").status_code == 200


@pytest.mark.parametrize("path", ["", "x/", "x/group/", "x/group.csv"])
def test_a_physician_is_refused_with_a_sentence(at_desk: At, release: Release, path: str) -> None:
    answer = at_desk("arts").get(f"/cijfers/{path}")
    assert answer.status_code == 403
    refused = may(User.objects.get(username="arts"), Verb.READ_RELEASED)
    assert isinstance(refused, Refused)
    assert refused.nl in unescape(answer.content.decode())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_table_can_be_read_in_both_languages(at_desk: At, release: Release, language: str) -> None:
    desk = at_desk("statistician", language)
    for table in (name for name in HEADINGS if not name.startswith("rate-")):
        page = desk.get(f"/cijfers/{release.identifier}/{table}/").content.decode()
        assert f"/v1/releases/{release.identifier}/tables/{table}.csv" in page
        assert "REGISTER_TOKEN" in page
        assert f'lang="{language}"' in page


@pytest.mark.parametrize(
    ("language", "usual", "asked"),
    [
        ("nl", "Aantallen onder 5 worden verborgen", ("meer dan 90 procent", "worden getoond, omdat: Staat al vast.")),
        ("en", "Counts below 5 are suppressed", ("more than 90 per cent", "are shown, because: Staat al vast.")),
    ],
)
def test_the_page_of_a_release_says_by_which_rules_it_suppresses(
    at_desk: At, publish: Publish, language: str, usual: str, asked: tuple[str, ...]
) -> None:
    release = publish()
    ruled = publish(profile=Profile(dominant=90, waived=("definition-sex",), reason="Staat al vast."))
    desk = at_desk("statistician", language)
    pages = [unescape(desk.get(f"/cijfers/{one.identifier}/").content.decode()) for one in (release, ruled)]
    assert all(usual in page for page in pages)
    assert [[words in page for words in asked] for page in pages] == [[False, False], [True, True]]
    assert f'<a href="/cijfers/{ruled.identifier}/definition-sex/">T1' in pages[1]


@pytest.mark.parametrize(
    ("all_but", "words"),
    [(None, ""), (0, "Groepen waarvan alle sterfgevallen een middel"), (2, "alle sterfgevallen, of alle op 2 na, een")],
)
def test_the_rule_of_groups_is_told_with_how_many_may_differ(all_but: int | None, words: str) -> None:
    with translation.override("nl"):
        rules = {"rules": Rules(all_but=all_but, percent=None, waived=())}
        said = render_to_string("statistics/published_rules.html", rules)
    assert words in said
    assert ("beschermd" in said) == (all_but is not None)


def test_a_table_of_ages_does_not_say_that_it_counts_deaths(at_desk: At, release: Release) -> None:
    page = at_desk("statistician").get(f"/cijfers/{release.identifier}/age-mean/").content.decode()
    assert "<small>Gemiddelde leeftijd" in page
    assert "Aantal sterfgevallen" not in page


def test_the_page_shows_the_numbers_of_the_file_and_hides_what_it_hides(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician")
    page = desk.get(f"/cijfers/{release.identifier}/group-hierarchical/").content.decode()
    text = desk.get(f"/cijfers/{release.identifier}/group-hierarchical.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    shown = re.findall(r'<th scope="row">([^<]*)</th><td class="num([^"]*)">(.*?)</td>', page)
    assert len(shown) == len(rows)
    for row, (label, look, cell) in zip(rows, shown, strict=True):
        assert label == row["group_label"]
        if row["obs_value"]:
            assert cell == row["obs_value"]
            assert ("zero" in look) == (row["obs_value"] == "0")
        else:
            assert "hid" in look
            assert not re.search(r"\d", cell)


def test_rows_with_only_zeros_are_left_out_of_a_long_table_until_asked_for(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician")
    short = desk.get(f"/cijfers/{release.identifier}/substance/").content.decode()
    assert "zijn weggelaten" in short
    assert "naloxon" not in short
    assert "naloxon" in desk.get(f"/cijfers/{release.identifier}/substance/?alles=1").content.decode()


def test_the_count_can_be_chosen(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician", "en")
    assert "any mention" in desk.get(f"/cijfers/{release.identifier}/group/").content.decode().lower()
    page = desk.get(f"/cijfers/{release.identifier}/group/?telling=sole").content.decode()
    assert "Number of deaths, Sole substance" in page
    odd = desk.get(f"/cijfers/{release.identifier}/group/?telling=%00&jaar=x")
    assert odd.status_code == 200


def test_the_download_is_the_published_file(at_desk: At, release: Release) -> None:
    answer = at_desk("statistician").get(f"/cijfers/{release.identifier}/group.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{release.identifier}-group.csv"'
    assert answer.content == release.tables.get(name="group").files["csv"].encode()


def test_every_file_that_the_page_of_a_release_offers_is_given(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician")
    page = desk.get(f"/cijfers/{release.identifier}/").content.decode()
    offered = re.findall(r'class="button[^"]*" href="(/cijfers/[^"]+/(?:codebook|datapackage|workbook)\.[^"]+)"', page)
    assert {address.rpartition("/")[2] for address in offered} == {
        "codebook.csv", "codebook.json", "codebook.html", "datapackage.json", "workbook.xlsx"
    }  # fmt: skip
    for address in offered:
        answer = desk.get(address)
        assert answer.status_code == 200, address
        assert answer.content
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{release.identifier}-')


@pytest.mark.parametrize(
    "path",
    [
        "unknown/",
        "unknown/group/",
        "{}/unknown/",
        "{}/unknown.csv",
        "{}/group.xlsx",
        "{}/manifest.json",
        "{}/codebook/",
    ],
)
def test_what_is_not_published_is_not_found(at_desk: At, release: Release, path: str) -> None:
    assert at_desk("statistician").get(f"/cijfers/{path.format(release.identifier)}").status_code == 404


def test_a_retracted_release_is_gone_with_its_reason_and_its_description_stays(publish: Publish, at_desk: At) -> None:
    one, other = publish(), User.objects.get(username="devries")
    by = {"release_id": one.pk, "reason": "Dubbele telling.", "seen_version": one.row_version}
    releases.ask_retraction(**by, by=User.objects.get(username="jansen"))
    releases.retract(**by, by=other)
    desk = at_desk("statistician")
    for path in (f"{one.identifier}/group/", f"{one.identifier}/group.csv"):
        answer = desk.get(f"/cijfers/{path}")
        assert answer.status_code == 410
        assert "Dubbele telling." in answer.content.decode()
    assert desk.get(f"/cijfers/{one.identifier}/").status_code == 200


def test_without_signing_in_there_is_nothing_to_see(release: Release) -> None:
    answer = Client().get(f"/cijfers/{release.identifier}/")
    assert answer.status_code == 302


def test_the_tables_stand_in_the_order_of_the_plan(at_desk: At, release: Release) -> None:
    page = at_desk("statistician").get(f"/cijfers/{release.identifier}/").content.decode()
    listed = re.findall(rf'href="/cijfers/{release.identifier}/([a-z-]+)/"', page)
    assert listed == [name for name in HEADINGS if name in listed]
    numbers = re.findall(r'<span class="muted small">T(\d+)</span>', page)
    assert numbers == sorted(numbers, key=int)

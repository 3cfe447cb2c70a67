"""Releases after each other: which is the latest, what stays, what is gone."""

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from register.reporting import published_files, releases
from register.reporting.profiles import Profile
from register.workflow.release_transitions import ReleaseState
from tests.integration.api.conftest import Get, Publish
from tests.integration.reporting.closed_cases import people

pytestmark = pytest.mark.django_db(databases=["default", "stats", "owner"], transaction=True)


def test_latest_leads_to_the_newest_release_of_a_status(get: Get, publish: Publish) -> None:
    final = publish(ReleaseState.PUBLISHED_FINAL)
    provisional = publish()
    for status, expected in (
        ("definitief", final),
        ("final", final),
        ("voorlopig", provisional),
        ("provisional", provisional),
    ):
        answer = get(f"/v1/releases/latest?status={status}")
        assert (answer.status_code, answer["Location"]) == (302, f"/v1/releases/{expected.identifier}")
    assert get("/v1/releases/latest")["Location"].endswith(provisional.identifier)
    assert get("/v1/releases/latest?definition=sel_b").status_code == 404


def test_a_superseded_release_stays_and_is_no_longer_the_latest(get: Get, publish: Publish) -> None:
    first = publish()
    second = publish(ReleaseState.PUBLISHED_FURTHER_PROVISIONAL, supersedes=first.pk)
    body = get(f"/v1/releases/{first.identifier}").json()
    assert body["status"] == "superseded"
    assert get(body["files"][0]["url"].removeprefix("http://testserver")).status_code == 200
    assert get(f"/v1/releases/{second.identifier}").json()["supersedes"] == first.identifier
    assert get("/v1/releases/latest")["Location"].endswith(second.identifier)


def test_a_retracted_release_keeps_its_description_and_answers_410_for_its_files(
    get: Get, get_again: Get, publish: Publish
) -> None:
    release = publish()
    table = f"/v1/releases/{release.identifier}/tables/group.csv"
    assert [get_again(table).status_code for _ in range(2)] == [200, 200]
    _, jansen, devries = people()
    asked = releases.ask_retraction(
        release_id=release.pk, reason="Dubbele telling.", seen_version=release.row_version, by=jansen
    )
    releases.retract(release_id=release.pk, reason="Dubbele telling.", seen_version=asked.row_version, by=devries)
    body = get(f"/v1/releases/{release.identifier}").json()
    assert (body["status"], body["retractionReason"], body["files"]) == ("retracted", "Dubbele telling.", [])
    answer = get_again(table)
    assert answer.status_code == 410, "also where the server remembered the file"
    assert "Dubbele telling." in answer.json()["detail"]
    assert get("/v1/releases/latest").status_code == 404


def test_a_connection_that_broke_is_opened_anew_and_the_file_comes(get_again: Get, publish: Publish) -> None:
    table = f"/v1/releases/{publish().identifier}/tables/group.csv"
    first, second = get_again(table), get_again(table)
    connection.connection.close()
    assert [answer.status_code for answer in (first, second, get_again(table), get_again(table))] == [200] * 4


def test_pages_link_to_each_other(get: Get, publish: Publish) -> None:
    names = [publish().identifier for _ in range(3)][::-1]
    first = get("/v1/releases?limit=2")
    assert [one["id"] for one in first.json()["releases"]] == names[:2]
    assert first["Link"] == '<http://testserver/v1/releases?limit=2&offset=2>; rel="next"'
    last = get("/v1/releases?limit=2&offset=2")
    assert [one["id"] for one in last.json()["releases"]] == names[2:]
    assert last["Link"] == '<http://testserver/v1/releases?limit=2&offset=0>; rel="prev"'
    assert get("/v1/releases?status=definitief").json()["total"] == 0


def test_what_never_changes_of_releases_is_read_once_for_all_of_them(get: Get, publish: Publish) -> None:
    first, second = publish(), publish(profile=Profile(dominant=90))
    published_files.forget()
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connections["stats"]) as seen:
            body = get("/v1/releases").json()
        asked.append([one["sql"] for one in seen.captured_queries if '"published_file"' in one["sql"]])
    assert [len(each) for each in asked] == [2, 0], "the files and the manifests of both releases, and then nothing"
    told = {one["id"]: one for one in body["releases"]}
    assert told[first.identifier]["rules"] is None
    assert told[second.identifier]["rules"]["dominance"]["percent"] == 90
    for one in told.values():
        assert one["files"] == get(f"/v1/releases/{one['id']}").json()["files"]
        assert {file["url"].split("/")[5] for file in one["files"]} == {one["id"]}

"""What an organisation with a token reads over the API."""

import base64
import csv
import hashlib
import io
import json

import pytest
from django.conf import settings

from register.models import Release, ReleaseTable
from register.reporting import formats
from register.reporting.profiles import Profile
from tests.integration.api.conftest import Get, Publish

pytestmark = pytest.mark.django_db(databases=["default", "stats"])


def test_a_release_says_what_it_counts(get: Get, release: Release) -> None:
    body = get(f"/v1/releases/{release.identifier}").json()
    assert body["status"] == "provisional"
    assert (body["periodFrom"], body["periodTo"], body["definition"]) == (2016, 2016, "nl_broad")
    assert body["toxCompleteness"] == 100
    assert body["cutoff"].endswith("Z")
    assert body["supersedes"] is None


def test_a_release_says_its_rules_as_its_manifest_does_and_null_where_there_are_none(
    get: Get, publish: Publish
) -> None:
    release = publish()
    assert get(f"/v1/releases/{release.identifier}").json()["rules"] is None
    reason = "Staat al in het jaarbericht."
    ruled = publish(profile=Profile(dominant=90, waived=("definition-sex",), reason=reason))
    manifest = get(f"/v1/releases/{ruled.identifier}/manifest").json()
    assert manifest["rules"] == {
        "groupsSharingAnAnswer": None,
        "dominance": {"contributor": "forensic service", "percent": 90},
        "waivers": [{"table": "definition-sex", "reason": reason}],
    }
    assert get(f"/v1/releases/{ruled.identifier}").json()["rules"] == manifest["rules"]
    listed = {one["id"]: one["rules"] for one in get("/v1/releases").json()["releases"]}
    # The release that the other tests of this file share may stand in the list too.
    assert (listed[release.identifier], listed[ruled.identifier]) == (None, manifest["rules"])


def test_every_file_has_the_hash_that_the_manifest_promises_also_when_fetched_again(get: Get, release: Release) -> None:
    manifest = get(f"/v1/releases/{release.identifier}/manifest")
    assert (
        hashlib.sha256(manifest.content).hexdigest()
        == get(f"/v1/releases/{release.identifier}").json()["manifestSha256"]
    )
    for file in manifest.json()["files"]:
        once, again = (get(f"/v1/releases/{release.identifier}/{file['path']}") for _ in range(2))
        assert once.content == again.content
        assert hashlib.sha256(once.content).hexdigest() == file["sha256"]
        assert len(once.content) == file["bytes"]
        assert once["Content-Type"] == file["mediaType"]


def test_the_files_are_byte_for_byte_what_the_second_person_approved(get: Get, release: Release) -> None:
    for table in ReleaseTable.objects.filter(release=release):
        for extension, text in table.files.items():
            answer = get(f"/v1/releases/{release.identifier}/{formats.path_of(table.name, extension)}")
            assert answer.content == text.encode()


def test_csv_and_json_of_a_table_hold_the_same_cells(get: Get, release: Release) -> None:
    where = f"/v1/releases/{release.identifier}/tables/definition-sex"
    rows = list(csv.DictReader(io.StringIO(get(f"{where}.csv").content.decode(), newline="")))
    cells = json.loads(get(f"{where}.json").content)["cells"]
    assert [row["obs_value"] for row in rows] == [
        "" if cell["obs_value"] is None else str(cell["obs_value"]) for cell in cells
    ]
    by_sex = {row["sex"]: row["obs_value"] for row in rows if row["definition"] == "nl_broad"}
    assert by_sex == {"_T": "55", "male": "40", "female": "15", "other": "0", "_U": "0"}


def test_a_file_may_be_kept_for_ever_and_says_its_digest(get: Get, release: Release) -> None:
    answer = get(f"/v1/releases/{release.identifier}/tables/group.csv")
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
    assert answer["Content-Digest"] == f"sha-256=:{digest}:"
    assert answer["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer["Last-Modified"].endswith("GMT")
    assert answer["Vary"] == "Authorization"


@pytest.mark.parametrize("path", ["", "/manifest", "/tables/substance.csv", "/tables/substance.json"])
def test_what_the_client_has_is_not_sent_again(get: Get, release: Release, path: str) -> None:
    where = f"/v1/releases/{release.identifier}{path}"
    etag = get(where)["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = get(where, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == etag
        assert answer["API-Version"] == settings.API_VERSION
    assert get(where, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["", "/manifest", "/tables/substance.csv", "/tables/substance.json"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_other_bytes_than_the_client_asks_for_are_not_sent(get: Get, release: Release, path: str, method: str) -> None:
    where = f"/v1/releases/{release.identifier}{path}"
    etag = get(where)["ETag"]
    for wanted in (etag, f'"other", {etag}', "*"):
        assert get(where, method=method, headers={"If-Match": wanted}).status_code == 200
    for wanted in ('"other"', f"W/{etag}", "nonsense", ""):
        answer = get(where, method=method, headers={"If-Match": wanted, "If-None-Match": etag})
        assert answer.status_code == 412
        assert answer["Content-Type"] == "application/problem+json"
    both = {"If-Match": etag, "If-None-Match": etag}
    assert get(where, method=method, headers=both).status_code == 304


def test_head_answers_like_get_without_a_body(get: Get, release: Release) -> None:
    where = f"/v1/releases/{release.identifier}/tables/group.csv"
    full, head = get(where), get(where, method="head")
    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == full["ETag"]
    assert head["Content-Length"] == str(len(full.content))


def test_the_list_names_every_release_with_its_files(get: Get, release: Release) -> None:
    body = get("/v1/releases").json()
    assert [one["id"] for one in body["releases"]] == [release.identifier]
    assert (body["total"], body["limit"], body["offset"]) == (1, 50, 0)
    files = body["releases"][0]["files"]
    tables = {file["table"] for file in files} - {None}
    assert len(tables) == 32, "all tables of the plan, and no rates where there is no population"
    assert len(files) == len(tables) * len(formats.TABLE_KINDS) + 5
    assert {"url", "mediaType", "bytes", "sha256", "table", "name"} == set(files[0])
    assert {file["name"] for file in files if file["table"] is None} == {
        *("workbook.xlsx", "datapackage.json", "codebook.csv", "codebook.html", "codebook.json")
    }
    assert all(get(file["url"].removeprefix("http://testserver"), method="head").status_code == 200 for file in files)

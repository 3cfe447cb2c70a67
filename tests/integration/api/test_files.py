"""The forms of a table, the files about a whole release, the catalogue, and who may fetch them how often."""

import csv
import importlib
import io
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from register.api import limits
from register.models import Release
from register.reporting import formats
from tests.integration.api.conftest import Get

pytestmark = pytest.mark.django_db(databases=["default", "stats"])
KEY = ("time_period", "definition", "group", "measure")


def _table(get: Get, release: Release, suffix: str) -> bytes:
    answer = get(f"/v1/releases/{release.identifier}/tables/group.{suffix}")
    assert answer.status_code == 200
    return bytes(answer.content)


def test_every_form_of_a_table_has_the_same_numbers_and_hides_the_same_cells(get: Get, release: Release) -> None:
    cells = json.loads(_table(get, release, "json"))["cells"]
    expected = {tuple(cell[name] for name in KEY): cell["obs_value"] for cell in cells}
    assert None in expected.values()
    rows = csv.DictReader(io.StringIO(_table(get, release, "csv").decode(), newline=""))
    assert {tuple(row[name] for name in KEY): _number(row["obs_value"]) for row in rows} == expected
    dutch = csv.DictReader(io.StringIO(_table(get, release, "nl.csv").decode("utf-8-sig"), newline=""), delimiter=";")
    assert {tuple(row[name] for name in KEY): _number(row["obs_value"]) for row in dutch} == expected
    sdmx = csv.DictReader(io.StringIO(_table(get, release, "sdmx.csv").decode(), newline=""))
    found = {tuple(row[name.upper()] for name in KEY): row["OBS_VALUE"] for row in sdmx}
    assert {key: None if text == "NaN" else int(text) for key, text in found.items()} == expected
    stat = json.loads(_table(get, release, "jsonstat.json"))
    numbers = sorted(value for value in stat["value"] if value is not None)
    assert numbers == sorted(value for value in expected.values() if value is not None)
    assert sum(status == "Q" for status in stat["status"].values()) == list(expected.values()).count(None)
    (data,) = json.loads(_table(get, release, "sdmx.json"))["data"]["dataSets"]
    assert sorted(one[0] is None for one in data["observations"].values()) == sorted(
        v is None for v in expected.values()
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


@pytest.mark.parametrize("kind", formats.TABLE_KINDS, ids=lambda kind: str(kind.key))
def test_each_form_has_its_media_type_and_a_name_to_save_it_by(get: Get, release: Release, kind: formats.Kind) -> None:
    answer = get(f"/v1/releases/{release.identifier}/tables/age-ndm-sex.{kind.suffix}")
    assert answer["Content-Type"] == kind.media_type
    assert f'filename="{release.identifier}-age-ndm-sex.{kind.suffix}"' in answer["Content-Disposition"]
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("application/vnd.sdmx.data+csv;version=2.0.0", "sdmx.csv"),
        ("application/vnd.sdmx.data+json;version=2.0.0", "sdmx.json"),
        ("text/csv;q=0.5, application/vnd.sdmx.data+csv;version=2.0.0;q=0.9", "sdmx.csv"),
        ("text/html, text/*;q=0.1", "csv"),
        ("text/csv;q=nonsense, application/json;q=0.2", "json"),
    ],
)
def test_accept_leads_to_the_form_that_it_asks_for(get: Get, release: Release, accept: str, suffix: str) -> None:
    where = f"/v1/releases/{release.identifier}/tables/group"
    answer = get(where, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer["Location"]) == (302, f"{where}.{suffix}")
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("accept", ["application/pdf", "text/csv;q=0", "nonsense"])
def test_a_form_that_is_not_there_is_406(get: Get, release: Release, accept: str) -> None:
    answer = get(f"/v1/releases/{release.identifier}/tables/group", headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer["Content-Type"] == "application/problem+json"


def test_the_codebook_of_the_newest_release_is_found_at_one_address(get: Get, release: Release) -> None:
    for accept, suffix in (("", "json"), ("text/html", "html"), ("text/csv", "csv")):
        answer = get("/v1/codebook", headers={"Accept": accept} if accept else {})
        assert (answer.status_code, answer["Location"]) == (302, f"/v1/releases/{release.identifier}/codebook.{suffix}")
    page = get(f"/v1/releases/{release.identifier}/codebook.html")
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert "Opioïden" in page.content.decode()


def test_the_data_package_names_the_files_as_they_are_published(get: Get, release: Release) -> None:
    package = get(f"/v1/releases/{release.identifier}/datapackage.json").json()
    manifest = get(f"/v1/releases/{release.identifier}/manifest").json()
    hashes = {file["path"]: f"sha256:{file['sha256']}" for file in manifest["files"]}
    for resource in package["resources"]:
        assert resource["hash"] == hashes[resource["path"]]
        assert resource["bytes"] == len(get(f"/v1/releases/{release.identifier}/{resource['path']}").content)


# The reader uses a class of its own that it tells others not to use.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_catalogue_describes_each_release_as_a_data_set_with_all_its_files(get: Get, release: Release) -> None:
    answer = get("/v1/catalog")
    assert answer["Content-Type"] == "application/ld+json"
    rdflib = importlib.import_module("rdflib")
    graph = rdflib.Graph().parse(data=answer.content, format="json-ld")
    dcat, dct = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.DCTERMS
    dataset = rdflib.URIRef(f"http://testserver/v1/releases/{release.identifier}")
    for kind, (needed, once) in _asked_by_dcat_ap_nl(dct, dcat).items():
        (first, *others) = graph.subjects(rdflib.RDF.type, kind)
        for thing in (first, *others):
            assert [one for one in needed if graph.value(thing, one) is None] == [], thing
            assert [one for one in once if len(set(graph.objects(thing, one))) > 1] == [], thing
    assert graph.value(dataset, dcat.theme) == rdflib.URIRef(
        "http://publications.europa.eu/resource/authority/data-theme/HEAL"
    )
    found = set(graph.objects(dataset, dcat.distribution))
    files = get(f"/v1/releases/{release.identifier}").json()["files"]
    assert {str(one) for one in found} == {file["url"] for file in files}
    assert all(graph.value(one, dct.license) and graph.value(one, dcat.accessURL) == one for one in found)
    (catalogue,) = graph.subjects(rdflib.RDF.type, dcat.Catalog)
    assert graph.value(catalogue, dcat.dataset) == dataset
    assert graph.value(graph.value(catalogue, dcat.service), dcat.servesDataset) == dataset


def _asked_by_dcat_ap_nl(dct: Any, dcat: Any) -> dict[Any, tuple[list[Any], list[Any]]]:
    """By class what there must be, and what there may be only one of: minCount and maxCount of the shapes of 3.0."""
    described = [dct.title, dct.description, dct.publisher]
    known = [*described, dct.accessRights, dct.identifier, dcat.contactPoint, dcat.theme]
    once = [dct.identifier, dcat.contactPoint]
    service = [*known, dct.license, dcat.endpointURL, dcat.endpointDescription]
    return {
        dcat.Catalog: ([*described, dcat.contactPoint, dcat.dataset], [dcat.contactPoint]),
        dcat.Dataset: ([*known, dct.creator], [*once, dcat.version]),
        dcat.Distribution: ([dcat.accessURL, dct.license], [dcat.accessURL, dcat.downloadURL]),
        dcat.DataService: (service, [*once, dct.creator, dct.publisher, dcat.endpointURL, dcat.endpointDescription]),
        dcat.DatasetSeries: (described, []),
    }


def test_figures_for_everybody_need_no_token_and_may_be_kept_by_every_cache(
    release: Release, settings: LazySettings
) -> None:
    where = f"/v1/releases/{release.identifier}/tables/group.csv"
    assert Client().get(where).status_code == 401
    settings.PUBLIC_FIGURES = True
    answer = Client().get(where)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Client().get("/v1/releases")["Cache-Control"] == "public, no-cache"
    catalogue = Client().get("/v1/catalog").content.decode()
    assert "access-right/PUBLIC" in catalogue
    assert "CC_BY_4_0" in catalogue
    assert Client().get(where, headers={"Authorization": "Bearer unknown"}).status_code == 401


def test_too_many_requests_are_told_to_wait_each_caller_by_itself(
    get: Get, release: Release, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.forget()
    monkeypatch.setattr("register.api.limits.time.time", lambda: 6_000_000_010.0)
    settings.API_REQUESTS_PER_MINUTE = 2
    statuses = [get("/v1/releases").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    answer: Any = get("/v1/releases", headers={"Accept-Language": "en"})
    assert answer["Retry-After"] == "50"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Too many requests"
    settings.PUBLIC_FIGURES = True
    assert Client().get("/v1/releases").status_code == 200
    monkeypatch.setattr("register.api.limits.time.time", lambda: 6_000_000_070.0)
    assert get("/v1/releases").status_code == 200

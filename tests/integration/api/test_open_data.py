"""The open data service, walked as the clients of Statistics Netherlands walk it."""

import importlib
import io
from collections import Counter
from typing import Any

import pytest
from django.utils import timezone
from django.utils.http import urlencode

from register.models import PublishedRelease, Release
from tests.integration.api.conftest import Get

pytestmark = pytest.mark.django_db(databases=["default", "stats"])
BASE = "/v1/odata"


class CbsClient:
    """The requests of ``cbsodataR``, in its order: the service document, each list it names, then page after page."""

    def __init__(self, get: Get, *, page: int = 0) -> None:
        self._get = get
        self._headers = {"Prefer": f"odata.maxpagesize={page}"} if page else {}

    def metadata(self, table: str) -> dict[str, list[dict[str, Any]]]:
        top = self._json(f"{BASE}/ODataApi/odata/{table}")["value"]
        return {
            one["name"]: self._json(one["url"])["value"]
            for one in top
            if one["name"] not in ("TypedDataSet", "UntypedDataSet")
        }

    def data(self, table: str, data_set: str = "TypedDataSet", **query: str) -> list[dict[str, Any]]:
        asked = urlencode({"$format": "json", **{f"${name}": value for name, value in query.items()}})
        body = self._json(f"{BASE}/ODataFeed/odata/{table}/{data_set}?{asked}")
        rows = list(body["value"])
        while "odata.nextLink" in body:
            body = self._json(body["odata.nextLink"])
            rows += body["value"]
        return rows

    def _json(self, address: str) -> Any:
        answer = self._get(address.removeprefix("http://testserver"), headers=self._headers)
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture
def cbsodata(get: Get, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program ``cbsodata``; what it asks of the network is asked of the register in this process, with a token."""
    requests, module = importlib.import_module("requests"), importlib.import_module("cbsodata.cbsodata3")

    class Register(requests.adapters.BaseAdapter):  # type: ignore[misc]  # imported only where it runs
        def send(self, request: Any, **_: Any) -> Any:
            answer, found = get(request.path_url), requests.Response()
            found.status_code, found.url, found.request = answer.status_code, request.url, request
            found.headers.update(answer.headers)
            found.raw = io.BytesIO(answer.content)
            return found

        def close(self) -> None:
            """Nothing was opened."""

    class Session(requests.Session):  # type: ignore[misc]
        def get_adapter(self, url: str) -> Any:
            return Register()

    monkeypatch.setattr(module, "Session", Session)
    monkeypatch.setattr(module.options, "use_https", False)
    return module


@pytest.fixture
def client(get: Get) -> CbsClient:
    return CbsClient(get)


@pytest.fixture
def table(release: Release) -> str:
    return f"{release.identifier}.group"


def _cells(get: Get, release: Release) -> dict[tuple[str, str], int | None]:
    body = get(f"/v1/releases/{release.identifier}/tables/group.json").json()
    return {(cell["group"], cell["measure"]): cell["obs_value"] for cell in body["cells"]}


def test_the_walk_gives_the_published_numbers_with_null_for_what_is_hidden(
    client: CbsClient, get: Get, release: Release, table: str
) -> None:
    rows, published = client.data(table), _cells(get, release)
    found = {(row["Group"], code): row[topic] for row in rows for code, topic in (("any", "Any_1"), ("sole", "Sole_2"))}
    assert {key: value for key, value in found.items() if key in published} == published
    assert all(found[key] is None for key in found.keys() - published.keys())
    assert [row["ID"] for row in rows] == list(range(len(rows)))
    assert list(rows[0])[:2] == ["ID", "Perioden"]
    assert {row["Perioden"] for row in rows} == {"2016JJ00"}


def test_cbsodata_reads_the_tables_their_words_and_their_numbers(
    cbsodata: Any, get: Get, release: Release, table: str
) -> None:
    base = "testserver/v1/odata"
    assert table in {one["Identifier"] for one in cbsodata.get_table_list(catalog_url=base)}
    assert cbsodata.get_info(table, catalog_url=base)["Identifier"] == table
    titles = {one["Key"]: one["Title"] for one in cbsodata.get_meta(table, "Group", catalog_url=base)}
    rows = cbsodata.get_data(table, catalog_url=base)
    published = {code: value for (code, measure), value in _cells(get, release).items() if measure == "any"}
    wanted = Counter((titles[code], value) for code, value in published.items())
    assert wanted <= Counter((row["Group"], row["Any_1"]) for row in rows)
    assert {row["Perioden"] for row in rows} == {"2016"}
    asked = {"filters": "Group eq 'cocaine'", "select": ["Group", "Any_1"]}
    (one,) = cbsodata.get_data(table, catalog_url=base, **asked)
    assert one == {"Group": titles["cocaine"], "Any_1": published["cocaine"]}


def test_the_untyped_data_set_has_the_sign_of_statistics_netherlands_for_what_is_hidden(
    client: CbsClient, get: Get, release: Release, table: str
) -> None:
    published = _cells(get, release)
    for row in client.data(table, "UntypedDataSet"):
        value = published[row["Group"], "any"]
        assert row["Any_1"] == ("." if value is None else str(value))


def test_the_lists_explain_every_column_and_every_code(client: CbsClient, table: str) -> None:
    lists, rows = client.metadata(table), client.data(table)
    assert list(lists)[:3] == ["TableInfos", "DataProperties", "CategoryGroups"]
    properties = {one["Key"]: one for one in lists["DataProperties"]}
    assert ["ID", *properties] == list(rows[0])
    assert properties["Perioden"]["Type"] == "TimeDimension"
    assert [one["Type"] for one in properties.values()][-2:] == ["Topic", "Topic"]
    assert properties["Any_1"]["Unit"] == "sterfgevallen"
    for key in (key for key, one in properties.items() if one["Type"].endswith("Dimension")):
        assert {row[key] for row in rows} <= {one["Key"] for one in lists[key]}
    assert lists["Perioden"] == [{"Key": "2016JJ00", "Title": "2016", "Description": "", "Status": "Voorlopig"}]
    groups = {one["ID"]: one["Description"] for one in lists["CategoryGroups"]}
    heroin = next(one for one in lists["Group"] if one["Key"] == "opioid-illicit")
    assert groups[heroin["CategoryGroupID"]] == "opioid"
    assert lists["TableInfos"][0]["Identifier"] == table


def test_pages_follow_each_other_without_a_gap(get: Get, client: CbsClient, table: str) -> None:
    assert CbsClient(get, page=7).data(table) == client.data(table)
    few = CbsClient(get, page=2).data(table, top="5", filter="Group ne '_T'")
    assert few == client.data(table)[1:6]


def test_the_catalogue_of_tables_leads_to_each_of_them(client: CbsClient, get: Get, release: Release) -> None:
    rows = get(f"{BASE}/ODataCatalog/Tables?$format=json&$filter=Identifier eq 'group'").json()["value"]
    assert [row["Identifier"] for row in rows] == ["group"]
    assert rows[0]["ApiUrl"].endswith("/ODataApi/odata/group")
    released = timezone.localtime(PublishedRelease.objects.using("stats").get().published_at)
    assert rows[0]["Modified"] == f"{released:%Y-%m-%dT%H:%M:%S}"
    assert client.data("group") == client.data(f"{release.identifier}.group")
    every = get(f"{BASE}/ODataCatalog/Tables").json()["value"]
    assert {row["Identifier"] for row in every} >= {f"{release.identifier}.substance", "substance"}


def test_the_default_selection_of_a_table_is_a_question_to_it(client: CbsClient, get: Get, table: str) -> None:
    chosen = client.metadata(table)["TableInfos"][0]["DefaultSelection"]
    assert chosen == (
        "$filter=((Perioden eq '2016JJ00')) and ((RefArea eq 'NL')) and ((Group eq '_T'))"
        "&$select=Perioden, RefArea, Definition, Group, Any_1, Sole_2"
    )
    (row,) = get(f"{BASE}/ODataFeed/odata/{table}/TypedDataSet?{chosen}").json()["value"]
    assert (row["Group"], row["Any_1"]) == ("_T", 55)


def test_every_table_of_the_catalogue_stands_under_the_one_theme(client: CbsClient, get: Get, release: Release) -> None:
    catalog = {one["name"]: one["url"] for one in get(f"{BASE}/ODataCatalog").json()["value"]}
    assert list(catalog) == ["Tables", "Themes", "Tables_Themes"]
    lists = {name: get(url.removeprefix("http://testserver")).json()["value"] for name, url in catalog.items()}
    (theme,) = lists["Themes"]
    assert theme["Title"] == "Drugsgerelateerde sterfte"
    placed = get(f"{BASE}/ODataCatalog/Tables_Themes?$filter=ThemeID eq {theme['ID']}").json()["value"]
    assert [row["TableIdentifier"] for row in placed] == [row["Identifier"] for row in lists["Tables"]]


def test_the_case_of_an_address_does_not_matter(get: Get, table: str) -> None:
    usual = get(f"{BASE}/ODataFeed/odata/{table}/TypedDataSet").json()
    assert get(f"{BASE}/odatafeed/ODATA/{table.upper()}/typeddataset/").json() == usual


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Group eq 'cocaine'", {"cocaine"}),
        ("group EQ 'cocaine' OR Group eq 'opioid'", {"cocaine", "opioid"}),
        ("(Perioden eq '2016JJ00') and (Group eq 'cocaine' or Group eq 'opioid')", {"cocaine", "opioid"}),
        ("Group eq 'cocaine' and Perioden eq '2015JJ00'", set()),
        ("not (substringof('a', Group) or Group ne 'opioid')", {"opioid"}),
        ("startswith(Group, 'opioid') and endswith(Group, '-rx')", {"opioid-rx", "opioid-synth-rx"}),
        ("startswith('opioid-ill', Group)", {"opioid-illicit"}),
        ("Any_1 ge 55", {"_T"}),
        ("Any_1 gt 54.5 and Any_1 le 55", {"_T"}),
        ("Group eq null", set()),
        ("Any_1 eq '55'", set()),
        ("Group eq 'it''s'", set()),
    ],
)
def test_a_filter_chooses_rows(client: CbsClient, get: Get, table: str, asked: str, expected: set[str]) -> None:
    assert {row["Group"] for row in client.data(table, filter=asked)} == expected
    count = get(f"{BASE}/ODataFeed/odata/{table}/TypedDataSet/$count?{urlencode({'$filter': asked})}")
    assert count.content.decode() == str(len(expected))


def test_columns_and_counts_can_be_asked_for(client: CbsClient, get: Get, table: str) -> None:
    assert all(list(row) == ["Group", "Any_1"] for row in client.data(table, select="any_1, Group"))
    body = get(f"{BASE}/ODataFeed/odata/{table}/TypedDataSet?$inlinecount=allpages&$top=1").json()
    assert (body["odata.count"], len(body["value"])) == (str(len(client.data(table))), 1)


@pytest.mark.parametrize(
    "query",
    [
        "$filter=Group eq",
        "$filter=Group",
        "$filter=Nothing eq 'x'",
        "$filter=Group like 'x'",
        "$filter=Group eq 'x",
        "$filter=Group eq 'x' )",
        "$filter=" + "(" * 50 + "Group eq 'x'" + ")" * 50,
        "$filter=" + "x" * 5000,
        "$filter=substringof(Group)",
        "$filter=%00",
        "$filter=",
        "$select=Nothing",
        "$format=atom",
        "$top=-1",
        "$skip=ten",
        "$inlinecount=some",
        "$orderby=Group",
        "filter=x",
    ],
)
def test_a_wrong_query_is_400_with_a_sentence_at_its_parameter(get: Get, table: str, query: str) -> None:
    answer = get(f"{BASE}/ODataFeed/odata/{table}/TypedDataSet?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == query.split("=")[0]


@pytest.mark.parametrize(
    "path",
    [
        *("", "ODataFeed", "ODataFeed/odata", "ODataFeed/odata/unknown", "ODataFeed/odata/unknown.group"),
        *("ODataFeed/odata/group/Nothing", "ODataFeed/odata/group/TypedDataSet/x", "ODataApi/other/group"),
        *("ODataFeed/odata/manifest/TypedDataSet", "ODataFeed/odata/codebook", "ODataCatalog/x"),
    ],
)
def test_what_is_not_there_is_404(get: Get, release: Release, path: str) -> None:
    assert get(f"{BASE}/{path}").status_code == 404


def test_a_list_that_did_not_change_is_not_sent_again(get: Get, table: str) -> None:
    address = f"{BASE}/ODataApi/odata/{table}/Group"
    tag = get(address)["ETag"]
    assert get(address, headers={"If-None-Match": tag}).status_code == 304

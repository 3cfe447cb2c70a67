"""A deployment that opens its figures: anybody sees the releases for everybody, and nothing of any other."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from register.models import Release, User
from register.reporting import plans, releases
from register.reporting.errors import InvalidError
from tests.integration.api.conftest import Get, Publish
from tests.integration.reporting.closed_cases import people
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = pytest.mark.django_db(databases=["default", "stats"])
OF_A_RELEASE = (
    "/v1/releases/{}",
    "/v1/releases/{}/manifest",
    "/v1/releases/{}/tables/group.csv",
    "/v1/releases/{}/tables/group",
    "/v1/releases/{}/workbook.xlsx",
    "/v1/releases/{}/euda-workbook",
    "/v1/odata/ODataApi/odata/{}.group",
    "/v1/odata/ODataFeed/odata/{}.group/TypedDataSet",
    "/cijfers/{}/",
    "/cijfers/{}/group/",
    "/cijfers/{}/group.csv",
    "/cijfers/{}/euda.xlsx",
    "/cijfers/{}/beeld/jaren/",
)
LISTS = ("/v1/releases", "/v1/catalog", "/v1/odata/ODataCatalog/Tables", "/cijfers/")


@pytest.mark.django_db(databases=["default", "stats", "owner"], transaction=True)
def test_anybody_sees_what_is_for_everybody_and_nothing_of_what_is_not_or_not_yet(
    publish: Publish, get: Get, settings: Any
) -> None:
    shared = publish()
    kept = publish(public=False)
    hidden = publish(embargo_until=timezone.now() + timedelta(hours=1))
    _, jansen, _ = people()
    settings.PUBLIC_FIGURES = True
    draft = releases.draft(plan=_plan(public=True), by=jansen, now=timezone.now())
    anybody = Client()
    for path in OF_A_RELEASE:
        assert anybody.get(path.format(shared.identifier)).status_code in (200, 302), path
        for other in (kept, hidden, draft):
            assert anybody.get(path.format(other.identifier)).status_code == 404, (path, other.title)
    for path in LISTS:
        page = anybody.get(path).content.decode()
        assert shared.identifier in page, path
        assert not [one for one in (kept, hidden, draft) if one.identifier in page], path
    assert anybody.get("/v1/releases/latest")["Location"].endswith(shared.identifier)
    assert anybody.get("/v1/codebook")["Location"].startswith(f"/v1/releases/{shared.identifier}/")
    assert shared.identifier in anybody.get("/cijfers/beeld/")["Location"]
    assert anybody.get("/v1/odata/ODataApi/odata/group").status_code == 200
    _whoever_has_a_token_sees_more(get, shared, kept, hidden)
    _every_look_is_noted(anybody, shared, kept)
    settings.PUBLIC_FIGURES = False
    for path in (*(one.format(shared.identifier) for one in OF_A_RELEASE), *LISTS):
        assert anybody.get(path).status_code == (401 if path.startswith("/v1/") else 302), path


def _whoever_has_a_token_sees_more(get: Get, shared: Release, kept: Release, hidden: Release) -> None:
    """And caches between may keep for others only what others may see."""
    assert get("/v1/releases/latest")["Location"].endswith(kept.identifier)
    found = {one["id"]: one["access"] for one in get("/v1/releases").json()["releases"]}
    assert (found[shared.identifier], found[kept.identifier]) == ("public", "token")
    assert hidden.identifier not in found
    assert get(f"/v1/releases/{hidden.identifier}").status_code == 404
    for release, kind, for_anybody in ((shared, "public", 200), (kept, "private", 404)):
        path = f"/v1/releases/{release.identifier}/tables/group.csv"
        for answer in (get(path), get(path)):  # the second comes from memory
            assert answer["Cache-Control"] == f"{kind}, max-age=31536000, immutable"
        assert Client().get(path).status_code == for_anybody
    assert get("/v1/releases")["Cache-Control"] == "private, no-cache"
    assert Client().get("/v1/releases")["Cache-Control"] == "public, no-cache"
    catalogue = {one["@id"]: one for one in get("/v1/catalog").json()["@graph"]}
    for release, right in ((shared, "PUBLIC"), (kept, "RESTRICTED")):
        data_set = catalogue[f"http://testserver/v1/releases/{release.identifier}"]
        assert data_set["dct:accessRights"]["@id"].endswith(right)


def _every_look_is_noted(anybody: Client, shared: Release, kept: Release) -> None:
    before = max(look.id for look in looks())
    anybody.get(f"/cijfers/{shared.identifier}/group/")
    anybody.get(f"/cijfers/{shared.identifier}/group.csv")
    anybody.get(f"/cijfers/{kept.identifier}/group/")
    found = [look for look in looks() if look.id > before]
    assert [(look.code, look.outcome) for look in found] == [
        ("stats.read", "ok"),
        ("export.download", "ok"),
        ("stats.read", "denied"),
    ]
    assert {(look.actor, look.role, look.purpose) for look in found} == {("anonymous", "monitor", "statistiek")}
    assert kept.identifier not in str(found)


def test_the_lines_of_an_open_table_need_no_token(release: Release, settings: Any) -> None:
    settings.PUBLIC_FIGURES = True
    page = Client().get(f"/cijfers/{release.identifier}/group/").content.decode()
    assert "REGISTER_TOKEN" not in page
    assert f"pandas.read_csv(&quot;http://testserver/v1/releases/{release.identifier}/tables/group.csv&quot;)" in page


def test_open_figures_let_nobody_who_signs_in_past_the_second_factor_or_the_role(
    release: Release, settings: Any, db: None
) -> None:
    settings.PUBLIC_FIGURES = True
    where = f"/cijfers/{release.identifier}/"
    half, whole = Client(), Client()
    person = User.objects.create_user("lezer", role="statistician")
    sign_in(half, person, methods=("password",))
    assert half.get(where)["Location"].startswith("/aanmelden/")
    physician, _, _ = people()
    sign_in(whole, physician)
    assert whole.get(where).status_code == 403


def test_a_release_for_everybody_cannot_be_made_where_figures_are_not_open(settings: Any) -> None:
    _, jansen, _ = people()
    settings.PUBLIC_FIGURES = False
    with pytest.raises(InvalidError) as refused:
        releases.draft(plan=_plan(public=True), by=jansen, now=timezone.now())
    assert [fault.field for fault in refused.value.faults] == ["audience"]


def _plan(**changes: Any) -> releases.Plan:
    from register.workflow.release_transitions import ReleaseState

    values: dict[str, Any] = {
        "title": "Drugssterfte 2016",
        "definition": "nl_broad",
        "year_from": 2016,
        "year_to": 2016,
        "cut_off": timezone.now(),
        "target": ReleaseState.PUBLISHED_PROVISIONAL,
        **changes,
    }
    return plans.Plan(**values)

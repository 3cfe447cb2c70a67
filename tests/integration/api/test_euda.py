"""The workbook for the EU drugs agency over the API and on the page: the same file, refused alike."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from register.audit import acting_as
from register.models import Release, Substance
from tests.integration.api.conftest import Get
from tests.integration.web_statistics.conftest import at_desk

__all__ = ["at_desk"]

pytestmark = pytest.mark.django_db(databases=["default", "stats"])


def _forget_the_group_of_heroin() -> None:
    with acting_as("system:test"):
        heroin = Substance.objects.get(code="heroin")
        heroin.euda_group = None
        heroin.save()


def test_the_workbook_is_made_from_the_release_and_kept_by_its_tag(
    get: Get, release: Release, at_desk: Callable[..., Client]
) -> None:
    where = f"/v1/releases/{release.identifier}/euda-workbook"
    answer = get(where)
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{release.identifier}-euda-')
    assert answer["Cache-Control"] == "private, no-cache", "another mapping gives another workbook of the same release"
    assert get(where, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Method", "ST5 2016", "ST6"]
    desk = at_desk("euda_reporter")
    assert desk.get(f"/cijfers/{release.identifier}/euda.xlsx").content == answer.content
    assert f"/cijfers/{release.identifier}/euda.xlsx" in desk.get(f"/cijfers/{release.identifier}/").content.decode()
    assert get("/v1/releases/unknown/euda-workbook").status_code == 404
    assert desk.get("/cijfers/unknown/euda.xlsx").status_code == 404


def test_while_a_substance_has_no_group_it_is_refused_with_the_list(
    get: Get, release: Release, at_desk: Callable[..., Client]
) -> None:
    _forget_the_group_of_heroin()
    answer = get(f"/v1/releases/{release.identifier}/euda-workbook", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == "This cannot be made yet. No place in the workbook have: heroin."
    page = at_desk("euda_reporter").get(f"/cijfers/{release.identifier}/euda.xlsx")
    assert page.status_code == 409
    assert "een EUDA-groep voor dit middel" in page.content.decode()
    assert "heroïne" in page.content.decode()

"""The lines beside a table and a chart run as they stand, and give the numbers of the page."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pandas
import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from register.access import issue_token
from register.models import User
from register.web.statistics.pictures import CHARTS
from register.workflow.release_transitions import ReleaseState
from tests.integration.api.conftest import publish_release
from tests.integration.reporting.closed_cases import Closed, store
from tests.integration.web_statistics.conftest import At

pytestmark = pytest.mark.django_db(databases=["default", "stats", "owner"], transaction=True)
CHOICES = (
    "jaren/?telling=sole&groep=cocaine",
    "jaren/?van=2016",
    "intentie/?groep=opioid&telling=any",
    "leeftijd/?leeftijd=ndm",
)
CASES = [
    *(Closed(day=date(year, 5, 1), age=age) for year in (2015, 2016) for age in range(20, 50)),
    *(Closed(sex="female", substances=[("cocaine", "sole_cause")], age=33, intent="suicide") for _ in range(12)),
    *(Closed(sex="female", substances=[("mdma", "joint_cause"), ("ghb", "joint_cause")]) for _ in range(3)),
]


def _page(desk: Client, server: LiveServer, path: str) -> str:
    where = urlsplit(server.url)
    answer = desk.get(path, SERVER_NAME=str(where.hostname), SERVER_PORT=str(where.port))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def _python(page: str) -> str:
    return re.findall(r'<strong>Python</strong><code class="lines" tabindex="0">(.*?)</code>', page, re.DOTALL)[0]


def _run(lines: str) -> pandas.DataFrame:
    known: dict[str, Any] = {}
    exec(lines, known)  # noqa: S102 - this is what a reader does with them
    found = known["df"]
    assert isinstance(found, pandas.DataFrame)
    return found


def test_python_gives_the_numbers_of_each_chart_and_table(
    transactional_db: None,
    at_desk: At,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
) -> None:
    store(CASES)
    publish_release(ReleaseState.PUBLISHED_FINAL, year_from=2015, year_to=2015)
    newest = publish_release().identifier
    admin = User.objects.create_user("beheer", role="admin")
    _, token = issue_token(organisation="NDM", by=admin, expires_at=timezone.now() + timedelta(hours=1))
    monkeypatch.setenv("REGISTER_TOKEN", token)
    desk = at_desk("statistician")
    for chart in (*(f"{name}/" for name in CHARTS), *CHOICES):
        page = _page(desk, live_server, f"/cijfers/{newest}/beeld/{chart}")
        found = _run(_python(page))
        cells = re.findall(r'<td class="num[^"]*">(.*?)</td>', page.split("<tbody>")[1])
        shown = sorted(float(cell.replace(".", "")) for cell in cells if re.fullmatch(r"[\d.]+", cell))
        assert sorted(found["obs_value"].dropna()) == shown, chart
        assert sum("·" in cell for cell in cells) == (found["conf_status"] == "C").sum(), chart
    trend = _run(_python(_page(desk, live_server, f"/cijfers/{newest}/beeld/jaren/")))
    assert len(set(trend["release_id"])) == 2, "earlier years come from the release that has them"
    whole = _run(_python(_page(desk, live_server, f"/cijfers/{newest}/group/")))
    assert set(whole["measure"]) == {"any", "sole"}
    settings.PUBLIC_FIGURES = True
    monkeypatch.delenv("REGISTER_TOKEN")
    page = _page(desk, live_server, f"/cijfers/{newest}/beeld/jaren/")
    assert "REGISTER_TOKEN" not in page
    assert len(_run(_python(page))) == len(trend)

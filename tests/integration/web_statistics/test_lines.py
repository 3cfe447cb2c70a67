"""The lines beside a table and a chart run as they stand, and give the numbers of the page."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date, timedelta
from html import unescape
from pathlib import Path
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


def _lines(page: str, language: str) -> str:
    return re.findall(rf'<strong>{language}</strong><code class="lines" tabindex="0">(.*?)</code>', page, re.DOTALL)[0]


def _python(page: str) -> str:
    return _lines(page, "Python")


def _run(lines: str) -> pandas.DataFrame:
    known: dict[str, Any] = {}
    exec(lines, known)  # noqa: S102 - this is what a reader does with them
    found = known["df"]
    assert isinstance(found, pandas.DataFrame)
    return found


# Each file with lines, in a room of its own; what it left in ``d`` is written beside it.
R_RUNS_EACH = """
for (file in commandArgs(TRUE)) {
  room <- new.env()
  source(file, local = room)
  write.csv(room$d, paste0(file, ".csv"), row.names = FALSE, na = "")
}
"""


def _run_r(folder: Path, lines: Mapping[str, str]) -> dict[str, pandas.DataFrame]:
    """What the lines of R leave in ``d``, by the name they go by here."""
    files = {name: folder / f"{number}.R" for number, name in enumerate(lines)}
    for name, file in files.items():
        file.write_text(lines[name], encoding="utf-8")
    command = ["Rscript", "-e", R_RUNS_EACH, *map(str, files.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name: pandas.read_csv(f"{file}.csv") for name, file in files.items()}


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


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed here, so its lines do not run")
def test_r_gives_what_python_gives_with_a_token_and_without(
    transactional_db: None,
    at_desk: At,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    store(CASES)
    publish_release(ReleaseState.PUBLISHED_FINAL, year_from=2015, year_to=2015)
    newest = publish_release().identifier
    admin = User.objects.create_user("beheer", role="admin")
    _, token = issue_token(organisation="NDM", by=admin, expires_at=timezone.now() + timedelta(hours=1))
    desk = at_desk("statistician")
    charts = [f"beeld/{one}" for one in (*(f"{name}/" for name in CHARTS), *CHOICES)]

    def compare(paths: list[str], *, public: bool) -> None:
        settings.PUBLIC_FIGURES = public
        pages = {path: _page(desk, live_server, f"/cijfers/{newest}/{path}") for path in paths}
        assert all(("REGISTER_TOKEN" in page) != public for page in pages.values())
        found = _run_r(tmp_path, {path: _lines(page, "R") for path, page in pages.items()})
        for path, page in pages.items():
            wanted = _run(_python(page)).reset_index(drop=True)
            pandas.testing.assert_frame_equal(found[path], wanted, check_dtype=False, obj=path)

    monkeypatch.setenv("REGISTER_TOKEN", token)
    compare([*charts, "group/", "circumstances/"], public=False)
    monkeypatch.delenv("REGISTER_TOKEN")
    compare(["beeld/jaren/", "beeld/regio/", "group/"], public=True)

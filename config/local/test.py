"""``make test``: the whole suite against fresh servers; ``make test ARGS="-k word tests/unit"`` for a part of it."""

import json
import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from config.local import venv
from config.local.places import CHECKOUT, VENV
from config.local.refusal import CannotRunError, explained, listen_for_stop
from config.local.testing import fresh_servers, run_against

# The whole suite must run this share of the lines and branches of register and config; a part of it need not.
COVER = 95
# Each worker has a database server, a broker and at times a browser of its own.
MOST_WORKERS = 4
# Chromium without a window of its own opens a page for a quarter of the work; it is tried to install once. What people
# have is the whole browser, which serves as well.
WINDOWLESS = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ASKED = VENV / "browser.asked"


def main() -> int:
    """Prepare packages, browser and servers; the status is pytest's."""
    listen_for_stop()
    venv.enter("config.local.test", development=True)
    chosen = sys.argv[1:]
    browser = find_browser(needed=not chosen)
    command = [sys.executable, "-m", "pytest", *chosen]
    workers = 1 if chosen else min(os.cpu_count() or 1, MOST_WORKERS)
    if not chosen:
        command += ["--numprocesses", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", **({"CHROMIUM": browser} if browser else {})}
    with ExitStack() as stack:
        servers = [stack.enter_context(fresh_servers(durable=False)) for _ in range(workers)]
        environment["REGISTER_TEST_SERVERS"] = json.dumps({f"gw{number}": one for number, one in enumerate(servers)})
        variables = {**servers[0], **environment}
        return run_against(command, variables) if chosen else _covered(command, variables)


def _covered(command: list[str], variables: dict[str, str]) -> int:
    """The suite's exit status, or that of the judgement of what it ran (settings: pyproject.toml)."""
    measure = [sys.executable, "-m", "slipcover"]
    measured = str(Path(variables["STATE_DIR"]) / "coverage.json")
    status = run_against([*measure, "--json", "--out", measured, *command[1:], "-p", "tests.covering"], variables)
    # In two steps, because slipcover prints nothing of its workers when it judges them in the same process.
    judge = ["--merge", measured, "--out", f"{measured}.judged", "--fail-under", str(COVER)]
    return status or run_against([*measure, *judge], variables)


def find_browser(*, needed: bool) -> str:
    """The path of Chromium, rather without a window; empty when there is none and a part of the suite was chosen.

    :raises CannotRunError: when the journeys need it and it cannot be installed.
    """
    found = installed_browser(WINDOWLESS, *BROWSERS)
    if not needed or Path(found).name == WINDOWLESS or (found and ASKED.exists()):
        return found
    ASKED.touch()
    for package in (WINDOWLESS,) if found else (WINDOWLESS, BROWSERS[0]):
        if os.geteuid() == 0 and venv.apt_install(package) and (installed := installed_browser(package)):
            return installed
    if found:
        return found
    raise CannotRunError(
        "The journeys need Chromium: install it with `apt-get install chromium`, "
        'or run the other tests with `make test ARGS="tests/unit tests/integration tests/architecture"`.'
    )


def installed_browser(*names: str) -> str:
    """The path of the first of these that is installed; empty when none is."""
    return next((path for name in names if (path := shutil.which(name))), "")


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)

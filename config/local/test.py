"""``make test``: the whole suite against fresh servers; ``make test ARGS="-k word tests/unit"`` for a part of it."""

import json
import os
import shutil
import sys
from contextlib import ExitStack

from config.local import venv
from config.local.places import CHECKOUT
from config.local.refusal import CannotRunError, explained, listen_for_stop
from config.local.testing import fresh_servers, run_against

# The whole suite must run this share of the lines and branches of register and config; a part of it need not.
COVER = 95
# Each worker has a database server, a broker and at times a browser of its own.
MOST_WORKERS = 4
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Prepare packages, browser and servers; the status is pytest's."""
    listen_for_stop()
    venv.enter("config.local.test", development=True)
    chosen = sys.argv[1:]
    browser = find_browser(needed=not chosen)
    command = [sys.executable, "-m", "pytest", *chosen]
    workers = 1 if chosen else min(os.cpu_count() or 1, MOST_WORKERS)
    if not chosen:
        command += ["--numprocesses", str(workers), "--dist", "loadfile"]
        command += ["--cov", "--cov-report=term:skip-covered", f"--cov-fail-under={COVER}"]
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", **({"CHROMIUM": browser} if browser else {})}
    with ExitStack() as stack:
        servers = [stack.enter_context(fresh_servers(durable=False)) for _ in range(workers)]
        # What the workers covered is gathered in one place.
        for one in servers:
            one["COVERAGE_FILE"] = servers[0]["COVERAGE_FILE"]
        environment["REGISTER_TEST_SERVERS"] = json.dumps({f"gw{number}": one for number, one in enumerate(servers)})
        return run_against(command, {**servers[0], **environment})


def find_browser(*, needed: bool) -> str:
    """The path of Chromium; empty when there is none and a part of the suite was chosen.

    :raises CannotRunError: when the journeys need it and it cannot be installed.
    """
    found = _installed_browser()
    if found or not needed:
        return found
    if os.geteuid() == 0 and venv.apt_install("chromium") and (installed := _installed_browser()):
        return installed
    raise CannotRunError(
        "The journeys need Chromium: install it with `apt-get install chromium`, "
        'or run the other tests with `make test ARGS="tests/unit tests/integration tests/architecture"`.'
    )


def _installed_browser() -> str:
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)

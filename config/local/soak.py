"""``make soak``: the long tests in full, against fresh servers; ``make soak ARGS=-k word`` for one of them."""

import sys

from config.local import venv
from config.local.places import CHECKOUT
from config.local.refusal import explained, listen_for_stop
from config.local.test import BROWSERS, installed_browser
from config.local.testing import fresh_servers, run_against

CHOSEN = "soak or scaled"


def main() -> int:
    """Run what ``make test`` leaves out, and in full what it does a little of; the status is pytest's."""
    listen_for_stop()
    venv.enter("config.local.soak", development=True)
    browser = installed_browser(*BROWSERS)  # the whole browser, as people have it
    command = [sys.executable, "-m", "pytest", "-m", CHOSEN, "-v", *sys.argv[1:]]
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "REGISTER_SOAK": "1"}
    with fresh_servers(durable=False) as variables:
        return run_against(command, {**variables, **environment, **({"CHROMIUM": browser} if browser else {})})


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)

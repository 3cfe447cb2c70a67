"""What the running register wrote down for the commands of an operator in another terminal.

``make run`` keeps the addresses of its servers in ``environment.json`` of the state folder (mode 0600) as long as it
runs; ``manage.py`` takes from it what the environment does not say itself.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from config.local.keys import write_private
from config.local.places import VENV_PYTHON, state_folder

NAME = "environment.json"
LOGINS = "logins.txt"
STEPS = "REGISTER_STEPS"  # the file descriptor on which a preparing process tells what it does


def write(state: Path, variables: Mapping[str, str]) -> None:
    """Keep the variables for the commands of an operator."""
    write_private(state / NAME, json.dumps(dict(variables), indent=1))


def read(state: Path) -> dict[str, str]:
    """The variables of the running register; none when it does not run or this user may not read them."""
    try:
        found = json.loads((state / NAME).read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()}


def forget(state: Path) -> None:
    """The register does not run any more."""
    (state / NAME).unlink(missing_ok=True)


def adopt() -> None:
    """Take the variables of the running register, unless this environment names a database itself."""
    if os.environ.get("DATABASE_URL", "").strip():
        return
    for name, value in read(state_folder()).items():
        os.environ.setdefault(name, value)


def enter_packages() -> None:
    """Continue in ``.venv`` when the interpreter that was called has no Django, as in ``python3 manage.py``."""
    try:
        import django  # noqa: F401 - only whether it is there
    except ImportError:
        if not VENV_PYTHON.exists() or Path(sys.prefix).resolve() == VENV_PYTHON.parent.parent.resolve():
            sys.exit("The packages of the register are not installed: start `make run` once, then try again.")
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), *sys.argv])  # noqa: S606 - our own interpreter

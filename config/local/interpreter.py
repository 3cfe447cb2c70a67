"""Which Python makes ``.venv``: the one that was asked for, or the machine's own where that is faster."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

OPTIMISED = "--enable-optimizations"
# Debian and others build their Python with a profile of what it runs, whatever its configuration says.
OF_THE_MACHINE = Path("/usr/bin")
# A Python that can make an environment, in the version that asks.
ASKED = "import ensurepip, sys, venv; print(*sys.version_info[:2], sep='.')"


def chosen(
    environment: Mapping[str, str],
    *,
    configuration: str = sysconfig.get_config_var("CONFIG_ARGS") or OPTIMISED,
    folder: Path = OF_THE_MACHINE,
) -> str:
    """The path of the interpreter that makes the environment.

    It is the one that runs, outside any environment. One that was built without its optimisations, as pyenv does by
    itself, takes up to half as long again for the same work: then the machine's own of the same version is used
    instead, where it is complete. Whoever names one by PYTHON gets that one.
    """
    running = _outside_an_environment()
    if environment.get("PYTHON") or OPTIMISED in configuration:
        return running
    own = folder / f"python{_version()}"
    return str(own) if _complete(own) else running


def _outside_an_environment() -> str:
    """This verb may have been started from an activated environment."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _complete(python: Path) -> bool:
    if not os.access(python, os.X_OK):
        return False
    try:
        answer = subprocess.run([python, "-c", ASKED], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:  # a file that this machine cannot run
        return False
    return answer.stdout.strip() == _version()

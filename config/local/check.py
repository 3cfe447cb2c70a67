"""``make check``: everything that can be judged without running the register. All checks run, then it fails if one did.

No check needs a database; the addresses below lead nowhere, so that one which tries is found out.
"""

import os
import secrets
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from config.local import venv
from config.local.places import CHECKOUT, SOURCES
from config.local.refusal import explained, listen_for_stop

PYTHON = sys.executable
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
# A deployment as docs/operator.md asks for it.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "ALLOWED_HOSTS": "register.example",
    "DEMO": "0",
    "PUBLIC_URL": "https://register.example",
    "EMAIL_HOST": "mail.example",
    "EMAIL_FROM": "register@register.example",
    "FACTOR_KEYS": f"check:{secrets.token_urlsafe(32)}",
}


@dataclass(frozen=True)
class Check:
    """One judgement: its name as a person says it, and the command that gives it."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def manage(*arguments: str) -> tuple[str, ...]:
    """An operator's verb as a command; without a database Django cannot compare the history of migrations and warns."""
    return (PYTHON, "-W", "ignore:Got an error checking a consistent:RuntimeWarning", "manage.py", *arguments)


CHECKS = (
    Check("format", (PYTHON, "-m", "ruff", "format", "--check", *SOURCES)),
    Check("lint", (PYTHON, "-m", "ruff", "check", *SOURCES)),
    Check("types", (PYTHON, "-m", "mypy")),
    Check("contracts between rooms", (PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()")),
    Check("missing migrations", manage("makemigrations", "--check", "--dry-run")),
    Check("deployment", manage("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Check("diagrams of the states", (PYTHON, "-m", "register.workflow.diagram", "--check")),
    Check("interface description", manage("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)),
    Check("messages", (PYTHON, "-m", "config.local.messages")),
    Check("locked packages", (PYTHON, "-m", "config.local.locks")),
)


def main() -> int:
    """Run all checks, two at a time; 1 when one of them failed."""
    listen_for_stop()
    venv.enter("config.local.check", development=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        # The types take longest, so they start first; the lines come in the order of the table.
        order = sorted(CHECKS, key=lambda check: check.name != "types")
        outcomes = {check.name: pool.submit(judge, check) for check in order}
        failed = [check for check in CHECKS if not report(check, outcomes[check.name])]
    for check in failed:
        done = outcomes[check.name].result()
        print(f"\n== {check.name}: {' '.join(check.command[1:])}\n{(done.stdout + done.stderr).rstrip()}")
    if failed:
        print(f"\n{len(failed)} of {len(CHECKS)} checks failed; `make fix` mends what a tool can mend.")
    return 1 if failed else 0


def judge(check: Check) -> "subprocess.CompletedProcess[str]":
    """The finished command of a check, with an environment that names no real database and no real secret."""
    placeholders = {
        "DATABASE_URL": NOWHERE,
        "DATABASE_OWNER_URL": NOWHERE,
        "DATABASE_STATS_URL": NOWHERE,
        "DATABASE_VIEWER_URL": NOWHERE,
        "DATABASE_KEEPER_URL": NOWHERE,
        "CELERY_BROKER_URL": "memory://",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        check.command,
        cwd=CHECKOUT,
        env={**os.environ, **placeholders, **check.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def report(check: Check, outcome: "Future[subprocess.CompletedProcess[str]]") -> bool:
    """Print one line and tell whether the check passed."""
    passed = outcome.result().returncode == 0
    print(f"{'ok    ' if passed else 'failed'}  {check.name}", flush=True)
    return passed


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)

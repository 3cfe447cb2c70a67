"""``make fix``: what a tool can mend, it mends."""

import subprocess
import sys

from config.local import venv
from config.local.places import CHECKOUT, SOURCES
from config.local.refusal import explained, listen_for_stop

REPAIRS = (
    ("lint", ("-m", "ruff", "check", "--fix", "--quiet", *SOURCES)),
    ("format", ("-m", "ruff", "format", "--quiet", *SOURCES)),
    ("diagrams of the states", ("-m", "register.workflow.diagram")),
    ("messages", ("-m", "config.local.messages")),
)


def main() -> int:
    """Run all repairs; 1 when one of them leaves something to a person."""
    listen_for_stop()
    venv.enter("config.local.fix", development=True)
    left = 0
    for name, command in REPAIRS:
        done = subprocess.run([sys.executable, *command], cwd=CHECKOUT, stdin=subprocess.DEVNULL)
        print(f"{'ok    ' if done.returncode == 0 else 'left  '}  {name}", flush=True)
        left += done.returncode != 0
    return 1 if left else 0


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)

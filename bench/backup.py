"""A backup of 50,000 cases, and the drill that puts it back: seconds and size.

Run by ``make bench ARGS=backup``. The cases are those of the benchmark of worklists.
"""

import subprocess
import sys
import time

from django.core.management import call_command
from django.db import connections

from bench.worklist import CASES, fill, people


def main() -> None:
    """Fill the register, back it up and drill; the lines of the drill are its own."""
    started = time.perf_counter()
    fill(*people())
    print(f"{CASES:,} cases with history and trail written in {time.perf_counter() - started:.0f} s", flush=True)
    call_command("make_trail_keys", verbosity=0)
    for connection in connections.all():
        connection.close()
    for verb in ("backup", "restore_drill"):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", f"config.local.{verb}"], check=True)
        print(f"{verb}: {time.perf_counter() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()

"""``make bench-disclosure``: the disclosure engine on the reference tables, no server; ``ARGS="A B"`` for some."""

import sys

from config.local import venv
from config.local.places import CHECKOUT
from config.local.refusal import explained
from config.local.testing import run_against


def main() -> int:
    """Run the benchmark in the virtual environment."""
    venv.enter("config.local.bench_disclosure", development=True)
    return run_against([sys.executable, "-m", "bench.disclosure_instances", *sys.argv[1:]], {})


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)

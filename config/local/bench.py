"""``make bench``: every benchmark in ``bench/`` on fresh durable servers; ``make bench ARGS=recognition`` for one."""

import sys

from config.local import venv
from config.local.places import CHECKOUT
from config.local.refusal import CannotRunError, explained, listen_for_stop
from config.local.testing import fresh_servers, run_against

MAIN = 'if __name__ == "__main__":'


def benchmarks() -> list[str]:
    """Names of the files in ``bench/`` that can be run by themselves."""
    files = sorted((CHECKOUT / "bench").glob("*.py"))
    return [file.stem for file in files if MAIN in file.read_text(encoding="utf-8")]


def main() -> int:
    """Run the chosen benchmarks, or all; 1 when one of them fails."""
    listen_for_stop()
    venv.enter("config.local.bench", development=True)
    known = benchmarks()
    chosen = sys.argv[1:] or known
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise CannotRunError(f"There is no benchmark {unknown[0]}: choose from {', '.join(known)}.")
    failed = 0
    with fresh_servers(durable=True) as variables:
        variables = {**variables, "DJANGO_SETTINGS_MODULE": "config.settings.local"}
        for command in (
            ["migrate", "--database", "owner", "--verbosity", "0"],
            ["load_vocabularies", "--verbosity", "0"],
        ):
            if run_against([sys.executable, "manage.py", *command], variables) != 0:
                raise CannotRunError("The database for the benchmarks could not be made: read the lines above.")
        for name in chosen:
            print(f"== {name}", flush=True)
            failed += run_against([sys.executable, "-m", f"bench.{name}"], variables) != 0
    return 1 if failed else 0


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)

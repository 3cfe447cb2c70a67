"""``make restore-drill``: put the newest backup back in an empty cluster and check all of it.

``make restore-drill ARGS="FILE --anchor PATH"`` for another backup, or another copy of the anchor.
"""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

from config.local import venv
from config.local.places import state_folder
from config.local.refusal import explained, listen_for_stop


def main() -> int:
    """Prepare the packages, then drill; 0 only when everything holds."""
    parser = ArgumentParser(prog="make restore-drill", description=__doc__)
    parser.add_argument("backup", nargs="?", type=Path, metavar="FILE", help="the newest of BACKUP_DIR when not given")
    parser.add_argument("--anchor", type=Path, metavar="PATH", help="the anchor as it is now; TRAIL_ANCHOR otherwise")
    parser.add_argument(
        "--known-older-to", nargs=2, default=(), metavar="NAME", help="two people who know that the anchor is newer"
    )
    asked = parser.parse_args()
    listen_for_stop()
    venv.enter("config.local.restore_drill", development=False)
    from config.local import drill, restoring  # only now the packages are there
    from config.local.backup_keys import Places

    places = Places.of(state_folder())
    if asked.anchor:
        places = replace(places, anchor=asked.anchor.absolute())
    return drill.drill(asked.backup, places, restoring.two_people(asked.known_older_to))


if __name__ == "__main__":
    explained(main, folder=state_folder())

"""``make restore ARGS="FILE --by NAME"``: put a backup back and work on from there (the steps: docs/operator.md)."""

from argparse import ArgumentParser
from pathlib import Path

from config.local import venv
from config.local.places import state_folder
from config.local.refusal import explained, listen_for_stop


def main() -> int:
    """Prepare the packages, then put the backup back."""
    parser = ArgumentParser(prog="make restore", description=__doc__)
    parser.add_argument("backup", type=Path, metavar="FILE", help="the backup, with its manifest beside it")
    parser.add_argument("--by", required=True, metavar="NAME", help="who puts it back, as the trail will tell")
    parser.add_argument(
        "--known-older-to", nargs=2, default=(), metavar="NAME", help="two people who know that the anchor is newer"
    )
    asked = parser.parse_args()
    listen_for_stop()
    venv.enter("config.local.restore", development=False)
    from config.local import recovery, restoring  # only now the packages are there
    from config.local.backup_keys import Places

    return recovery.recover(
        asked.backup.absolute(),
        Places.of(state_folder()),
        by=asked.by,
        acknowledged=restoring.two_people(asked.known_older_to),
        state=state_folder(),
    )


if __name__ == "__main__":
    explained(main, folder=state_folder())

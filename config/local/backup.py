"""``make backup``: an encrypted dump of the whole register; ``make backup ARGS="--to FOLDER"`` for another folder."""

from argparse import ArgumentParser
from pathlib import Path

from config.local import venv
from config.local.places import MEGABYTE, state_folder
from config.local.refusal import explained, listen_for_stop


def main() -> int:
    """Prepare the packages, then make the backup beside the register that runs."""
    parser = ArgumentParser(prog="make backup", description=__doc__)
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to put it; BACKUP_DIR when not given")
    folder = parser.parse_args().to
    listen_for_stop()
    venv.enter("config.local.backup", development=False)
    from config.local import dumping, manifest  # only now the packages are there

    backup = dumping.make(folder.absolute() if folder else None)
    print(f"{backup} ({backup.stat().st_size / MEGABYTE:.1f} MB), signed in {manifest.beside(backup).name}.")
    print("It counts as a backup when `make restore-drill` has put it back.")
    return 0


if __name__ == "__main__":
    explained(main, folder=state_folder())

"""Compile the Dutch messages: ``python -m config.local.messages`` writes a .mo beside each .po that changed.

It reads with Babel, so no gettext tools are needed on the machine.
"""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from config.local.places import CHECKOUT
from config.local.refusal import CannotRunError, explained


def compile_all(root: Path) -> list[Path]:
    """Compile every ``locale/**/*.po`` under the root that is newer than its .mo; the files written.

    :raises CannotRunError: when a catalogue is malformed, or a translation has other placeholders than its message.
    """
    return [target for source in sorted(root.glob("locale/**/*.po")) if (target := _compile(source)) is not None]


def _compile(source: Path) -> Path | None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return None
    try:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise CannotRunError(f"{source} is not a message catalogue ({error}): correct it, then start again.") from None
    for message, errors in catalogue.check():
        raise CannotRunError(f"{source}, line {message.lineno}: {errors[0]}; give both texts the same placeholders.")
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return target


def main() -> int:
    """Compile, and say what was written."""
    for written in compile_all(CHECKOUT):
        print(f"wrote {written.relative_to(CHECKOUT)}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit("This command takes no arguments: python -m config.local.messages.")
    explained(main, folder=CHECKOUT)

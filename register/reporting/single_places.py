"""The files that are written of one table: none in the place of another or of what is read, and all of them or none."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from register.disclosure.cells import DisclosureInputError

Places = Mapping[Path, Path]


def apart(written: Sequence[Path], read: Iterable[Path]) -> None:
    """Raise DisclosureInputError where a file cannot be written, or would take the place of another.

    ``written``: files that will be made anew; ``read``: those they are made from. Links are followed.
    """
    taken = [*read]
    for path in written:
        if not path.parent.is_dir():
            raise DisclosureInputError(nl=f"Er is geen map {path.parent}.", en=f"There is no folder {path.parent}.")
        if not path.name or (path.exists() and not path.is_file()):
            raise DisclosureInputError(nl=f"{path} is geen bestand.", en=f"{path} is not a file.")
        if any(_one(path, other) for other in taken):
            raise DisclosureInputError(
                nl=f"{path} is ook een ander bestand van deze opdracht; geef elk een eigen plaats.",
                en=f"{path} is another file of this command too; give each a place of its own.",
            )
        taken.append(path)


def put(files: Mapping[Path, bytes], check: Callable[[Places], list[str]] = lambda _: []) -> list[str]:
    """Write these files, the last of them last; none where ``check`` finds fault with the new ones, which it returns.

    ``check`` gets the place where each new file waits. Raises OSError when a file cannot be written; then none is.
    """
    waiting = {path: path.with_name(f".{path.name}.new") for path in files}
    try:
        for path, content in files.items():
            waiting[path].write_bytes(content)
        if found := check(waiting):
            return found
        for path, new in waiting.items():
            new.replace(path)
    finally:
        for new in waiting.values():
            if new.is_file():
                new.unlink()
    return []


def _one(path: Path, other: Path) -> bool:
    """Return whether two names are of one file, that is there or will be."""
    return os.path.realpath(path) == os.path.realpath(other) or (
        path.exists() and other.exists() and path.samefile(other)
    )

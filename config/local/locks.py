"""Are the locks in step with what was asked? Compares the .in files with the locked versions, without a network."""

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.local.places import CHECKOUT
from config.local.refusal import CannotRunError, explained

PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
REMEDY = "uv pip compile --generate-hashes --python-version 3.11"


def pins(lock: str) -> dict[str, str]:
    """Locked versions by normalised package name."""
    return {canonicalize_name(name): version for name, version in PIN.findall(lock)}


def wishes(asked: str) -> list[Requirement]:
    """What a .in file asks for; comments and references to other files are left out."""
    lines = [line.partition("#")[0].strip() for line in asked.splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def unmet(asked: str, lock: str) -> list[str]:
    """A sentence for each wish that the lock does not fulfil."""
    locked = pins(lock)
    sentences = []
    for wish in wishes(asked):
        version = locked.get(canonicalize_name(wish.name))
        if version is None:
            sentences.append(f"{wish.name} is asked for and not locked.")
        elif not wish.specifier.contains(version, prereleases=True):
            sentences.append(f"{wish.name} is locked at {version}, and {wish.specifier} is asked for.")
    return sentences


def apart(lock: str, development: str) -> list[str]:
    """A sentence for each package that the two locks do not hold in the same version."""
    wider = pins(development)
    return [
        f"{name} is locked at {version} to run and at {wider.get(name, 'no version')} to develop."
        for name, version in sorted(pins(lock).items())
        if wider.get(name) != version
    ]


def unhashed(lock: str) -> list[str]:
    """A sentence for each locked package without a hash."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock)
    names = [(found[1], block) for block in blocks if (found := PIN.match(block.lstrip()))]
    return [f"{name} is locked without a hash." for name, block in names if "--hash=sha256:" not in block]


def findings(folder: Path) -> list[str]:
    """All sentences about the locks in a folder."""
    texts = {
        name: (folder / name).read_text(encoding="utf-8")
        for name in ("requirements.in", "requirements-dev.in", "requirements.txt", "requirements-dev.txt")
    }
    return [
        *unmet(texts["requirements.in"], texts["requirements.txt"]),
        *unmet(texts["requirements-dev.in"], texts["requirements-dev.txt"]),
        *apart(texts["requirements.txt"], texts["requirements-dev.txt"]),
        *unhashed(texts["requirements.txt"]),
        *unhashed(texts["requirements-dev.txt"]),
    ]


def main() -> int:
    """Print what is out of step."""
    found = findings(CHECKOUT)
    for sentence in found:
        print(sentence)
    if found:
        raise CannotRunError(f"The locks are out of step: make them again with `{REMEDY}`.")
    return 0


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)

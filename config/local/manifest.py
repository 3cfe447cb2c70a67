"""What a backup holds, in clear beside it: figures and digests, nothing about a person. The keeper signs it."""

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.local.backup_file import stored
from config.local.refusal import CannotRunError

ENDING = ".backup"


@dataclass(frozen=True)
class Manifest:
    """``tables`` gives rows and checksum by table; ``seal`` is the newest seal, 0 for none, ``seal_hash`` its hash."""

    file: str
    made_at: str
    bytes: int
    sha256: str
    register: str
    server: int
    migrations: dict[str, str]
    seal: int
    seal_hash: str
    tables: dict[str, list[Any]]

    @property
    def moment(self) -> datetime:
        """When the dump saw the database."""
        return datetime.fromisoformat(self.made_at)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(rows for rows, _ in self.tables.values())


def beside(backup: Path) -> Path:
    """Where the manifest of a backup stands."""
    return backup.with_suffix(".manifest.json")


def write(path: Path, manifest: Manifest, signing: Path) -> None:
    """Store the manifest with the keeper's signature."""
    from register.audit import keys

    signature = keys.signing_key(signing).sign(_signed(asdict(manifest)))
    content = {**asdict(manifest), "signature": b64encode(signature).decode()}
    with path.open("wb") as file:
        file.write(json.dumps(content, indent=1).encode() + b"\n")
        stored(file)


def read(backup: Path, trusted: Path) -> Manifest:
    """The manifest of a backup, when the keeper signed it and the file is the one that it tells of.

    :raises CannotRunError: when anything about it is not so.
    """
    from register.audit import keys

    path = beside(backup)
    if not backup.is_file():
        raise CannotRunError(f"There is no backup {backup}: name a file that ends in {ENDING}.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        signature = b64decode(content.pop("signature"))
        manifest = Manifest(**content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise CannotRunError(f"The manifest {path.name} cannot be read: put it back beside its backup.") from None
    if not any(keys.is_signed(key, signature, _signed(content)) for key in keys.trusted_keys(trusted).values()):
        raise CannotRunError(f"The manifest {path.name} was not signed by the keeper: use another backup.")
    if manifest.file != backup.name or digest_of(backup) != manifest.sha256:
        raise CannotRunError(f"{backup.name} is not the file that its manifest tells of: use another backup.")
    return manifest


def newest(folder: Path) -> Path:
    """The newest backup of a folder.

    :raises CannotRunError: when there is none.
    """
    found = sorted(path for path in folder.glob(f"register-*{ENDING}") if beside(path).exists())
    if not found:
        raise CannotRunError(f"There is no backup in {folder}: make one with `make backup`, or name a file.")
    return found[-1]


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _signed(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()

"""The key of the backups: its public half makes them; its private half reads them and belongs on another machine."""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from config.env import Environment
from config.local.keys import write_private
from config.local.refusal import CannotRunError


@dataclass(frozen=True)
class Places:
    """Where backups and what belongs to them stand, as the environment says or under the state folder."""

    folder: Path
    recipient: Path
    key: Path
    anchor: Path
    trusted: Path

    @classmethod
    def of(cls, state: Path) -> "Places":
        """BACKUP_DIR, BACKUP_RECIPIENT, BACKUP_KEY, TRAIL_ANCHOR and TRAIL_TRUSTED_KEYS, or their defaults."""
        environment = Environment(os.environ)

        def place(variable: str, *usual: str) -> Path:
            return Path(environment.text(variable, default=str(state.joinpath(*usual)))).absolute()

        return cls(
            folder=place("BACKUP_DIR", "backups"),
            recipient=place("BACKUP_RECIPIENT", "backup-recipient.pem"),
            key=place("BACKUP_KEY", "backup-key.pem"),
            anchor=place("TRAIL_ANCHOR", "trail", "anchor.txt"),
            trusted=place("TRAIL_TRUSTED_KEYS", "trail", "trusted-keys.pem"),
        )


def recipient(places: Places, *, first: bool) -> X25519PublicKey:
    """The public half. For the first backup of a register a key is made when there is none.

    :raises CannotRunError: when there is none for a later backup, or the file holds something else.
    """
    if not places.recipient.exists() and not places.key.exists() and first:
        _make(places)
    try:
        found = serialization.load_pem_public_key(places.recipient.read_bytes())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, X25519PublicKey):
        raise CannotRunError(
            f"There is no backup key in {places.recipient}: put that file back (it holds no secret), or set "
            "BACKUP_RECIPIENT to where it is."
        )
    return found


def private_key(path: Path) -> X25519PrivateKey:
    """The private half.

    :raises CannotRunError: when it is not there.
    """
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        found = None
    if not isinstance(found, X25519PrivateKey):
        raise CannotRunError(
            f"The backup key cannot be read from {path}: set BACKUP_KEY to where it is; nothing else opens a backup."
        )
    return found


def _make(places: Places) -> None:
    made = X25519PrivateKey.generate()
    secret = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for path, content in ((places.key, secret), (places.recipient, public)):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, content.decode())
    print(
        f"A backup key was made in {places.key}: take it off this machine and keep two copies of it, apart from the "
        "backups. Without it nobody reads a backup.",
        flush=True,
    )

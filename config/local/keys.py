"""Passwords of the database roles and the secret key: made once, kept in the state folder, readable by its owner."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from config.local.refusal import CannotRunError

NAME = "keys.json"


@dataclass(frozen=True)
class Keys:
    """Letters, digits, hyphen and underscore only, so that each fits in an address as it is."""

    superuser: str
    owner: str
    app: str
    stats: str
    viewer: str
    keeper: str
    secret_key: str


def generate() -> Keys:
    """New random values of 256 bits (the secret key: 384)."""
    return Keys(
        superuser=secrets.token_urlsafe(32),
        owner=secrets.token_urlsafe(32),
        app=secrets.token_urlsafe(32),
        stats=secrets.token_urlsafe(32),
        viewer=secrets.token_urlsafe(32),
        keeper=secrets.token_urlsafe(32),
        secret_key=secrets.token_urlsafe(48),
    )


def load_or_make(state: Path) -> Keys:
    """The keys of this state folder; made at the first start, and completed when a newer register needs more of them.

    :raises CannotRunError: when the file is there and is not what the launcher wrote, because new keys would lock
        everybody out of the existing database.
    """
    path = state / NAME
    kept: dict[str, str] = {}
    if path.exists():
        try:
            kept = {**json.loads(path.read_text())}
            keys = Keys(**{**asdict(generate()), **kept})
        except (ValueError, TypeError):
            raise CannotRunError(
                f"{path} cannot be read: put it back from a backup, or move the folder {state} away to start anew."
            ) from None
    else:
        keys = generate()
    if asdict(keys) != kept:
        write_private(path, json.dumps(asdict(keys)))
    return keys


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 in one step."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

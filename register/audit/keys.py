"""The keys of the seals: one that signs and belongs to the keeper alone, and those that anyone may verify with."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

END = b"-----END PUBLIC KEY-----\n"


class KeysMissingError(Exception):
    """The keys of the trail are not where the settings say, or are not keys; the sentence says what to do."""


def make(signing: Path, trusted: Path) -> bool:
    """Make a signing key when there is none, and add its public half to the trusted ones; say whether one was made.

    A key that is replaced stays trusted: old seals are verified with it.
    """
    if signing.exists():
        return False
    signing.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    trusted.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with trusted.open("ab") as file:
        file.write(_public_bytes(key.public_key()))
    with os.fdopen(os.open(signing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    return True


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key that signs. Raises KeysMissingError."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysMissingError(
            f"The signing key of the trail cannot be read from {path.name}: "
            "put it back from its own backup, or make one with `manage.py make_trail_keys`."
        )
    return key


def trusted_keys(path: Path) -> Mapping[str, Ed25519PublicKey]:
    """The public keys that seals may be signed with, by their short name. Raises KeysMissingError."""
    try:
        blocks = [block + END for block in path.read_bytes().split(END) if block.strip()]
        found = [serialization.load_pem_public_key(block) for block in blocks]
    except (OSError, ValueError):
        found = []
    keys = {name_of(key): key for key in found if isinstance(key, Ed25519PublicKey)}
    if not keys:
        raise KeysMissingError(
            f"The trusted keys of the trail cannot be read from {path.name}: put the file back; it holds no secret."
        )
    return keys


def name_of(key: Ed25519PublicKey) -> str:
    """A short name of a public key: the beginning of its digest."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def is_signed(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether this key signed these bytes."""
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _public_bytes(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

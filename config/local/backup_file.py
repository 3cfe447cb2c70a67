"""The encrypted file of a backup: readable with one private key only, and whole or refused.

Version 1 is the line ``MAGIC``, the data key of this file, and pieces. The data key is 256 random bits, wrapped for the
public half of the backup key with HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). Each piece holds 1 MiB, the last
one what is left, under AES-256-GCM with that data key. Its nonce is its number and whether it is the last (the STREAM
construction), so a piece that was changed, swapped, repeated or left out does not open.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from config.local.refusal import CannotRunError

MAGIC = b"register backup 1\n"
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
WRAPPED_BYTES = 80  # 32 of HPKE's own key, 32 of the data key, 16 of its tag
PIECE_BYTES = 1024 * 1024
TAG_BYTES = 16


def encrypt(source: IO[bytes], target: IO[bytes], recipient: X25519PublicKey) -> None:
    """Write everything that ``source`` gives, encrypted, to ``target``."""
    data_key = AESGCM.generate_key(bit_length=256)
    cipher = AESGCM(data_key)
    target.write(MAGIC + SUITE.encrypt(data_key, recipient, info=MAGIC))
    for number, piece, last in _pieces(source, PIECE_BYTES):
        target.write(cipher.encrypt(_nonce(number, last), piece, MAGIC))


def decrypt(path: Path, key: X25519PrivateKey) -> Iterator[bytes]:
    """The content of a backup, piece by piece.

    :raises CannotRunError: when the key is another one, and at the first piece that is not what was written.
    """
    with path.open("rb") as source:
        if source.read(len(MAGIC)) != MAGIC:
            raise CannotRunError(f"{path.name} is not a backup of the register: name another file.")
        try:
            cipher = AESGCM(SUITE.decrypt(source.read(WRAPPED_BYTES), key, info=MAGIC))
        except (InvalidTag, ValueError):
            raise CannotRunError(
                f"The backup key does not open {path.name}: set BACKUP_KEY to the key that this backup was made for."
            ) from None
        for number, piece, last in _pieces(source, PIECE_BYTES + TAG_BYTES):
            try:
                yield cipher.decrypt(_nonce(number, last), piece, MAGIC)
            except (InvalidTag, ValueError):
                raise CannotRunError(
                    f"{path.name} was cut, changed or damaged at piece {number + 1}: use another backup."
                ) from None


def stored(file: IO[bytes]) -> None:
    """Return when the disk has what was written."""
    file.flush()
    os.fsync(file.fileno())


def _pieces(source: IO[bytes], size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Number and content of each piece, and whether it is the last; of nothing there is one empty piece."""
    number, piece = 0, _read(source, size)
    while following := _read(source, size):
        yield number, piece, False
        number, piece = number + 1, following
    yield number, piece, True


def _read(source: IO[bytes], size: int) -> bytes:
    """So many bytes, fewer only at the end: a pipe gives what it has."""
    parts, wanted = [], size
    while wanted and (part := source.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])

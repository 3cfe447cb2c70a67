"""The encrypted file of a backup: it opens with its own key, whole, or not at all."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from config.local import backup_file
from config.local.backup_file import MAGIC, PIECE_BYTES, TAG_BYTES, WRAPPED_BYTES
from config.local.refusal import CannotRunError

HEAD = len(MAGIC) + WRAPPED_BYTES
PIECE = PIECE_BYTES + TAG_BYTES
CONTENT = os.urandom(2 * PIECE_BYTES + 1000)
KEY = X25519PrivateKey.generate()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return _encrypted(CONTENT, tmp_path / "register.backup")


def _encrypted(content: bytes, path: Path) -> Path:
    with path.open("wb") as target:
        backup_file.encrypt(io.BytesIO(content), target, KEY.public_key())
    return path


def _opened(path: Path, key: X25519PrivateKey = KEY) -> bytes:
    return b"".join(backup_file.decrypt(path, key))


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
def test_what_was_encrypted_comes_back(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)
    assert _opened(_encrypted(content, tmp_path / "register.backup")) == content


def test_the_same_content_is_another_file_each_time(tmp_path: Path) -> None:
    first = _encrypted(b"one death", tmp_path / "first").read_bytes()
    assert first != _encrypted(b"one death", tmp_path / "second").read_bytes()
    assert b"one death" not in first


def test_another_key_does_not_open_it(backup: Path) -> None:
    with pytest.raises(CannotRunError, match=r"The backup key does not open register\.backup"):
        _opened(backup, X25519PrivateKey.generate())


def test_another_file_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear register")
    with pytest.raises(CannotRunError, match=r"letter.txt is not a backup"):
        _opened(other)


def _flipped(content: bytes) -> bytes:
    place = HEAD + PIECE + 7
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _swapped(content: bytes) -> bytes:
    first, second = content[HEAD : HEAD + PIECE], content[HEAD + PIECE : HEAD + 2 * PIECE]
    return content[:HEAD] + second + first + content[HEAD + 2 * PIECE :]


def _repeated(content: bytes) -> bytes:
    return content[: HEAD + PIECE] + content[HEAD : HEAD + PIECE] + content[HEAD + PIECE :]


@pytest.mark.parametrize(
    "damage",
    [
        _flipped,
        _swapped,
        _repeated,
        lambda content: content[:-1],
        lambda content: content[: HEAD + 2 * PIECE],
        lambda content: content[: HEAD + PIECE],
        lambda content: content[:HEAD],
        lambda content: content[:HEAD] + content[HEAD + PIECE :],
        lambda content: content + b"\0",
    ],
    ids=["flipped", "swapped", "repeated", "a byte short", "without its end", "half", "empty", "beheaded", "longer"],
)
def test_a_file_that_is_not_as_it_was_written_is_refused(damage: Callable[[bytes], bytes], backup: Path) -> None:
    backup.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(CannotRunError, match=r"register.backup was cut, changed or damaged at piece \d: use another"):
        _opened(backup)


def test_a_wrapped_key_of_another_backup_does_not_fit(backup: Path, tmp_path: Path) -> None:
    other = _encrypted(CONTENT, tmp_path / "other.backup").read_bytes()
    backup.write_bytes(other[:HEAD] + backup.read_bytes()[HEAD:])
    with pytest.raises(CannotRunError, match="damaged at piece 1"):
        _opened(backup)

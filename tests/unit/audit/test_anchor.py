"""The anchor only grows, and what a write left of a line is completed to the line that its seal has."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.local import restoring
from register.audit import AnchorError, anchor
from register.audit.seals import Seal

BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)


def _seal(number: int) -> Seal:
    at = BEGAN + timedelta(minutes=number, microseconds=number * 1_001)
    digest = bytes([number % 256]) * 32
    return Seal(number, at, 1, number * 7, number, digest, number % 3, digest, digest, digest, digest * 2, "ab12")


def _text(until: int) -> str:
    return "".join(f"{anchor.line_of(_seal(number))}\n" for number in range(1, until + 1))


@given(whole=st.integers(0, 12), more=st.integers(1, 4), share=st.floats(0, 1))
def test_wherever_a_line_was_cut_off_the_anchor_becomes_what_it_would_have_been(
    whole: int, more: int, share: float
) -> None:
    begun = _text(whole + 1)[len(_text(whole)) : -1]
    piece = begun[: round(share * len(begun))]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "anchor.txt"
        path.write_text(_text(whole) + piece)
        seals = [_seal(number) for number in range(anchor.read(path).last + 1, whole + more + 1)]
        assert anchor.append(path, seals) == (whole + 1 if piece else 0)
        assert path.read_text() == _text(whole + more)


@given(whole=st.integers(0, 12), place=st.integers(0, 200), other=st.sampled_from("0159 abcZ"))
def test_a_piece_with_another_character_is_never_completed(whole: int, place: int, other: str) -> None:
    begun = _text(whole + 1)[len(_text(whole)) : -1]
    piece = begun[:place] + other
    if begun.startswith(piece):
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "anchor.txt"
        path.write_text(_text(whole) + piece)
        with pytest.raises(AnchorError, match="somebody else wrote in it"):
            anchor.append(path, [_seal(whole + 1)])
        assert path.read_text() == _text(whole) + piece


def test_a_backup_that_ends_before_a_line_that_was_cut_off_is_older(tmp_path: Path) -> None:
    path = tmp_path / "anchor.txt"
    path.write_text(_text(12) + "1")
    assert restoring.newer_seals(11, path) == [12, 13]
    assert restoring.newer_seals(12, path) == [13]
    assert restoring.newer_seals(13, path) == []


@pytest.mark.parametrize("seal", [11, 12, 13])
def test_the_part_that_a_backup_knows_keeps_a_line_that_was_cut_off_as_it_is(tmp_path: Path, seal: int) -> None:
    path = tmp_path / "anchor.txt"
    path.write_text(_text(12) + "13 20")
    known = restoring.known_part(path, seal, tmp_path / "known.txt")
    assert known.read_text() == (_text(12) + "13 20" if seal == 13 else _text(seal))

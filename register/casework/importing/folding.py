"""Texts of other registers compared as people mean them: without case, outer space or the shape of an apostrophe."""

from functools import lru_cache

_SHAPES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "`": "'", "\u00a0": " "})


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """The text in small letters, with one kind of apostrophe and single spaces."""
    return " ".join(text.translate(_SHAPES).casefold().split())

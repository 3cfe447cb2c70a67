"""Codes that carry their Dutch and English name."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A code with a label per language: ``DRAFT = "draft", "Concept", "Draft"``."""

    nl: str
    en: str

    def __new__(cls, code: str, nl: str = "", en: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.nl = nl
        member.en = en
        return member

    def label(self, language: str) -> str:
        return self.nl if language == "nl" else self.en

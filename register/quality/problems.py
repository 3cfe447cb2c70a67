"""What cannot be read, in words for the person who wrote it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence in Dutch and English that names the fault and the way out."""

    nl: str
    en: str

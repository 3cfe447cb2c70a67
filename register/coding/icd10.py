"""ICD-10 codes as text: one spelling, and whether a code lies under another.

A code is a letter, two digits and at most two more characters after a dot (WHO ICD-10): ``X42``, ``T40.1``,
``X42.01``. The dot may be missing and letters may be small on the way in; inside the register there is one spelling.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_SHAPE = re.compile(r"([A-Z][0-9]{2})(?:\.?([0-9]{1,2}))?", re.ASCII)


class InvalidIcd10Error(ValueError):
    """A text that is not an ICD-10 code, or a code in a place where it cannot stand."""


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """The one spelling of a code: ``x420`` and ``X42.0`` both give ``X42.0``.

    Raises InvalidIcd10Error when the text is no ICD-10 code.
    """
    shape = _SHAPE.fullmatch(text.strip().upper())
    if shape is None:
        raise InvalidIcd10Error(f"{text!r} is not an ICD-10 code")
    category, subcode = shape.groups()
    return f"{category}.{subcode}" if subcode else category


def nature_code(text: str) -> str:
    """The one spelling of a code of chapter XIX that says what the body suffered: T00 to T98."""
    code = normalise(text)
    if not code.startswith("T") or code >= "T99":
        raise InvalidIcd10Error(f"{text!r} is not an ICD-10 code of T00-T98")
    return code


def is_under(code: str, parents: Iterable[str]) -> bool:
    """Whether a normalised code is one of the parents or a subcode of one: T40.1 is under T40, F11.2 under F11."""
    return any(code == parent or _extends(code, parent) for parent in parents)


def may_be_under(code: str, parents: Iterable[str]) -> bool:
    """Whether a code that lacks its last character could turn out to be under a parent: T43 may be T43.6."""
    return any(_extends(parent, code) for parent in parents)


def category(code: str) -> str:
    """The first three characters of a normalised code."""
    return code[:3]


def is_poisoning(code: str) -> bool:
    """T36-T65: poisoning by drugs and toxic effects of other substances."""
    return "T36" <= code[:3] <= "T65"


def is_adverse_effect(code: str) -> bool:
    """Y40-Y59: adverse effect of a drug in therapeutic use, which is not a poisoning."""
    return "Y40" <= code[:3] <= "Y59"


def is_mental_disorder(code: str) -> bool:
    """Chapter V, in which F10-F19 are the disorders due to use of a substance."""
    return code.startswith("F")


def _extends(code: str, parent: str) -> bool:
    if len(code) <= len(parent) or not code.startswith(parent):
        return False
    return "." in parent or code[len(parent)] == "."

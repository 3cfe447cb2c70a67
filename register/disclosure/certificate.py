"""A claim as a file: canonical JSON, one text per claim, so that its hash can stand in a release manifest.

A certificate holds the true counts and is as secret as the register; its hash and the verdict are not.
"""

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any, Final

from register.disclosure.claim import Claim, Row

FORMAT: Final = "disclosure-claim/1"


def write(claim: Claim) -> bytes:
    """Return the certificate: equal claims give equal bytes. It tells of sensitive cells only where there are some."""
    content = {"format": FORMAT, **asdict(claim)}
    if not claim.sensitive:
        del content["sensitive"]
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def read(content: bytes) -> Claim:
    """Return the claim of a certificate; raises ValueError when it is no certificate of this format."""
    loaded = json.loads(content)
    names = {"format", *(field.name for field in fields(Claim))} - {"sensitive"}
    if not isinstance(loaded, dict) or set(loaded) - {"sensitive"} != names or loaded["format"] != FORMAT:
        raise _broken()
    return Claim(
        threshold=_whole(loaded["threshold"]),
        zeros=str(loaded["zeros"]),
        attacker=str(loaded["attacker"]),
        values=tuple(_whole(item) for item in _list(loaded["values"])),
        printed=_flags(loaded["printed"]),
        guarded=_flags(loaded["guarded"]),
        impossible=_flags(loaded["impossible"]),
        hidden=_flags(loaded["hidden"]),
        equations=_rows(loaded["equations"]),
        inequalities=_rows(loaded["inequalities"]),
        witnesses=_rows(loaded["witnesses"]),
        sensitive=_flags(loaded.get("sensitive", [])),
    )


def digest(claim: Claim) -> str:
    """Return the SHA-256 of the certificate, in hexadecimals."""
    return hashlib.sha256(write(claim)).hexdigest()


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _broken()
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise _broken()
    return value


def _flags(value: Any) -> tuple[bool, ...]:
    if not all(isinstance(item, bool) for item in _list(value)):
        raise _broken()
    return tuple(value)


def _rows(value: Any) -> tuple[Row, ...]:
    rows = [[_list(pair) for pair in _list(row)] for row in _list(value)]
    if any(len(pair) != 2 for row in rows for pair in row):
        raise _broken()
    return tuple(tuple((_whole(cell), _whole(factor)) for cell, factor in row) for row in rows)


def _broken() -> ValueError:
    return ValueError("This is not a certificate of disclosure control.")

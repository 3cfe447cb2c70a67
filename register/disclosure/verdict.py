"""What the verifier finds, in words, and the files that it is given.

Nothing here can make a bad certificate good: what is not of the agreed shape is refused, and all else is ``verify``'s.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from register.disclosure.claim import Claim
from register.disclosure.verify import LEAST, claim_of
from register.disclosure.verify import verify as verifying

FORMAT: Final = "disclosure-certificate/1"
THRESHOLDS: Final = range(2, 1_000_001)
PROTECTIONS: Final = r"nonexact|reach|width:[1-9][0-9]{0,8}"
OF_RELEASES: Final = ("A1", "A2")
PARTS: Final = frozenset(
    {"format", "threshold", "attacker", "marks", "protection", "zero_policy", "instance", "protected"}
    | {"dimensions", "tables", "engine"}
)
MORE: Final = frozenset({"waivers", "beyond"})
# What reading raises on files that anybody may have made: too few cells in a row, a cell or a number that is too long.
UNREADABLE: Final = (
    *(OSError, ValueError, KeyError, TypeError, IndexError, RecursionError),
    *(AttributeError, OverflowError, MemoryError),
)
WORDS: Final = {
    "incomplete": (
        "De bewering is onvolledig: niet elke cel is beschreven.",
        "The claim does not describe every cell.",
    ),
    "no such cell": (
        "Een regel of tabel noemt een cel die er niet is, of noemt er een twee keer.",
        "A rule or table names a cell that does not exist, or names one twice.",
    ),
    "not whole": (
        "Een bestand is niet te lezen: een getal is niet geheel, of te groot.",
        "A file cannot be read as it should be: a number is not whole, or too large.",
    ),
    "other instance": (
        "Het certificaat hoort bij andere tellingen.",
        "The certificate belongs to another instance.",
    ),
    "other table": (
        "Het certificaat hoort bij een andere tabel.",
        "The certificate belongs to another protected table.",
    ),
    "promise": (
        "Dit beleid is onbekend of beschermt niets.",
        "This policy is unknown or protects nothing.",
    ),
    "table": (
        "De gepubliceerde tabel is niet de ware: een waarde, code of status klopt niet, of een verborgen cel heeft een "
        "waarde.",
        "The protected table is not the true one: a value, a code or a status is wrong, or a suppressed cell has a "
        "value.",
    ),
    "negative": ("Een telling is negatief.", "A count is negative."),
    "full": ("Een onmogelijke cel is niet leeg.", "An impossible cell is not empty."),
    "sums": ("De tellingen tellen niet op.", "The counts do not add up."),
    "inequality": ("De tellingen overtreden een ongelijkheid.", "The counts break an inequality."),
    "small_shown": ("Een te klein aantal wordt gepubliceerd.", "A count that is too small is published."),
    "unsafe_shown": (
        "Een cel die een regel beschermt, wordt gepubliceerd.",
        "A cell that a rule protects is published.",
    ),
    "nowhere": ("Een cel die nergens staat, heet onderdrukt.", "A cell that is printed nowhere is called suppressed."),
    "zero_hidden": ("Een zichtbare nul heet onderdrukt.", "A zero that everyone sees is called suppressed."),
    "fates": ("Van twee gelijke cellen is er een verborgen.", "Of two equal cells one is hidden."),
    "moves_shown": ("Een getuige verandert een gepubliceerde cel.", "A witness changes a published cell."),
    "bound": (
        "Een getuige daalt onder de ondergrens, of stijgt boven de bovengrens.",
        "A witness falls below the attacker's bound, or rises above it.",
    ),
    "moves_sums": ("Een getuige telt niet op.", "A witness does not add up."),
    "moves_inequality": ("Een getuige overtreedt een ongelijkheid.", "A witness breaks an inequality."),
    "small_unproven": (
        "Een te klein aantal heeft geen getuige.",
        "A count that is too small has no witness.",
    ),
    "unsafe_unproven": (
        "Een cel die een regel beschermt, of de rest van een groep, heeft geen getuige.",
        "A cell that a rule protects, or the others of a group, has no witness.",
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome; ``reasons`` are (Dutch, English) sentences without any count, empty when the claim holds."""

    holds: bool
    reasons: tuple[tuple[str, str], ...]


def verify(claim: Claim) -> Verdict:
    """Check a claim; it holds only when every unsafe cell is hidden and differs in at least one proven witness."""
    try:
        found = list(verifying(claim.told())) if claim.attacker in OF_RELEASES else ["promise"]
    except UNREADABLE as error:
        found = [str(error)]
    return _verdict(found)


def verify_files(folder: Path, protected: Path, certificate: Path) -> list[str]:
    """Return why the certificate of a table in a folder does not prove its promise; an empty list when it does."""
    try:
        files = {name: (folder / name).read_bytes() for name in ("counts.csv", "hierarchies.csv")}
        table, told = protected.read_bytes(), json.loads(certificate.read_bytes().decode())
        check_shape(told)
        texts = files["counts.csv"].decode(), files["hierarchies.csv"].decode(), table.decode()
        found = [*_of_others(told, files, table), *verifying(claim_of(told, *texts))]
    except UNREADABLE as error:
        found = [str(error)]
    return [english for _, english in _verdict(found).reasons]


def promise_of(certificate: Path) -> str:
    """Return what a certificate promises, in one English sentence; verify it first."""
    told = json.loads(certificate.read_bytes())
    beyond = told.get("beyond") or {"sensitive": [], "contributor": ""}
    parts = [
        f"counts below {told['threshold']} hidden from attacker {told['attacker']}",
        "who sees which are small" if told["marks"] else "",
        f"protection {told['protection']}",
        f"zeros {told['zero_policy']}",
        *(f"groups by {name}, all but {beyond['but']}" for name in beyond["sensitive"]),
        f"counts by {beyond['contributor']} of over {beyond['dominant']} %" if beyond["contributor"] else "",
    ]
    return f"Promised: {', '.join(part for part in parts if part)}."


def waivers_of(certificate: Path) -> list[str]:
    """Return the small counts that a certificate lets be published by name, a line each; verify it first."""
    told = json.loads(certificate.read_bytes())
    names = told["dimensions"]
    lines = [
        f"{', '.join(map(' '.join, zip(names, codes, strict=True)))}: {person}, {reason}, {day}"
        for *codes, person, reason, day in told.get("waivers", [])
    ]
    return ["".join(sign if sign.isprintable() else " " for sign in line) for line in lines]


def _verdict(found: Iterable[str]) -> Verdict:
    reasons = [WORDS[name] if name in WORDS else _unreadable(name) for name in found]
    return Verdict(holds=not reasons, reasons=tuple(dict.fromkeys(reasons)))


def _unreadable(why: str) -> tuple[str, str]:
    return f"Een bestand is niet te lezen: {why}.", f"A file cannot be read as it should be: {why}."


def _of_others(told: Mapping[str, Any], files: Mapping[str, bytes], table: bytes) -> Iterator[str]:
    """Yield what was made for other files; what these prove does not rest on it."""
    if told["instance"] != {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}:
        yield "other instance"
    if table.split(b"\n")[0].decode().split(",") != [*told["dimensions"], "value", "status"]:
        yield "other instance"
    if told["protected"] != hashlib.sha256(table).hexdigest():
        yield "other table"


def check_shape(told: Any) -> None:
    """Raise ValueError when a certificate does not say what it must, or says what it may not."""
    if not isinstance(told, dict) or set(told) - MORE != PARTS or told["format"] != FORMAT:
        raise ValueError(f"the certificate is not of the format {FORMAT}")
    if type(told["threshold"]) is not int or told["threshold"] not in THRESHOLDS:
        raise ValueError("promise")
    if told["attacker"] not in LEAST or type(told["marks"]) is not bool:
        raise ValueError("promise")
    if not re.fullmatch(PROTECTIONS, str(told["protection"])):
        raise ValueError("promise")
    if not _words(told["dimensions"]):
        raise ValueError("the dimensions are no list of names")
    if any(type(row[-1]) is not int for table in told["tables"] for row in table):
        raise ValueError("not whole")
    if not _asks_sense(told.get("beyond"), told["dimensions"]) or ("beyond" in told and told["marks"]):
        raise ValueError("what is asked beside small counts is unknown")


def _words(told: Any) -> bool:
    return isinstance(told, list) and all(isinstance(one, str) for one in told)


def _asks_sense(asked: Any, names: list[str]) -> bool:
    """Return whether this is what a certificate may say of it; an empty one asks nothing."""
    if not asked:
        return True
    known = set(asked) == {"sensitive", "but", "contributor", "dominant"}
    typed = known and type(asked["but"]) is int and type(asked["dominant"]) is int
    typed = typed and _words(asked["sensitive"]) and isinstance(asked["contributor"], str)
    return bool(typed and {*asked["sensitive"], asked["contributor"] or names[0]} <= set(names)) and (
        0 <= asked["but"] <= 2 and 50 <= asked["dominant"] < 100
    )

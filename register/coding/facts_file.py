"""Cases as a file: columns ``case,intent,relation,inclusion,substances,ucod,t_codes``, one death per row.

``substances`` are ``code:role`` or ``code:role:origin`` joined by ``;``, ``t_codes`` are joined by ``;``. An empty cell
is an answer that is not known, and so is a missing-reason code such as UNK; an empty ``ucod`` asks for the suggestion.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from register.coding import icd10
from register.coding.catalogue import Catalogue
from register.coding.csv_files import Record, records
from register.coding.facts import INCLUSIONS, INTENTS, ORIGINS, RELATIONS, ROLES, CaseFacts, Contributor
from register.coding.icd10 import InvalidIcd10Error

COLUMNS = ("case", "intent", "relation", "inclusion", "substances", "ucod", "t_codes")
NOT_KNOWN = frozenset({"", "UNK", "NASK", "PEND", "NTST", "NA", "WTHD"})
_ANSWERS: Mapping[str, Collection[str]] = {"intent": INTENTS, "relation": RELATIONS, "inclusion": INCLUSIONS}


@dataclass(frozen=True, slots=True)
class FiledCase:
    """One row: its facts, or the sentences that say why there are none, each with the line and the code."""

    line: int
    case: str
    facts: CaseFacts | None
    faults: tuple[str, ...] = ()


def read(path: Path, catalogue: Catalogue) -> Iterator[FiledCase]:
    """The cases of a file in order. Raises FileFaultError for a file that cannot be read as such a table."""
    for record in records(path, COLUMNS):
        yield _case(record, catalogue)


def _case(record: Record, catalogue: Catalogue) -> FiledCase:
    faults: list[str] = []
    answers = {name: _answer(name, record.cells[name], codes, faults) for name, codes in _ANSWERS.items()}
    substances = _substances(record.cells["substances"], catalogue, faults)
    ucod = _ucod(record.cells["ucod"], faults)
    t_codes = _t_codes(record.cells["t_codes"], faults)
    case = record.cells["case"]
    if faults:
        return FiledCase(record.line, case, None, tuple(f"line {record.line}: {fault}" for fault in faults))
    facts = CaseFacts(
        intent=answers["intent"],
        relation=answers["relation"],
        inclusion=answers["inclusion"],
        substances=substances,
        ucod=ucod,
        t_codes=t_codes,
    )
    return FiledCase(record.line, case, facts)


def _answer(what: str, text: str, codes: Collection[str], faults: list[str]) -> str | None:
    if text in NOT_KNOWN:
        return None
    if text not in codes:
        faults.append(_unknown(what, text, codes))
    return text


def _substances(text: str, catalogue: Catalogue, faults: list[str]) -> tuple[Contributor, ...]:
    rows = []
    for entry in (part.strip() for part in text.split(";")):
        if not entry:
            continue
        parts = [part.strip() for part in entry.split(":")]
        if not 2 <= len(parts) <= 3 or not parts[1]:
            faults.append(f"substance {entry!r} is not written as code:role or code:role:origin")
            continue
        before = len(faults)
        if parts[0] not in catalogue.substances:
            faults.append(_unknown("substance", parts[0], catalogue.substances))
        role = _answer("role", parts[1], ROLES, faults)
        origin = _answer("origin", parts[2], ORIGINS, faults) if len(parts) == 3 else None
        if len(faults) == before:
            rows.append(Contributor(parts[0], role, origin))
    return tuple(rows)


def _ucod(text: str, faults: list[str]) -> str | None:
    if text in NOT_KNOWN:
        return None
    try:
        return icd10.normalise(text)
    except InvalidIcd10Error as error:
        faults.append(f"unknown ucod: {error}")
        return None


def _t_codes(text: str, faults: list[str]) -> tuple[str, ...]:
    codes = []
    for part in (part.strip() for part in text.split(";")):
        if part in NOT_KNOWN:
            continue
        try:
            codes.append(icd10.nature_code(part))
        except InvalidIcd10Error as error:
            faults.append(f"unknown t_code: {error}")
    return tuple(dict.fromkeys(codes))


def _unknown(what: str, code: str, codes: Collection[str]) -> str:
    near = get_close_matches(code, codes, n=1)
    return f"unknown {what} {code!r}" + (f" (did you mean {near[0]!r}?)" if near else "")

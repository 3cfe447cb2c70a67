"""The lines of R and Python that fetch published rows over the API. They run as they are, with a token in the
variable REGISTER_TOKEN.

R reads with its own functions, Python with pandas. Years and codes are those of the page, so the lines give exactly the
rows behind it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from register.web.statistics.pictures.picture import Rows

TOKEN = "REGISTER_TOKEN"  # noqa: S105 - the name of a variable, not a token
YEAR = "time_period"
PYTHON_TOKEN = f'token = {{"Authorization": "Bearer " + os.environ["{TOKEN}"]}}'
R_TOKEN = f'token <- c(Authorization = paste("Bearer", Sys.getenv("{TOKEN}")))'


@dataclass(frozen=True, slots=True)
class Lines:
    """What to type in a language."""

    language: str
    text: str


def of_table(address: str, *, token: bool) -> list[Lines]:
    """Lines that read a whole table. ``token``: whether the API asks for one."""
    return [
        Lines("R", _joined([R_TOKEN] if token else [], [f"d <- {_r_read(_quoted(address), token)}"])),
        Lines(
            "Python",
            _joined(_python_begin(token), [f"df = {_python_read(_quoted(address), token)}"]),
        ),
    ]


def of_rows(rows: Rows, address_of: Callable[[str], str], *, token: bool) -> list[Lines]:
    """Lines that read these rows. ``address_of`` gives the address of the table in a release."""
    files = {address_of(release): years for release, years in rows.years.items()}
    return [Lines("R", _r(files, rows.codes, token)), Lines("Python", _python(files, rows.codes, token))]


def _python(files: Mapping[str, Sequence[str]], codes: Mapping[str, Sequence[str]], token: bool) -> str:
    kept = [f'df["{column}"].isin({json.dumps(list(values))})' for column, values in codes.items()]
    if len(files) == 1:
        ((address, years),) = files.items()
        reading = [f"df = {_python_read(_quoted(address), token)}"]
        kept.insert(0, f'df["{YEAR}"].isin([{", ".join(years)}])')
    else:
        listed = [f"    {_quoted(address)}: [{', '.join(years)}]," for address, years in files.items()]
        one = f'{_python_read("file", token)}[lambda rows: rows["{YEAR}"].isin(files[file])]'
        reading = ["files = {", *listed, "}", f"df = pandas.concat({one} for file in files)"]
    return _joined(_python_begin(token), reading, [f"df = df[{' & '.join(kept)}]"])


def _r(files: Mapping[str, Sequence[str]], codes: Mapping[str, Sequence[str]], token: bool) -> str:
    kept = [f"d${column} %in% c({', '.join(map(_quoted, values))})" for column, values in codes.items()]
    if len(files) == 1:
        ((address, years),) = files.items()
        reading = [f"d <- {_r_read(_quoted(address), token)}"]
        kept.insert(0, f"d${YEAR} %in% c({', '.join(years)})")
    else:
        listed = ",\n".join(f"  {_quoted(address)} = c({', '.join(years)})" for address, years in files.items())
        one = f"subset({_r_read('file', token)}, {YEAR} %in% files[[file]])"
        reading = ["files <- list(", listed, ")", f"d <- do.call(rbind, lapply(names(files), function(file) {one}))"]
    return _joined([R_TOKEN] if token else [], reading, [f"d <- d[{' & '.join(kept)}, ]"])


def _python_begin(token: bool) -> list[str]:
    return ["import os, pandas", PYTHON_TOKEN] if token else ["import pandas"]


def _python_read(address: str, token: bool) -> str:
    return f"pandas.read_csv({address}, storage_options=token)" if token else f"pandas.read_csv({address})"


def _r_read(address: str, token: bool) -> str:
    """R takes a column with nothing but ``F`` for FALSE, unless it is told that it holds text."""
    source = f"url({address}, headers = token)" if token else f"url({address})"
    return f'read.csv({source}, colClasses = c(conf_status = "character"))'


def _quoted(text: str) -> str:
    """A text as both languages write it; addresses and codes hold letters, digits and signs without a meaning."""
    return json.dumps(text)


def _joined(*parts: Sequence[str]) -> str:
    return "\n".join(line for part in parts for line in part)

"""Files of deaths for the tests of the import, as the source of the mapping ``connecticut`` writes them."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command

from register.casework.importing import mapping
from register.models import User

COLUMNS = (
    *mapping.load("connecticut").columns,
    "Race",
)
ROW = {
    "Date": "12/31/2018",
    "Date Type": "Date of death",
    "Age": "34",
    "Sex": "Male",
    "Death County": "HARTFORD",
    "Residence State": "CT",
    "Location": "Residence",
    "Cause of Death": "Acute Intoxication by the Combined Effects of Heroin and Cocaine",
    "Manner of Death": "Accident",
    "Heroin": "Y",
    "Cocaine": "Y",
    "Race": "Onleesbaar-geheim",
}
Run = Callable[..., str]


def as_csv(changes: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows([{**ROW, **change} for change in changes])
    return text.getvalue().encode()


def lines_of(file: Path) -> list[list[str]]:
    """The lines of a CSV file below its header."""
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))[1:]


def rejects(file: Path) -> list[list[str]]:
    return lines_of(file.with_name(f"{file.name}.rejects.csv"))


def review_in_bulk(by: User, **options: Any) -> str:
    """Run the bulk review; its output comes back."""
    out = io.StringIO()
    call_command("review_cases", by=by.username, stdout=out, **options)
    return out.getvalue()

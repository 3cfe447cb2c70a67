"""The programs with which people read published files. They take seconds to import, so only who needs them does."""

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import frictionless
import openpyxl
import pandas
from pyjstat import pyjstat
from pysdmx.io.csv.sdmx20 import reader as sdmx_csv
from pysdmx.model.dataset import ActionType

Cells = dict[tuple[str, ...], float | None]


def csv_frame(body: bytes, **options: Any) -> Any:
    """A CSV file as pandas reads it."""
    return pandas.read_csv(io.BytesIO(body), **options)


def sdmx_data_set(body: bytes) -> Any:
    """The one data set of an SDMX-CSV 2.0 file as pysdmx reads it: its flow, what to do with it, and its rows."""
    (found,) = sdmx_csv.read(body.decode())
    return found


REPLACES = ActionType.Replace


def json_stat_frame(body: bytes) -> Any:
    """A JSON-stat file as pyjstat reads it, with codes."""
    with warnings.catch_warnings():
        # It calls a function of its own that it tells others not to call.
        warnings.filterwarnings("ignore", "Shouldn't use this function anymore", DeprecationWarning)
        return pyjstat.Dataset.read(body.decode()).write("dataframe", naming="id")


def workbook(body: bytes) -> Any:
    """A workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(body))


def package(folder: Path) -> Any:
    """The data package in a folder as frictionless reads it."""
    return frictionless.Package(str(folder / "datapackage.json"))


def cells(frame: Any, names: Sequence[str], value: str) -> Cells:
    """The cells of a data frame, with None where it has no number."""
    keys = frame[list(names)].astype(str).itertuples(index=False, name=None)
    numbers = pandas.to_numeric(frame[value].astype(object), errors="coerce")
    return {key: None if pandas.isna(number) else number for key, number in zip(keys, numbers, strict=True)}

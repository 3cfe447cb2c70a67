"""One table in a folder, rounded or perturbed instead of hidden: for the command line, without a database."""

import json
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from register.disclosure.cellkey import noise
from register.disclosure.cells import DisclosureInputError
from register.disclosure.controlled import NotRounded
from register.disclosure.instances import Instance, read_instance
from register.disclosure.treated import (
    Treated,
    Way,
    one_way,
    read_records,
    rounded,
    rounded_everywhere,
    treated_table,
    with_noise,
)
from register.reporting.single_places import put

__all__ = ["Treatment", "beside", "treat_folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What is done instead of hiding.

    ``round``: small counts become nought or the ``base``. ``controlled``: every count a neighbouring multiple of it, or
    up to ``wider`` further. ``noise`` (experimental): ``records`` and the ``secret`` of their keys, the ``largest``
    change, its ``variance`` and the ``threshold`` below which no number comes out.
    """

    kind: Literal["round", "controlled", "noise"]
    base: int = 5
    wider: int = 0
    records: Path | None = None
    secret: Path | None = None
    largest: int = 8
    variance: float = 6.0
    threshold: int = 5


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it: ``reasons`` why nothing was written, or how far the farthest number lies from the truth.

    ``early``: the search for the nearest table stopped at its limit.
    """

    reasons: tuple[str, ...] = ()
    largest: int = 0
    early: bool = False

    def report(self) -> str:
        """Return the outcome as JSON, for inside use."""
        return json.dumps(asdict(self), indent=1) + "\n"


def treat_folder(folder: Path, treatment: Treatment, *, output: Path, report: Path | None = None) -> Came:
    """Write the treated table and a ``report``; the report alone where nothing was found.

    Raises DisclosureInputError for bad input and beside exact numbers.
    """
    instance = read_instance(folder)
    found = _treated(instance, treatment)
    if isinstance(found, NotRounded):
        came = Came((found.en,))
        put({report: came.report().encode()} if report else {})
        return came
    beside(output, [side.name for side in instance.sides], found.way)
    came = Came(largest=found.largest, early=found.early)
    put({**({report: came.report().encode()} if report else {}), output: treated_table(instance, found)})
    return came


def beside(output: Path, names: list[str], way: Way) -> None:
    """Refuse to write where another file of the same folder publishes this table in another way."""
    others = [path for path in output.parent.glob("*.csv") if path.is_file() and path.name != output.name]
    one_way(names, way, {path.name: _first_lines(path) for path in others})


def _first_lines(path: Path) -> list[str]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return list(islice(lines, 2))


def _treated(instance: Instance, treatment: Treatment) -> Treated | NotRounded:
    match treatment.kind:
        case "round":
            return rounded(instance, treatment.base)
        case "controlled":
            return rounded_everywhere(instance, treatment.base, wider=treatment.wider)
        case "noise":
            if treatment.records is None or treatment.secret is None:
                raise DisclosureInputError(
                    nl="Ruis vraagt de records achter de tellingen en een geheim.",
                    en="Noise takes the records behind the counts and a secret (--records, --secret).",
                )
            table = noise(largest=treatment.largest, variance=treatment.variance, threshold=treatment.threshold)
            records = read_records(treatment.records, instance)
            return with_noise(instance, records, treatment.secret.read_bytes(), table)

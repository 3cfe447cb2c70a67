"""One table in a folder, protected on its own: for the command line, without a database."""

import json
from dataclasses import dataclass
from pathlib import Path

from register.disclosure.cells import DisclosureInputError
from register.disclosure.instances import files_of, read_instance
from register.disclosure.review import Review
from register.disclosure.single import NO_MORE, Promise, Unprotected, protect_single
from register.disclosure.single_explain import NO_REVIEW, explanation
from register.disclosure.single_files import certificate_of, protected_table
from register.disclosure.single_rules import Beyond
from register.disclosure.verdict import promise_of, verify_files, waivers_of
from register.disclosure.wishes import read_wishes
from register.reporting.single_places import apart, put
from register.reporting.single_treatments import beside

__all__ = [
    "Beyond",
    "DisclosureInputError",
    "Outcome",
    "Promise",
    "Review",
    "apart",
    "files_of",
    "promise_of",
    "protect_folder",
    "put",
    "verify_files",
    "waivers_of",
]

PROVEN = "attacker {attacker}{marks}, {protection}, in whole numbers"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: ``reasons`` why nothing was written, or how many cells are hidden for which cause.

    ``proven``: against whom and how far the certificate proves it; empty when nothing is proven. ``waived``: small
    counts that are published because somebody allows it: the cell, person, reason and day of each. ``price`` is what
    the others cost by the chosen prices, and no safe pattern costs less than ``bound`` (nought when none was sought).
    """

    reasons: tuple[str, ...] = ()
    proven: str = ""
    primary: int = 0
    secondary: int = 0
    lost: int = 0
    tables: int = 0
    waived: tuple[tuple[str, ...], ...] = ()
    price: float = 0.0
    bound: float = 0.0

    def report(self) -> str:
        """Return the outcome as JSON, for inside use."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, indent=1) + "\n"


def protect_folder(
    folder: Path,
    promise: Promise,
    *,
    output: Path,
    certificate: Path,
    keep: Path | None = None,
    waivers: Path | None = None,
    weights: Path | None = None,
    explain: Path | None = None,
    report: Path | None = None,
    review: Review = NO_REVIEW,
    beyond: Beyond = NO_MORE,
) -> Outcome:
    """Write the protected table, its certificate and what is told of them, or none of these.

    The places are such as ``apart`` lets pass. ``report``: where to write the outcome, the only file that is written
    where nothing is proven.
    ``explain``: where to write what the protection cost and what protects what, as secret as the certificate; with a
    ``review`` also what counts that are not small still tell. ``beyond``: which of that is hidden like a small count.
    ``keep``, ``waivers`` and ``weights`` are lists of cells, as register.disclosure.wishes has them. Raises
    DisclosureInputError for bad input, and beside numbers of the same table that were rounded or perturbed. Nothing
    stays on disk unless the verifier finds the certificate good.
    """
    instance = read_instance(folder)
    review.checked(instance.sides)
    if review != NO_REVIEW and explain is None and not beyond:
        raise DisclosureInputError(
            nl="Wat gevoelig is en wie bijdraagt staat in de uitleg; noem ook een bestand daarvoor.",
            en="What is sensitive and who contributes stand in the explanation; name a file for it too (--explain).",
        )
    wishes = read_wishes(instance.sides, keep=keep, waivers=waivers, weights=weights)
    found = protect_single(instance, promise, wishes, beyond)
    if isinstance(found, Unprotected):
        return _unproven([en for _, en in found.reasons], report)
    beside(output, [side.name for side in instance.sides], "exact")
    table = protected_table(instance, found)
    files = {certificate: certificate_of(instance, found, promise, table), output: table}
    if explain:
        text = json.dumps(explanation(instance, promise, found, review), ensure_ascii=False, indent=1)
        files = {explain: f"{text}\n".encode(), **files}
    secondary, lost = found.secondary
    primary = int(found.lattice.weight[found.small].sum())
    marks = " who sees marks" if promise.marks else ""
    outcome = Outcome(
        proven=PROVEN.format(attacker=promise.attacker, marks=marks, protection=promise.protection),
        primary=primary,
        secondary=secondary,
        lost=lost,
        tables=len(found.moves),
        price=round(found.price, 6),
        bound=round(found.bound, 6),
        waived=tuple(waiver.words(instance.sides) for waiver in wishes.waivers),
    )
    if report:
        files = {report: outcome.report().encode(), **files}
    reasons = put(files, lambda new: verify_files(folder, new[output], new[certificate]))
    return _unproven(reasons, report) if reasons else outcome


def _unproven(reasons: list[str], report: Path | None) -> Outcome:
    outcome = Outcome(tuple(reasons))
    if report:
        put({report: outcome.report().encode()})
    return outcome

"""A release of the Connecticut deaths of 2012-2018, fetched over the API and held against the file's own totals.

``make bench ARGS=connecticut_figures`` writes ``docs/figures/connecticut.md`` anew. Every difference is counted out of
the register; when a figure is neither equal nor explained, the command fails and writes nothing.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.utils import timezone  # noqa: E402

from bench import connecticut_cases as connecticut  # noqa: E402
from bench.connecticut_api import Fetched, fetched  # noqa: E402
from bench.connecticut_page import page  # noqa: E402
from register.audit import acting_as  # noqa: E402
from register.casework.importing.reader import DataRow  # noqa: E402
from register.models import Case, DefinitionResult, Release, SubstanceFinding  # noqa: E402
from register.reporting import building, releases  # noqa: E402
from register.reporting.plans import Plan  # noqa: E402
from register.workflow.release_transitions import ReleaseState  # noqa: E402

PAGE = Path(__file__).resolve().parents[1] / "docs" / "figures" / "connecticut.md"
YEARS = range(2012, 2019)
SEXES = {"Male": "male", "Female": "female"}
# Columns of the medical examiner that stand for one substance of the catalogue.
COLUMNS = {
    "Heroin": "heroin",
    "Fentanyl": "fentanyl",
    "Cocaine": "cocaine",
    "Ethanol": "ethanol",
    "Oxycodone": "oxycodone",
    "Methadone": "methadone",
    "Hydrocodone": "hydrocodone",
    "Tramad": "tramadol",
    "Hydromorphone": "hydromorphone",
    "Xylazine": "xylazine",
    "Gabapentin": "gabapentin",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file beside what the register made of it. ``fate`` is "counted" or why it was not."""

    year: int
    sex: str
    ticked: frozenset[str]
    fate: str
    contributing: frozenset[str]


def main() -> int:
    """Fill, publish, fetch, compare; 1 when something does not come out."""
    parser = argparse.ArgumentParser(description="Compare a release with the file it was made from.")
    parser.add_argument("--output", type=Path, default=PAGE, help="where to write the page")
    output = parser.parse_args().output
    connecticut.fill()
    release = _published()
    over_api = fetched(release.identifier)
    with acting_as("system:bench"):  # cases are seen by whoever acts, and by nobody else
        found = list(_rows(connecticut.rows(), connecticut.by_key()))
    faults = list(_faults(found, over_api))
    if faults:
        sys.stderr.write("".join(f"{fault}\n" for fault in faults))
        return 1
    text = page([row for row in found if row.year in YEARS], over_api, release.report or {})
    output.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{output}: {len(over_api.values)} figures, each equal to the file or explained\n")
    return 0


def _published() -> Release:
    """The release, made by one person and approved by another; the one of an earlier run is taken as it is."""
    maker, approver = connecticut.person(connecticut.MAKER), connecticut.person(connecticut.REVIEWER)
    title, note = "Connecticut 2012-2018 (demonstratie)", "Demonstratie met open gegevens uit Connecticut."
    before = Release.objects.filter(title=title, status=ReleaseState.PUBLISHED_PROVISIONAL).first()
    if before is not None:
        return before
    now = timezone.now()
    plan = Plan(
        title=title,
        definition="nl_broad",
        year_from=YEARS.start,
        year_to=YEARS.stop - 1,
        cut_off=now,
        target=ReleaseState.PUBLISHED_PROVISIONAL,
    )
    release = releases.draft(plan=plan, by=maker, now=now)
    release = building.build(release_id=release.pk, now=timezone.now())
    if release.build != Release.Build.BUILT:
        raise SystemExit(release.build_message_en)
    release = releases.submit(release_id=release.pk, note=note, seen_version=release.row_version, by=maker)
    return releases.approve(release_id=release.pk, seen_version=release.row_version, by=approver, now=timezone.now())


def _rows(rows: Iterable[DataRow], cases: Mapping[str, Case]) -> Iterable[Row]:
    outcomes = dict(DefinitionResult.objects.filter(definition="nl_broad").values_list("case_id", "outcome"))
    contributing: dict[Any, set[str]] = {}
    findings = SubstanceFinding.objects.filter(removed_at__isnull=True, role__in=("sole_cause", "joint_cause"))
    for case_id, code in findings.values_list("case_id", "substance_id"):
        contributing.setdefault(case_id, set()).add(code or "")
    for row in rows:
        case = cases[row.key]
        columns = row.columns or {}
        yield Row(
            year=int(columns["Date"][-4:]),
            sex=SEXES.get(columns["Sex"].strip(), "_U"),
            ticked=frozenset(code for name, code in COLUMNS.items() if columns[name].strip()),
            fate=_fate(case, outcomes.get(case.pk, "")),
            contributing=frozenset(contributing.get(case.pk, ())),
        )


def _fate(case: Case, outcome: str) -> str:
    if case.status == "closed":
        return {"yes": "counted", "no": "outside", "undetermined": "undetermined"}[outcome]
    return "excluded" if case.status == "excluded" else "open"


def _faults(rows: Iterable[Row], over_api: Fetched) -> Iterable[str]:
    """Every published figure that is not what the file and the register's own account of it make."""
    counted = [row for row in rows if row.fate == "counted" and row.year in YEARS]
    expected = Counter((str(row.year), "sex", sex) for row in counted for sex in (row.sex, "_T"))
    expected.update((str(row.year), "substance", code) for row in counted for code in (*row.contributing, "_T"))
    for key, value in sorted(over_api.values.items()):
        if value is not None and value != expected[key]:
            yield f"{' '.join(key)}: published {value}, expected {expected[key]}"
    for key in sorted(expected.keys() - over_api.values.keys()):
        yield f"{' '.join(key)}: expected {expected[key]}, and not in the release"


if __name__ == "__main__":
    sys.exit(main())

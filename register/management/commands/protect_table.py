"""Protect one table in a folder and write it with its certificate; needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from register.reporting.single_tables import (
    Beyond,
    DisclosureInputError,
    Outcome,
    Promise,
    Review,
    protect_folder,
)

NOT_PROVEN = 1
BAD_INPUT = 2
HIDDEN = ("groups", "dominated")
LISTS = ("output", "certificate", "keep", "waivers", "weights", "explain")
PROMISE = ("threshold", "attacker", "marks", "protection", "zeros", "cost", "method")


class Command(BaseCommand):
    """Exit 0 with both files written, 1 when the promise cannot be proven, 2 on bad input."""

    help = "Protect the table in a folder (counts.csv, hierarchies.csv) and prove that no small count can be computed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, the promise and the places of the files."""
        parser.add_argument("folder", type=Path, metavar="INSTANCE_DIR")
        parser.add_argument("--threshold", type=int, default=5, help="counts from 1 to one less are hidden")
        parser.add_argument("--attacker", default="A2", choices=("A0", "A1", "A2", "A3", "A4"))
        parser.add_argument("--marks", action="store_true", help="the attacker sees which hidden cells are small")
        parser.add_argument("--protection", default="nonexact", help="nonexact, width:N or reach")
        parser.add_argument("--zeros", default="visible", choices=("visible", "hidden"))
        parser.add_argument("--cost", default="level", choices=("cells", "counts", "level"))
        parser.add_argument(
            "--method",
            default="auto",
            choices=("auto", "eliminate", "moves", "exact"),
            help="eliminate: fast, for tables of any size; moves: smaller, slow; exact: the cheapest, for small tables",
        )
        parser.add_argument("--keep", type=Path, help="CSV of cells that must stay open")
        parser.add_argument(
            "--waivers", type=Path, help="CSV of small counts that may be published: codes, person, reason, day"
        )
        parser.add_argument(
            "--weights", type=Path, help="CSV of codes (* for every code) and weight: how much dearer hiding is"
        )
        parser.add_argument("--output", type=Path, required=True, help="protected CSV")
        parser.add_argument("--certificate", type=Path, required=True, help="proof, as secret as the counts")
        parser.add_argument(
            "--explain", type=Path, help="JSON: the cost per code, what protects what, what a coarser table gives back"
        )
        parser.add_argument(
            "--sensitive",
            action="append",
            default=[],
            metavar="DIMENSION",
            help="name groups that share an answer of this dimension, in the explanation; may be given again",
        )
        parser.add_argument(
            "--all-but", type=int, default=0, help="name them too when so many do not share it (0 to 2)"
        )
        parser.add_argument(
            "--contributor", default="", metavar="DIMENSION", help="name counts that come from one code of it by 90 %%"
        )
        parser.add_argument(
            "--hide",
            action="append",
            default=[],
            choices=HIDDEN,
            help="protect groups that share an answer, or counts of one contributor, like small counts",
        )
        parser.add_argument("--report", type=Path, help="JSON with what was hidden, or why nothing was written")

    def handle(self, *args: Any, **options: Any) -> None:
        """Protect the folder."""
        report = options["report"]
        try:
            promise = Promise(**{name: options[name] for name in PROMISE})
            lists = {name: options[name] for name in LISTS}
            review = Review(tuple(options["sensitive"]), options["all_but"], options["contributor"])
            beyond = _beyond(review, options["hide"])
            outcome = protect_folder(options["folder"], promise, **lists, review=review, beyond=beyond)
            if report:
                report.write_text(outcome.report(), encoding="utf-8")
        except (DisclosureInputError, OSError) as error:
            if report and isinstance(error, DisclosureInputError):
                report.write_text(Outcome((str(error),)).report(), encoding="utf-8")
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        if outcome.reasons:
            raise CommandError("\n".join(outcome.reasons), returncode=NOT_PROVEN)
        hidden = f"{outcome.primary} small cells and {outcome.secondary} others hidden"
        waived = f"; {len(outcome.waived)} cells stay open by waiver" if outcome.waived else ""
        self.stdout.write(f"{hidden}; {outcome.tables} alternatives prove it{waived}.")
        self.stdout.write(f"Proven: {outcome.proven}.")


def _beyond(review: Review, hidden: list[str]) -> Beyond:
    """What is hidden of that which would only be named otherwise."""
    groups, dominated = (name in hidden for name in HIDDEN)
    return Beyond(
        sensitive=review.sensitive if groups else (),
        but=review.but,
        contributor=review.contributor if dominated else "",
        dominant=review.dominant,
    )

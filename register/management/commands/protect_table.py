"""Protect one table in a folder: hidden where needed with a certificate, rounded, or perturbed; needs no database."""

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
    apart,
    files_of,
    protect_folder,
    put,
)
from register.reporting.single_treatments import Treatment, treat_folder

NOT_PROVEN = 1
NEARLY = 1e-6
BAD_INPUT = 2
UNASKED = ("keep", "waivers", "weights", "explain", "sensitive", "contributor", "hide", "marks")
WRITTEN = {
    "round": "Small counts rounded to 0 or {base}; everything adds up, no number is off by more than {largest}.",
    "controlled": "Every count rounded to a multiple of {base}; everything adds up, none is off by over {largest}.",
    "noise": "Noise added, an experiment: the numbers do not add up, none is off by more than {largest}.",
}
HIDDEN = ("groups", "dominated")
LISTED = ("keep", "waivers", "weights", "records", "secret")
MADE = ("output", "certificate", "explain", "report")
LISTS = ("output", "certificate", "keep", "waivers", "weights", "explain", "report")
TREATED = ("base", "wider", "records", "secret", "largest", "variance", "threshold")
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
            choices=("auto", "modular", "eliminate", "moves", "exact"),
            help="modular: elimination modulo a prime, then repaired; eliminate: in whole numbers, for tables of any"
            " size; moves: from nothing, for small tables; exact: the cheapest, slow",
        )
        parser.add_argument("--keep", type=Path, help="CSV of cells that must stay open")
        parser.add_argument(
            "--waivers", type=Path, help="CSV of small counts that may be published: codes, person, reason, day"
        )
        parser.add_argument(
            "--weights", type=Path, help="CSV of codes (* for every code) and weight: how much dearer hiding is"
        )
        parser.add_argument("--output", type=Path, required=True, help="protected CSV")
        parser.add_argument(
            "--certificate", type=Path, help="proof, as secret as the counts; always where cells are hidden"
        )
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
        self._instead(parser)

    def _instead(self, parser: ArgumentParser) -> None:
        """Take what is done instead of hiding."""
        parser.add_argument(
            "--treatment",
            default="hide",
            choices=("hide", "round", "controlled", "noise"),
            help="round: small counts, all adds up; controlled: every count; noise: by keyed records, an experiment",
        )
        parser.add_argument("--base", type=int, default=5, help="of rounding: 3 or 5")
        parser.add_argument("--wider", type=int, default=0, help="multiples that controlled rounding may go further")
        parser.add_argument("--records", type=Path, help="noise: CSV of the codes of a leaf and a record, a line each")
        parser.add_argument("--secret", type=Path, help="noise: file with at least 32 bytes that nobody else has")
        parser.add_argument("--largest", type=int, default=8, help="noise: the largest change of a count")
        parser.add_argument("--variance", type=float, default=6.0, help="noise: the variance of the changes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Protect the folder."""
        read = [*files_of(options["folder"]), *(options[name] for name in LISTED if options[name])]
        try:
            apart([options[name] for name in MADE if options[name]], read)
        except (DisclosureInputError, OSError) as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        if options["treatment"] != "hide":
            self._treat(options)
            return
        if options["certificate"] is None:
            raise CommandError("Hiding needs a place for its proof (--certificate).", returncode=BAD_INPUT)
        try:
            promise = Promise(**{name: options[name] for name in PROMISE})
            lists = {name: options[name] for name in LISTS}
            review = Review(tuple(options["sensitive"]), options["all_but"], options["contributor"])
            beyond = _beyond(review, options["hide"])
            outcome = protect_folder(options["folder"], promise, **lists, review=review, beyond=beyond)
        except (DisclosureInputError, OSError) as error:
            raise _bad_input(error, options["report"]) from error
        if outcome.reasons:
            raise CommandError("\n".join(outcome.reasons), returncode=NOT_PROVEN)
        hidden = f"{outcome.primary} small cells and {outcome.secondary} others hidden"
        waived = f"; {len(outcome.waived)} cells stay open by waiver" if outcome.waived else ""
        self.stdout.write(f"{hidden}; {outcome.tables} alternatives prove it{waived}.")
        self.stdout.write(f"Proven: {outcome.proven}.")
        if options["method"] == "exact":
            least = "nothing safe costs less" if outcome.price <= outcome.bound + NEARLY else "the search stopped early"
            self.stdout.write(
                f"It costs {outcome.price:g}; no safe pattern costs less than {outcome.bound:g}: {least}."
            )

    def _treat(self, options: dict[str, Any]) -> None:
        """Round or perturb the folder."""
        try:
            if any(options[name] for name in ("certificate", *UNASKED)):
                raise DisclosureInputError(
                    nl="Zonder verbergen is er geen certificaat, geen uitleg en niets dat open moet blijven.",
                    en="Where nothing is hidden there is no certificate, no explanation and nothing to keep open.",
                )
            treatment = Treatment(kind=options["treatment"], **{name: options[name] for name in TREATED})
            came = treat_folder(options["folder"], treatment, output=options["output"], report=options["report"])
        except (DisclosureInputError, OSError) as error:
            raise _bad_input(error, options["report"]) from error
        if came.reasons:
            raise CommandError("\n".join(came.reasons), returncode=NOT_PROVEN)
        self.stdout.write(WRITTEN[options["treatment"]].format(base=options["base"], largest=came.largest))
        if came.early:
            self.stdout.write("The search stopped at its limit: a table nearer to the truth may exist.")


def _bad_input(error: Exception, report: Path | None) -> CommandError:
    """Say what is wrong with the input, in the report too."""
    if report and isinstance(error, DisclosureInputError):
        put({report: Outcome((str(error),)).report().encode()})
    return CommandError(str(error), returncode=BAD_INPUT)


def _beyond(review: Review, hidden: list[str]) -> Beyond:
    """What is hidden of that which would only be named otherwise."""
    groups, dominated = (name in hidden for name in HIDDEN)
    if (groups and not review.sensitive) or (dominated and not review.contributor):
        raise DisclosureInputError(
            nl="Om groepen te verbergen moet een gevoelige dimensie genoemd zijn, en om bijdragen een bijdrager.",
            en="Hiding groups needs a sensitive dimension (--sensitive), hiding contributions one (--contributor).",
        )
    return Beyond(
        sensitive=review.sensitive if groups else (),
        but=review.but,
        contributor=review.contributor if dominated else "",
        dominant=review.dominant,
    )

"""Numbers or rates: which of the two a chart shows, where both are published."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.reporting.codelists import DECIMALS
from register.web.statistics.charts.seen import Figures
from register.web.statistics.pictures import chosen
from register.web.statistics.pictures.picture import Source

RATES = ("per_100k", "per_million")
SOURCE = "population_source"


@dataclass(frozen=True, slots=True)
class Measured:
    """A table with the chosen measure, how many decimals of it are published, and what to say of it."""

    table: str
    figures: Figures
    measure: str
    digits: int
    of: tuple[str, ...]
    note: str


def choose(source: Source, table: str, *, usual: str = "deaths") -> Measured | None:
    """What was chosen of a table of deaths and of the table of its rates; None where neither is published."""
    counts, rates = source.tables(table), source.tables(f"rate-{table}")
    if counts is None:
        return None
    options = [("deaths", counts.measures["deaths"])]
    options += [(code, rates.measures[code]) for code in RATES if rates and code in rates.measures]
    codes = [code for code, _label in options]
    measure = source.chosen.one_of(chosen.MEASURE, _("Count"), options, usual if usual in codes else codes[0])
    if rates is None or measure == "deaths":
        return Measured(table, counts, measure, 0, (), "")
    (population,) = rates.codes[SOURCE].values()
    note = _("Population: %(source)s.") % {"source": _with_days_in_words(str(population))}
    return Measured(f"rate-{table}", rates, measure, DECIMALS[measure], (dict(options)[measure],), note)


def _with_days_in_words(source: str) -> str:
    """The source of a population as a file has it, with its day as the reader writes days."""

    def written(found: re.Match[str]) -> str:
        try:
            return date_format(date.fromisoformat(found[0]), "j F Y")
        except ValueError:
            return found[0]

    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", written, source)

"""Ages of men and women in one year, as numbers or per inhabitant."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from register.web.statistics.charts import bars
from register.web.statistics.charts.seen import TOTAL, Seen, comparable, shown
from register.web.statistics.pictures import chosen, rates
from register.web.statistics.pictures.picture import Picture, Rows, Source, told

# The schemes of age bands: of the EU drugs agency, and of the Dutch monitor.
SCHEMES = ("euda", "ndm")
SEXES = ("male", "female")
Band = tuple[str, str, Seen, Seen]


def by_age(source: Source) -> Picture | None:
    """Age bands of men and women, back to back."""
    schemes = [(one, _ages_of(one)) for one in SCHEMES if source.tables(f"age-{one}-sex")]
    if not schemes:
        return None
    scheme = source.chosen.one_of(chosen.AGES, _("Age bands"), schemes, schemes[0][0])
    measured = rates.choose(source, f"age-{scheme}-sex")
    if measured is None:
        return None
    figures, measure, digits = measured.figures, measured.measure, measured.digits
    year = source.chosen.one_year(figures.periods)
    dimension = f"age_band_{scheme}"
    bands = [code for code in figures.codes[dimension] if code not in (TOTAL, "_U")]
    rows: list[Band] = [
        (
            figures.label(dimension, band),
            _short(band),
            figures.at(measure, year, band, SEXES[0]),
            figures.at(measure, year, band, SEXES[1]),
        )
        for band in reversed(bands)
    ]
    names = (figures.label("sex", SEXES[0]), figures.label("sex", SEXES[1]))
    return Picture(
        title=_sentence(rows, year, counts=not digits),
        unit=_("Deaths by age and sex") if not digits else _("Death rates by age and sex"),
        of=(*measured.of, year),
        drawing=bars.pyramid([row[1:] for row in rows], names, source.language, digits),
        head=_("Age"),
        columns=names,
        lines=tuple((row[0], told(row[2:], source.language, digits)) for row in rows),
        rows=Rows(measured.table, {source.release: [year]}, {"measure": [measure], dimension: bands, "sex": SEXES}),
        note=measured.note,
    )


def _ages_of(scheme: str) -> str:
    return _("of five years (EUDA)") if scheme == "euda" else _("wider (NDM)")


def _sentence(rows: Sequence[Band], year: str, *, counts: bool) -> str:
    largest = max(rows, key=lambda row: max([*shown(row[2:]), -1.0]))
    if not comparable([seen for row in rows for seen in row[2:]]) or not any(shown(largest[2:])):
        return _("Age and sex in %(year)s") % {"year": year}
    if counts:
        return _("In %(year)s most deaths of one sex and age were at %(band)s") % {"year": year, "band": largest[0]}
    return _("In %(year)s the death rate was highest at %(band)s") % {"year": year, "band": largest[0]}


def _short(band: str) -> str:
    """An age band between two bars: <15, 15–19, 65+."""
    return band.replace("Y_LT", "<").replace("Y_GE", "").replace("Y", "").replace("T", "–") + (
        "+" if band.startswith("Y_GE") else ""
    )

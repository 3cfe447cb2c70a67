"""Every region in one year, as a tile: per inhabitant where the population is known, else the number of deaths."""

from django.utils.translation import gettext as _

from register.web.statistics.charts import grids
from register.web.statistics.charts.seen import Figures, comparable, words
from register.web.statistics.pictures import chosen, rates
from register.web.statistics.pictures.picture import Picture, Rows, Source, told

REGION = "GG"


def by_region(source: Source) -> Picture | None:
    """All regions, or those that lie in one province."""
    measured = rates.choose(source, "area", usual="per_100k")
    if measured is None:
        return None
    figures, measure, digits = measured.figures, measured.measure, measured.digits
    province, name_of_province = _province(source, figures)
    year = source.chosen.one_year(figures.periods)
    regions = [
        (code, name, figures.at(measure, year, code))
        for code, name in figures.codes["area"].items()
        if code.startswith(REGION) and province in ("", figures.parents["area"][code])
    ]
    known = [region for region in regions if region[2].number]
    told_apart = comparable([region[2] for region in regions])
    highest = max(known if told_apart else (), key=lambda region: region[2].number or 0, default=None)
    return Picture(
        title=_("Highest in %(region)s in %(year)s: %(number)s")
        % {"region": highest[1], "year": year, "number": words(highest[2].number or 0, source.language, digits)}
        if highest
        else _("Regions in %(year)s") % {"year": year},
        unit=_("Death rates by region of death") if digits else _("Deaths by region of death"),
        of=(*measured.of, *((name_of_province,) if province else ()), year),
        drawing=grids.tiles(regions, source.language, (_("suppressed"), _("not known")), digits),
        head=_("Region"),
        columns=(figures.measures[measure],),
        lines=tuple((name, told([seen], source.language, digits)) for _code, name, seen in regions),
        rows=Rows(
            measured.table,
            {source.release: [year]},
            {"measure": [measure], "area": [code for code, *_rest in regions]},
        ),
        note=measured.note,
    )


def _province(source: Source, figures: Figures) -> tuple[str, str]:
    """The chosen province with its name; both empty for the whole country."""
    parents = figures.parents["area"]
    holding = {parents[code] for code in figures.codes["area"] if code.startswith(REGION)}
    provinces = [(code, name) for code, name in figures.codes["area"].items() if code in holding and parents[code]]
    options = [("", figures.label("area", figures.total)), *provinces]
    province = source.chosen.one_of(chosen.AREA, _("Area"), options, "")
    return province, dict(options)[province]

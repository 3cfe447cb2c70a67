"""Deaths by year: the main groups of substances, one group, all deaths, or those of one region."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from register.web.statistics.charts import trend
from register.web.statistics.charts.seen import NOTHING, TOTAL, Figures, comparable, words
from register.web.statistics.pictures import chosen
from register.web.statistics.pictures.picture import (
    Picture,
    Rows,
    Source,
    does_not_add_up,
    listed,
    measures_of,
    told,
)

MAIN = ("opioid", "cocaine", "stimulant", "other")
FINAL = "final"


def by_year(source: Source) -> Picture | None:
    """A line for each group, or one line: of a group, of all deaths, or of a region."""
    if source.tables("group") is None:
        return None
    return _of_a_region(source) or _of_groups(source)


def _of_a_region(source: Source) -> Picture | None:
    """The chart of one region; None where none was chosen."""
    figures = source.tables("area")
    if figures is None:
        return None
    areas = [("" if code == TOTAL else code, label) for code, label in listed(figures, "area") if code != "_U"]
    area = source.chosen.one_of(chosen.AREA, _("Area"), areas, "")
    if not area:
        return None
    note = _("By region only all deaths together are published.")
    unit = _("Deaths by year and region of death")
    return _lines(source, ("area", "area"), "deaths", [area], unit=unit, of=(figures.label("area", area),), note=note)


def _of_groups(source: Source) -> Picture | None:
    mentions, once = source.tables("group"), source.tables("group-hierarchical")
    measures = measures_of(mentions, once)
    measure = source.chosen.one_of(chosen.MEASURE, _("Count"), measures, "any")
    table = "group-hierarchical" if measure == "hierarchical" else "group"
    figures = once if measure == "hierarchical" else mentions
    if figures is None:
        return None
    groups = [("", _("The main groups")), *_groups(figures, measure)]
    group = source.chosen.one_of(chosen.GROUP, _("Substance group"), groups, "")
    codes = [group] if group else [code for code in MAIN if figures.has("group", code)]
    of = () if group == TOTAL else (dict(measures)[measure], *((figures.label("group", group),) if group else ()))
    note = does_not_add_up(figures, measure)
    return _lines(source, (table, "group"), measure, codes, unit=_("Deaths by year"), of=of, note=note)


def _groups(figures: Figures, measure: str) -> list[tuple[str, str]]:
    """The groups that have this count. All deaths are listed once, under the first one."""
    first = next(iter(figures.measures))
    return [
        (code, _("All deaths") if code == TOTAL else label)
        for code, label in listed(figures, "group")
        if code != TOTAL or measure == first
    ]


def _lines(
    source: Source,
    place: tuple[str, str],
    measure: str,
    codes: Sequence[str],
    *,
    unit: str,
    of: tuple[str, ...],
    note: str,
) -> Picture | None:
    """The lines of these codes. ``place``: the table and its dimension."""
    table, dimension = place
    figures = source.tables(table)
    if figures is None:
        return None
    found = [(one.year, one.release, one.figures, one.provisional) for one in source.earlier(table)]
    found += [(year, source.release, figures, figures.status != FINAL) for year in figures.periods]
    span = source.chosen.span([year for year, *_rest in found])
    found = [one for one in found if one[0] in span]
    years = [
        trend.Year(year, provisional, tuple(held.at(measure, year, code) for code in codes))
        for year, _release, held, provisional in found
    ]
    names = [_("All deaths") if code == TOTAL else figures.label(dimension, code) for code in codes]
    releases = dict.fromkeys(release for _year, release, *_rest in found)
    return Picture(
        title=_sentence(years, names, source.language),
        unit=unit,
        of=of,
        drawing=trend.draw(years, names, source.language, _("provisional: may still rise")),
        head=_("Year"),
        columns=tuple(names),
        lines=tuple(
            (f"{year.name}{'*' if year.provisional else ''}", told(year.values, source.language))
            for year in reversed(years)
        ),
        rows=Rows(
            table,
            {release: [year for year, its, *_rest in found if its == release] for release in releases},
            {"measure": [measure], dimension: codes},
        ),
        note=note,
    )


def _sentence(years: Sequence[trend.Year], names: Sequence[str], language: str) -> str:
    """The largest line of the newest year, and what it was in the first; none where a larger one may be hidden."""
    last, first = years[-1], years[0]
    if not comparable(last.values):
        return (
            _("Deaths by year and group of substances")
            if len(names) > 1
            else _("%(name)s by year") % {"name": names[0]}
        )
    numbers = [seen.number for seen in last.values]
    place = max(range(len(names)), key=lambda number: numbers[number] or -1)
    was = first.values[place] if first is not last else NOTHING
    facts = {"name": names[place], "year": last.name, "number": words(numbers[place] or 0, language)}
    if was.number is not None:
        facts |= {"was": words(was.number, language), "before": first.name}
        if len(names) > 1:
            return _("%(name)s: from %(was)s deaths in %(before)s to %(number)s in %(year)s, the largest group") % facts
        return _("%(name)s: from %(was)s deaths in %(before)s to %(number)s in %(year)s") % facts
    if len(names) > 1:
        return _("%(name)s are mentioned most in %(year)s: %(number)s deaths") % facts
    return _("%(name)s: %(number)s deaths in %(year)s") % facts

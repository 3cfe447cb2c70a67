"""The charts of a release: what each reads from the published tables, what it says, and the same cells as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _

from register.web.statistics.charts import bars, grids, trend
from register.web.statistics.charts.bars import Together
from register.web.statistics.charts.drawing import Drawing
from register.web.statistics.charts.seen import NOTHING, TOTAL, Figures, Seen, comparable, shown, words

GROUPS = ("opioid", "cocaine", "stimulant", "other")
INTENTS = ("accident", "suicide", "undetermined", "_U")
SUBSTANCES, PAIRS = 15, 15


@dataclass(frozen=True, slots=True)
class Source:
    """Where a chart reads: ``tables`` gives a table of the release by name, ``earlier`` the figures of earlier years.

    ``earlier`` holds, for each year before the release, the year, its table of groups and whether it is provisional.
    """

    tables: Callable[[str], Figures | None]
    earlier: Callable[[], Sequence[tuple[str, Figures, bool]]]
    language: str
    year: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart with its words and the same cells as a table. ``table`` and ``measure`` say where they stand."""

    title: str
    unit: str
    drawing: Drawing
    head: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    table: str
    years: tuple[str, ...] = ()
    year: str = ""
    note: str = ""


def by_group(source: Source) -> Picture | None:
    """Deaths by year and main group."""
    figures = source.tables("group")
    if figures is None:
        return None
    years = [
        trend.Year(year, provisional, tuple(held.at("any", year, code) for code in GROUPS))
        for year, held, provisional in source.earlier()
    ]
    provisional = figures.status != "final"
    years += [
        trend.Year(year, provisional, tuple(figures.at("any", year, code) for code in GROUPS))
        for year in figures.periods
    ]
    names = [figures.label("group", code) for code in GROUPS]
    return Picture(
        title=_trend_sentence(years, names, source.language),
        unit=_("Deaths by year, any mention"),
        drawing=trend.draw(years, names, source.language, _("provisional: may still rise")),
        head=_("Year"),
        columns=tuple(names),
        lines=tuple(
            (f"{year.name}{'*' if year.provisional else ''}", _told(year.values, source.language))
            for year in reversed(years)
        ),
        table="group",
        note=_("Counts per substance do not add up."),
    )


def by_substance(source: Source) -> Picture | None:
    """The substances with most deaths, by year."""
    figures = source.tables("substance")
    if figures is None:
        return None
    rows = [
        (name, [figures.at("any", year, code) for year in figures.periods])
        for code, name in figures.codes["substance"].items()
        if code not in (TOTAL, "_U")
    ]
    kept = [row for row in rows if any(seen.hidden or seen.number for seen in row[1])]
    kept.sort(key=lambda row: (-sum(shown(row[1])), row[0]))
    kept = kept[:SUBSTANCES]
    most = kept[0][0] if comparable([seen for _name, cells in rows for seen in cells]) and kept else ""
    return Picture(
        title=_("%(name)s is mentioned most") % {"name": _capital(most)} if most else _("Substances by year"),
        unit=_("Deaths by substance and year, any mention, the %(count)d most frequent") % {"count": len(kept)},
        drawing=grids.heat(figures.periods, kept, source.language),
        head=_("Substance"),
        columns=tuple(figures.periods),
        lines=tuple((name, _told(cells, source.language)) for name, cells in kept),
        table="substance",
        note=_("Counts per substance do not add up."),
    )


def by_age(source: Source) -> Picture | None:
    """Age bands of men and women in one year."""
    figures = source.tables("age-euda-sex")
    if figures is None:
        return None
    year = _year(figures, source.year)
    bands = [code for code in figures.codes["age_band_euda"] if code not in (TOTAL, "_U")]
    rows: list[tuple[str, str, Seen, Seen]] = [
        (
            figures.label("age_band_euda", band),
            _short(band),
            figures.at("deaths", year, band, "male"),
            figures.at("deaths", year, band, "female"),
        )
        for band in reversed(bands)
    ]
    names = (figures.label("sex", "male"), figures.label("sex", "female"))
    largest = max(rows, key=lambda row: max([*shown(row[2:]), -1.0]))
    return Picture(
        title=_("In %(year)s most deaths of one sex and age were at %(band)s") % {"year": year, "band": largest[0]}
        if comparable([seen for row in rows for seen in row[2:]]) and any(shown(largest[2:]))
        else _("Age and sex in %(year)s") % {"year": year},
        unit=_("Deaths by age and sex"),
        drawing=bars.pyramid([row[1:] for row in rows], names, source.language),
        head=_("Age"),
        columns=names,
        lines=tuple((row[0], _told(row[2:], source.language)) for row in rows),
        table="age-euda-sex",
        years=tuple(reversed(figures.periods)),
        year=year,
    )


def by_intent(source: Source) -> Picture | None:
    """Accident, suicide, undetermined and unknown by year; the rest of the year is hatched."""
    figures = source.tables("intent-group")
    if figures is None:
        return None
    names = [figures.label("intent", code) for code in INTENTS]
    rows = [
        (
            year,
            figures.at("hierarchical", year, TOTAL, TOTAL),
            [figures.at("hierarchical", year, code, TOTAL) for code in INTENTS],
        )
        for year in reversed(figures.periods)
    ]
    rest = _("other intents, and what is suppressed")
    newest, total, parts = rows[0]
    return Picture(
        title=_intent_sentence(newest, total, parts, names, source.language),
        unit=_("Deaths by year and intent"),
        drawing=bars.stack(rows, names, rest, source.language),
        head=_("Year"),
        columns=(*names, _("Total")),
        lines=tuple((year, _told((*parts, total), source.language)) for year, total, parts in rows),
        table="intent-group",
    )


def together(source: Source) -> Picture | None:
    """Pairs of classes in the same death, in one year."""
    figures = source.tables("combination")
    if figures is None:
        return None
    year = _year(figures, source.year)
    classes = [code for code in figures.codes["combination"] if "+" not in code]
    pairs = [
        Together(
            (classes.index(one), classes.index(other)),
            figures.label("combination", f"{one}+{other}"),
            figures.at("any", year, f"{one}+{other}"),
        )
        for one, other in combinations(classes, 2)
    ]
    kept = [pair for pair in pairs if pair.seen.hidden or pair.seen.number]
    kept.sort(key=lambda pair: (-(pair.seen.number or 0), pair.name))
    kept = kept[:PAIRS]
    first = kept[0] if kept and comparable([pair.seen for pair in pairs]) else None
    names = [figures.label("combination", code) for code in classes]
    return Picture(
        title=_("%(pair)s were found together most often in %(year)s: %(count)s deaths")
        % {"pair": first.name, "year": year, "count": words(first.seen.number or 0, source.language)}
        if first
        else _("Combinations of substances in %(year)s") % {"year": year},
        unit=_("Deaths with both classes of substances"),
        drawing=bars.combinations(names, kept, source.language),
        head=_("Combination"),
        columns=(_("Deaths"),),
        lines=tuple((pair.name, _told([pair.seen], source.language)) for pair in kept),
        table="combination",
        years=tuple(reversed(figures.periods)),
        year=year,
        note=_("Counts per substance do not add up."),
    )


def by_region(source: Source) -> Picture | None:
    """Every region in one year: per 100,000 people where the population is known, else the number of deaths."""
    rates = source.tables("rate-area")
    figures = rates or source.tables("area")
    if figures is None:
        return None
    year = _year(figures, source.year)
    measure, digits = ("per_100k", 1) if rates else ("deaths", 0)
    rest = [next(iter(figures.codes["population_source"]))] if rates and "population_source" in figures.names else []
    regions = [
        (code, name, figures.at(measure, year, code, *rest))
        for code, name in figures.codes["area"].items()
        if code.startswith("GG")
    ]
    known = [region for region in regions if region[2].number]
    told = comparable([region[2] for region in regions])
    highest = max(known if told else (), key=lambda region: region[2].number or 0, default=None)
    unit = _("Deaths per 100,000 people by region of death") if rates else _("Deaths by region of death")
    source_note = figures.label("population_source", next(iter(figures.codes["population_source"]))) if rates else ""
    return Picture(
        title=_("Highest in %(region)s in %(year)s: %(number)s")
        % {"region": highest[1], "year": year, "number": words(highest[2].number or 0, source.language, digits)}
        if highest
        else _("Regions in %(year)s") % {"year": year},
        unit=unit,
        drawing=grids.tiles(regions, source.language, (_("suppressed"), _("not known")), digits),
        head=_("Region"),
        columns=(_("Per 100,000 people") if rates else _("Deaths"),),
        lines=tuple((name, _told([seen], source.language, digits)) for _code, name, seen in regions),
        table="rate-area" if rates else "area",
        years=tuple(reversed(figures.periods)),
        year=year,
        note=_("Population: %(source)s.") % {"source": source_note} if source_note else "",
    )


CHARTS: dict[str, Callable[[Source], Picture | None]] = {
    "jaren": by_group,
    "middelen": by_substance,
    "leeftijd": by_age,
    "intentie": by_intent,
    "combinaties": together,
    "regio": by_region,
}


def names() -> dict[str, str]:
    """What each chart is called in the row of charts."""
    return {
        "jaren": _("Trend"),
        "middelen": _("Substances"),
        "leeftijd": _("Age and sex"),
        "intentie": _("Intent"),
        "combinaties": _("Combinations"),
        "regio": _("Regions"),
    }


def _year(figures: Figures, wanted: str) -> str:
    return wanted if wanted in figures.periods else figures.periods[-1]


def _told(cells: Sequence[Seen], language: str, digits: int = 0) -> tuple[str, ...]:
    """The numbers as text; a suppressed one is a dot, and what does not exist is empty."""
    return tuple(
        "·" if one.hidden else "" if one.number is None else words(one.number, language, digits) for one in cells
    )


def _trend_sentence(years: Sequence[trend.Year], names: Sequence[str], language: str) -> str:
    """The largest group in the newest year, and what it was in the first."""
    last, first = (years[-1], years[0]) if years else (None, None)
    if last is None or first is None or not comparable(last.values):
        return _("Deaths by year and group of substances")
    numbers = [seen.number for seen in last.values]
    place = max(range(len(names)), key=lambda number: numbers[number] or -1)
    was = first.values[place] if first is not last else NOTHING
    told = {"name": names[place], "year": last.name, "number": words(numbers[place] or 0, language)}
    if was.number is None:
        return _("%(name)s are mentioned most in %(year)s: %(number)s deaths") % told
    return _("%(name)s: from %(was)s deaths in %(before)s to %(number)s in %(year)s, the largest group") % {
        **told,
        "was": words(was.number, language),
        "before": first.name,
    }


def _intent_sentence(year: str, total: Seen, parts: Sequence[Seen], names: Sequence[str], language: str) -> str:
    known = [(seen.number, name) for seen, name in zip(parts, names, strict=True) if seen.number]
    if not known or not total.number:
        return _("Deaths by year and intent")
    number, name = max(known)
    return _("%(name)s: %(number)s of the %(total)s deaths in %(year)s") % {
        "name": name,
        "number": words(number, language),
        "total": words(total.number, language),
        "year": year,
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(band: str) -> str:
    """An age band between two bars: <15, 15–19, 65+."""
    return band.replace("Y_LT", "<").replace("Y_GE", "").replace("Y", "").replace("T", "–") + (
        "+" if band.startswith("Y_GE") else ""
    )

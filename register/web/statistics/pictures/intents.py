"""Accident, suicide, undetermined and unknown by year."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from register.web.statistics.charts import bars
from register.web.statistics.charts.seen import TOTAL, Figures, Seen, words
from register.web.statistics.pictures import chosen
from register.web.statistics.pictures.picture import Picture, Rows, Source, does_not_add_up, listed, told

INTENTS = ("accident", "suicide", "undetermined", "_U")
# All deaths are listed once, under the count by which they add up.
ADDS_UP = "hierarchical"


def by_intent(source: Source) -> Picture | None:
    """A bar for each year, of all deaths or of one group; what is left of the year is hatched."""
    figures = source.tables("intent-group")
    if figures is None:
        return None
    group, measure, of = _choose(source, figures)
    years = source.chosen.span(figures.periods)
    names = [figures.label("intent", code) for code in INTENTS]
    rows = [
        (year, figures.at(measure, year, TOTAL, group), [figures.at(measure, year, code, group) for code in INTENTS])
        for year in reversed(years)
    ]
    return Picture(
        title=_sentence(rows[0], names, source.language),
        unit=_("Deaths by year and intent"),
        of=of,
        drawing=bars.stack(rows, names, _("other intents, and what is suppressed"), source.language),
        head=_("Year"),
        columns=(*names, _("Total")),
        lines=tuple((year, told((*parts, total), source.language)) for year, total, parts in rows),
        rows=Rows(
            "intent-group",
            {source.release: years},
            {"measure": [measure], "intent": [*INTENTS, TOTAL], "group": [group]},
        ),
        note=does_not_add_up(figures, measure),
    )


def _choose(source: Source, figures: Figures) -> tuple[str, str, tuple[str, ...]]:
    """The group, the count and both in words. All deaths are counted once, so there is no count to choose for them."""
    groups = [(code, _("All deaths") if code == TOTAL else label) for code, label in listed(figures, "group")]
    group = source.chosen.one_of(chosen.GROUP, _("Substance group"), groups, TOTAL)
    measures = list(figures.measures.items())
    if group == TOTAL:
        return group, ADDS_UP, ()
    measure = source.chosen.one_of(chosen.MEASURE, _("Count"), measures, ADDS_UP)
    return group, measure, (figures.label("group", group), figures.measures[measure])


def _sentence(newest: tuple[str, Seen, Sequence[Seen]], names: Sequence[str], language: str) -> str:
    """The most frequent intent of the newest year, where it is certain which one that is."""
    year, total, parts = newest
    known = [(seen.number, name) for seen, name in zip(parts, names, strict=True) if seen.number]
    if not known or not total.number:
        return _("Deaths by year and intent")
    number, name = max(known)
    if any(seen.hidden for seen in parts) and 2 * number < total.number:
        return _("Deaths by year and intent")
    return _("%(name)s: %(number)s of the %(total)s deaths in %(year)s") % {
        "name": name,
        "number": words(number, language),
        "total": words(total.number, language),
        "year": year,
    }

"""The substances with most deaths, by year."""

from django.utils.translation import gettext as _

from register.web.statistics.charts import grids
from register.web.statistics.charts.seen import TOTAL, Figures, comparable, shown
from register.web.statistics.pictures import chosen
from register.web.statistics.pictures.picture import (
    Picture,
    Rows,
    Source,
    does_not_add_up,
    listed,
    told,
    years_in_words,
)

MOST = 15
NO_SUBSTANCE = (TOTAL, "_U")


def by_substance(source: Source) -> Picture | None:
    """A row for each of the substances that are found most, of all or of one group."""
    figures = source.tables("substance")
    if figures is None:
        return None
    group, group_name = _group(source, figures)
    years = source.chosen.span(figures.periods)
    rows = [
        (code, name, [figures.at("any", year, code) for year in years])
        for code, name in figures.codes["substance"].items()
        if code not in NO_SUBSTANCE and (not group or _is_in(source, figures, code, group))
    ]
    kept = [row for row in rows if any(seen.hidden or seen.number for seen in row[2])]
    kept.sort(key=lambda row: (-sum(shown(row[2])), row[1]))
    kept = kept[:MOST]
    most = kept[0][1] if kept and comparable([seen for *_names, cells in rows for seen in cells]) else ""
    drawn = [(name, cells) for _code, name, cells in kept]
    return Picture(
        title=_("%(name)s is mentioned most") % {"name": _capital(most)} if most else _("Substances by year"),
        unit=_("Deaths by substance and year, any mention, the %(count)d most frequent") % {"count": len(kept)},
        of=tuple(part for part in (group_name, years_in_words(years)) if part),
        drawing=grids.heat(years, drawn, source.language),
        head=_("Substance"),
        columns=tuple(years),
        lines=tuple((name, told(cells, source.language)) for name, cells in drawn),
        rows=Rows(
            "substance", {source.release: years}, {"measure": ["any"], "substance": [code for code, *_rest in kept]}
        ),
        note=does_not_add_up(figures, "any"),
    )


def _group(source: Source, figures: Figures) -> tuple[str, str]:
    """The chosen group with its name; both empty for all substances."""
    groups = source.tables("group")
    if groups is None:
        return "", ""
    known = {figures.parents["substance"][code] for code in figures.codes["substance"]}
    known |= {groups.parents["group"].get(code, "") for code in known}
    found = [(code, label) for code, label in listed(groups, "group") if code in known and code not in NO_SUBSTANCE]
    options = [("", _("All substances")), *found]
    group = source.chosen.one_of(chosen.GROUP, _("Substance group"), options, "")
    return group, groups.label("group", group) if group else ""


def _is_in(source: Source, figures: Figures, substance: str, group: str) -> bool:
    """Whether a substance is of this group, or of a group within it."""
    groups = source.tables("group")
    parent = figures.parents["substance"][substance]
    return group in (parent, groups.parents["group"].get(parent, "") if groups else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""Pairs of classes of substances in the same death, in one year."""

from itertools import combinations

from django.utils.translation import gettext as _

from register.web.statistics.charts import bars
from register.web.statistics.charts.bars import Together
from register.web.statistics.charts.seen import comparable, words
from register.web.statistics.pictures import chosen
from register.web.statistics.pictures.picture import Picture, Rows, Source, does_not_add_up, told

MOST = 15
BETWEEN = "+"


def together(source: Source) -> Picture | None:
    """The most frequent pairs, of all classes or with one of them."""
    figures = source.tables("combination")
    if figures is None:
        return None
    classes = [code for code in figures.codes["combination"] if BETWEEN not in code]
    names = [figures.label("combination", code) for code in classes]
    options = [("", _("All substances")), *zip(classes, names, strict=True)]
    wanted = source.chosen.one_of(chosen.GROUP, _("Class of substances"), options, "")
    year = source.chosen.one_year(figures.periods)
    pairs = [
        Together(
            (classes.index(one), classes.index(other)),
            f"{one}{BETWEEN}{other}",
            figures.label("combination", f"{one}{BETWEEN}{other}"),
            figures.at("any", year, f"{one}{BETWEEN}{other}"),
        )
        for one, other in combinations(classes, 2)
        if wanted in ("", one, other)
    ]
    kept = [pair for pair in pairs if pair.seen.hidden or pair.seen.number]
    kept.sort(key=lambda pair: (-(pair.seen.number or 0), pair.name))
    kept = kept[:MOST]
    first = kept[0] if kept and comparable([pair.seen for pair in pairs]) else None
    return Picture(
        title=_("%(pair)s were found together most often in %(year)s: %(count)s deaths")
        % {"pair": first.name, "year": year, "count": words(first.seen.number or 0, source.language)}
        if first
        else _("Combinations of substances in %(year)s") % {"year": year},
        unit=_("Deaths with both classes of substances"),
        of=tuple(part for part in (dict(options)[wanted] if wanted else "", year) if part),
        drawing=bars.combinations(names, kept, source.language),
        head=_("Combination"),
        columns=(_("Deaths"),),
        lines=tuple((pair.name, told([pair.seen], source.language)) for pair in kept),
        rows=Rows(
            "combination", {source.release: [year]}, {"measure": ["any"], "combination": [pair.code for pair in kept]}
        ),
        note=does_not_add_up(figures, "any"),
    )

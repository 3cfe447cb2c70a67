"""What somebody chose to see in a chart: read from its address, held against what is published, shown as a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from register.web.field_shapes import Option

MEASURE, GROUP, AREA, AGES, YEAR, FIRST, LAST = "telling", "groep", "gebied", "leeftijd", "jaar", "van", "tot"


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice that a chart offers; ``error`` says why another one than was asked for is shown."""

    name: str
    label: str
    options: tuple[Option, ...]
    error: str = ""


@dataclass(slots=True)
class Chosen:
    """The choices of one chart, asked for one by one. A choice of a single option is not offered."""

    asked: Mapping[str, str]
    filters: list[Filter] = field(default_factory=list)
    unusual: dict[str, str] = field(default_factory=dict)

    def one_of(self, name: str, label: str, options: Sequence[tuple[str, str]], usual: str) -> str:
        """The option that was asked for, else the usual one. ``options``: code and words, in order."""
        wanted = self.asked.get(name, "") or usual
        known = wanted in (code for code, _words in options)
        value = wanted if known else usual
        shown = dict(options)[value]
        error = "" if known else _("This choice is not published here; the chart shows: %(shown)s.") % {"shown": shown}
        if len(options) > 1 or error:
            offered = tuple(Option(code, words, code == value) for code, words in options)
            self.filters.append(Filter(name, label, offered, error))
        if value != usual:
            self.unusual[name] = value
        return value

    def one_year(self, years: Sequence[str]) -> str:
        """One of the years of a table; the newest when none was asked for."""
        return self.one_of(YEAR, _("Year"), [(year, year) for year in reversed(years)], years[-1])

    def span(self, years: Sequence[str]) -> list[str]:
        """The years from the first to the last that were asked for, all of them when that is none."""
        listed = [(year, year) for year in years]
        first = self.one_of(FIRST, _("From"), listed, years[0])
        last = self.one_of(LAST, _("Up to and including"), listed, years[-1])
        if first <= last:
            return [year for year in years if first <= year <= last]
        asked = self.filters[-1]
        self.filters[-1] = Filter(
            asked.name, asked.label, asked.options, _("Choose a year that is not before the first.")
        )
        return list(years)

    @property
    def is_published(self) -> bool:
        """Whether everything that was asked for can be shown."""
        return not any(one.error for one in self.filters)

    @property
    def query(self) -> str:
        """The choices as the query of an address; empty for what the chart shows by itself."""
        return f"?{urlencode(self.unusual)}" if self.unusual else ""

"""The charts of a release, one module for each: what it reads of the published tables and what it says."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from register.web.statistics.pictures.ages import by_age
from register.web.statistics.pictures.intents import by_intent
from register.web.statistics.pictures.pairs import together
from register.web.statistics.pictures.picture import Picture, Source
from register.web.statistics.pictures.regions import by_region
from register.web.statistics.pictures.substances import by_substance
from register.web.statistics.pictures.years import by_year

# By their words in the address, in the order of the row of charts.
CHARTS: dict[str, Callable[[Source], Picture | None]] = {
    "jaren": by_year,
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

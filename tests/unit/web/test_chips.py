"""Today and yesterday as buttons: by the clock of the register, and at night with the whole day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from register.web.physician import chips

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("hour", "language", "said"),
    [
        (2, "nl", ("Vandaag, zo 22 nov", "Gisteren, za 21 nov")),
        (5, "nl", ("Vandaag, zo 22 nov", "Gisteren, za 21 nov")),
        (2, "en", ("Today, Sun 22 Nov", "Yesterday, Sat 21 Nov")),
        (6, "nl", ("Vandaag", "Gisteren")),
        (14, "en", ("Today", "Yesterday")),
    ],
)
def test_a_day_is_named_whole_while_the_night_lasts(hour: int, language: str, said: tuple[str, str]) -> None:
    with translation.override(language):
        found = chips.days(datetime(2026, 11, 22, hour, 10, tzinfo=AMSTERDAM))
    assert tuple(chip.label for chip in found) == said
    assert tuple(chip.fills for chip in found) == ('["22", "11", "2026"]', '["21", "11", "2026"]')

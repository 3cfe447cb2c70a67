"""What the panel sees of a case is a table, held against the privacy classes: no person, no place and no day."""

import pytest

from register.models import privacy
from register.quality import dictionary, panel_view
from register.quality.panel_view import Way

# Rows of which no page of a case asks the answers.
NO_PART_OF_THE_CASE = frozenset({"NilReport", "PanelVote", "Query", "QueryMessage", "DefinitionResult"})
DAYS = frozenset({"date", "datetime", "partial_date"})
PLACES = frozenset({"region", "forensic_service", "municipality", "lab", "user"})


def test_of_every_field_that_a_page_asks_it_was_decided_whether_the_panel_sees_it() -> None:
    asked = {spec.key for spec in dictionary.all_fields() if spec.page and spec.model not in NO_PART_OF_THE_CASE}
    assert asked - set(panel_view.table()) == set()


@pytest.mark.parametrize("line", panel_view.table().values(), ids=lambda line: line.spec.key)
def test_the_panel_sees_no_identifying_field_and_a_quasi_identifying_one_only_for_a_reason(
    line: panel_view.Shown,
) -> None:
    if line.spec.privacy == privacy.IDENTIFYING:
        assert line.way is Way.HIDDEN
    if line.spec.privacy == privacy.QUASI:
        assert line.why
    if line.spec.kind in DAYS:
        assert line.way in (Way.YEAR, Way.HIDDEN)
    if line.spec.vocabulary in PLACES:
        assert line.way is Way.HIDDEN
    assert line.way is not Way.HIDDEN or line.why


@pytest.mark.parametrize(("years", "words"), [(0, "0–9"), (34, "30–39"), (40, "40–49"), (90, "90+"), (117, "90+")])
def test_an_age_is_shown_in_bands_of_ten_years(years: int, words: str) -> None:
    assert panel_view.band(years) == words

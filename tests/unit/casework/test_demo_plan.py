"""The deaths of the demonstration are drawn the same way each time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.casework.demo.plan import DECIDED_PER_YEAR, TOWNS, Draws
from register.casework.demo.stories import STORIES, Story
from register.coding.catalogue import load
from register.quality import value_sets

days = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@given(days)
def test_the_same_day_gives_the_same_deaths(today: date) -> None:
    one, other = Draws(today), Draws(today)
    assert list(one.decided()) == list(other.decided())
    assert one.recent(12) == other.recent(12)


@given(days)
def test_decided_deaths_lie_in_the_full_years_before(today: date) -> None:
    draws = list(Draws(today).decided())
    assert len(draws) == sum(count for _, count in DECIDED_PER_YEAR)
    assert {today.year - draw.died_on.year for draw in draws} <= {years for years, _ in DECIDED_PER_YEAR}
    assert all(draw.town in TOWNS[draw.region] for draw in draws)


def test_a_recent_death_is_as_long_ago_as_it_was_asked() -> None:
    today = date(2026, 3, 1)
    draw = Draws(today).recent(12, region="GG4607", story="ghb")
    assert (draw.died_on, draw.region, draw.story.name) == (today - timedelta(days=12), "GG4607", "ghb")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_story_speaks_the_words_of_the_register(story: Story) -> None:
    catalogue = load()
    assert {found.code for found in story.found} <= set(catalogue.substances)
    assert {code for _, code in story.suspected if code} <= set(catalogue.substances)
    assert set(story.places) <= set(value_sets.codes("VS-PLACE"))
    assert {found.role for found in story.found} <= set(value_sets.codes("VS-ROLE"))
    assert story.exclusion in ("", *value_sets.codes("VS-EXCL"))

"""The population that rates are computed with: from a source with a day that has come."""

from datetime import UTC, date, datetime

import pytest

from register.reporting import demo_population, population_file, populations
from register.reporting.errors import InvalidError
from tests.integration.reporting.closed_cases import people

pytestmark = pytest.mark.django_db
# Half past midnight in the Netherlands, where the day before is not over yet by the clock of the world.
AFTER_MIDNIGHT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "has_come"), [(27, True), (28, False)])
def test_the_day_of_a_source_is_a_day_in_the_netherlands(day: int, has_come: bool) -> None:
    given = {
        "code": "cbs-2026",
        "source": "Bron",
        "published_on": date(2026, 11, day),
        "text": population_file.write(demo_population.rows(populations.regions())),
        "reason": "Test",
        "by": people()[1],
        "now": AFTER_MIDNIGHT,
    }
    if has_come:
        assert populations.keep(**given).published_on == date(2026, 11, 27)
        return
    with pytest.raises(InvalidError) as refused:
        populations.keep(**given)
    assert [fault.field for fault in refused.value.faults] == ["published_on"]

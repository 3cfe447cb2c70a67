"""The day before which an emergency access asks for an outcome."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from register.access.emergency_review import due_on


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_five_working_days_are_five_days_from_monday_to_friday(day: date) -> None:
    due = due_on(day)
    between = [day + timedelta(days=number) for number in range(1, (due - day).days + 1)]
    assert sum(one.weekday() < 5 for one in between) == 5
    assert due.weekday() < 5


def test_a_weekend_takes_no_day_away() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert (
        due_on(friday) == due_on(friday + timedelta(days=1)) == due_on(friday + timedelta(days=2)) == date(2026, 12, 4)
    )
    assert due_on(monday) == date(2026, 12, 7)

"""Case numbers: a year and a sequence, given out once, with no meaning in the digits."""

from django.db import connection

from register.models import CaseNumberSeries

TAKE = f"""
    INSERT INTO {CaseNumberSeries._meta.db_table} (year, last) VALUES (%s, %s)
    ON CONFLICT (year) DO UPDATE SET last = {CaseNumberSeries._meta.db_table}.last + excluded.last
    RETURNING last
"""  # noqa: S608


def next_case_numbers(year: int, count: int = 1) -> list[str]:
    """The next ``count`` numbers of the year. A write that fails afterwards leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [year, count])
        (last,) = cursor.fetchone()
    return [f"{year}-{number:06}" for number in range(last - count + 1, last + 1)]

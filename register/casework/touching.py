"""Which question of a draft was touched last, kept with the case so that its reporter goes on where they stopped."""

from typing import NamedTuple

from register.models import Case


class Touched(NamedTuple):
    """A page, and the question on it as ``Model.field`` with the key of its row; empty where it is not known."""

    page: str
    field: str = ""
    row: str = ""

    def __str__(self) -> str:
        question = f"{self.field}@{self.row}" if self.row else self.field
        return f"{self.page}#{question}" if question else self.page


def last(case: Case) -> Touched:
    """What was touched last in this case."""
    page, _, question = case.last_touched.partition("#")
    field, _, row = question.partition("@")
    return Touched(page, field, row)

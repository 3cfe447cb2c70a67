"""The made-up deaths: which story, who, when and where, drawn with a fixed seed and dated back from today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from register.casework.demo.stories import STORIES, Story

SEED = 20_260_101
# Full years before this one, and how many decided cases each has.
DECIDED_PER_YEAR = ((4, 20), (3, 22), (2, 25), (1, 27))
TOWNS = {
    "GG3406": ("GM0363", "GM0363", "GM0363", "GM0363", "GM0362", "GM0384", "GM0451"),
    "GG4607": ("GM0599", "GM0599", "GM0599", "GM0606", "GM0622", "GM0502", "GM1930"),
}


@dataclass(frozen=True, slots=True)
class Draw:
    """One made-up death before anything was written down about it. ``home``: where they lived, when not in the town."""

    story: Story
    region: str
    town: str
    sex: str
    age: int
    died_on: date
    place: str
    housing: str
    household: str
    used_alone: str
    bystanders: str
    emergency_called: str
    treatment: str
    home: str = ""


class Draws:
    """Deaths in an order that is the same each time."""

    def __init__(self, today: date) -> None:
        self._random = Random(SEED)  # noqa: S311 - made-up cases, no secrets
        self._today = today

    def decided(self) -> Iterator[Draw]:
        """Deaths of the four full years before this one."""
        for years_ago, count in DECIDED_PER_YEAR:
            first = date(self._today.year - years_ago, 1, 1)
            for place in range(count):
                yield self._draw(first + timedelta(days=place * 365 // count + self._random.randrange(8)))

    def recent(self, days_ago: int, *, region: str | None = None, story: str = "") -> Draw:
        """A death some days ago, when wanted in one region or by one story."""
        return self._draw(self._today - timedelta(days=days_ago), region=region, story=story)

    def _draw(self, died_on: date, *, region: str | None = None, story: str = "") -> Draw:
        pick = self._random
        drawn = pick.choices(STORIES, weights=[each.share for each in STORIES])[0]
        told = next((each for each in STORIES if each.name == story), drawn)
        place = region or pick.choice(tuple(TOWNS))
        company = pick.random() < 0.35
        return Draw(
            story=told,
            region=place,
            town=pick.choice(TOWNS[place]),
            sex="male" if pick.random() < 0.76 else "female",
            age=pick.randint(*told.ages),
            died_on=died_on,
            place=pick.choice(told.places),
            housing=pick.choice(("own_rent", "own_rent", "own_rent", "temporary", "shelter", "street")),
            household=pick.choice(("alone", "alone", "alone", "partner", "parents", "housemates")),
            used_alone="no" if company else "yes",
            bystanders=pick.choice(("one", "several")) if company else "none",
            emergency_called=pick.choice(("yes", "no")) if company else "no",
            treatment=pick.choice(("none", "none", "current", "past")),
        )

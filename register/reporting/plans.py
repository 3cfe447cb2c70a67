"""What a release will count and how, as its maker plans it, and what can be wrong with that."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from register.models import Release
from register.reporting.codelists import DEFINITION_CODES
from register.reporting.errors import Fault, InvalidError
from register.reporting.profiles import USUAL, Profile
from register.workflow.release_transitions import PUBLISHED, ReleaseState

LONGEST_EMBARGO = timedelta(days=366)
THRESHOLDS = (5, 10)
FIRST_YEAR = 1990
# How the status for which a release is prepared shows in its identifier.
SHORT = {
    ReleaseState.PUBLISHED_PROVISIONAL: "p",
    ReleaseState.PUBLISHED_FURTHER_PROVISIONAL: "np",
    ReleaseState.PUBLISHED_FINAL: "d",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a release will count and how. Years of death, both included; ``threshold`` is the smallest shown count.

    ``cut_off``: cases closed later do not count. ``supersedes`` is the published release that this one replaces.
    ``embargo_until`` is the minute before which the figures do not appear, however early they are approved.
    ``public``: for everybody, which only a deployment that opens its figures allows; else for who has a token.
    ``profile``: the rules beside the threshold, and the tables whose small counts are told.
    """

    title: str
    definition: str
    year_from: int
    year_to: int
    cut_off: datetime
    target: ReleaseState
    threshold: int = 5
    supersedes: uuid.UUID | None = None
    embargo_until: datetime | None = None
    public: bool = False
    note: str = ""
    profile: Profile = USUAL

    @property
    def stem(self) -> str:
        """What its identifier begins with: the period, the definition and the status."""
        years = str(self.year_from) if self.year_from == self.year_to else f"{self.year_from}-{self.year_to}"
        return f"{years}-{self.definition.replace('_', '-')}-{SHORT[self.target]}"


def check(plan: Plan, before: Release | None, now: datetime) -> None:
    """Raise InvalidError with every fault of the plan. ``before``: the release that it names, if its maker sees one."""
    faults, this_year = [], timezone.localdate(now).year
    if not plan.title.strip():
        faults.append(Fault("title", "Geef de publicatie een titel.", "Give the release a title."))
    if plan.definition not in DEFINITION_CODES:
        faults.append(Fault("definition", "Kies een definitie.", "Choose a definition."))
    if plan.target not in SHORT:
        faults.append(
            Fault("target", "Kies voorlopig of definitief.", "Choose provisional, further provisional or final.")
        )
    if plan.threshold not in THRESHOLDS:
        faults.append(Fault("threshold", "Kies de drempel 5 of 10.", "Choose the threshold 5 or 10."))
    if plan.cut_off > now:
        faults.append(
            Fault("cut_off", "De peildatum kan niet in de toekomst liggen.", "The cut-off cannot lie in the future.")
        )
    if not FIRST_YEAR <= plan.year_from <= this_year:
        faults.append(
            Fault(
                "year_from",
                f"Kies een jaar van {FIRST_YEAR} tot en met {this_year}.",
                f"Choose a year from {FIRST_YEAR} to {this_year}.",
            )
        )
    if not plan.year_from <= plan.year_to <= this_year:
        faults.append(
            Fault(
                "year_to",
                f"Kies een jaar van {plan.year_from} tot en met {this_year}.",
                f"Choose a year from {plan.year_from} to {this_year}.",
            )
        )
    if plan.supersedes and (before is None or before.status not in PUBLISHED or before.definition != plan.definition):
        faults.append(
            Fault(
                "supersedes",
                "Kies een gepubliceerde publicatie met dezelfde definitie.",
                "Choose a published release with the same definition.",
            )
        )
    if plan.embargo_until is not None and not now < plan.embargo_until <= now + LONGEST_EMBARGO:
        faults.append(
            Fault(
                "embargo",
                "Kies een moment dat nog komt, binnen een jaar.",
                "Choose a moment that is still to come, within a year.",
            )
        )
    if plan.public and not settings.PUBLIC_FIGURES:
        faults.append(
            Fault(
                "audience",
                "Dit register publiceert alleen voor organisaties met een token.",
                "This register publishes for organisations with a token only.",
            )
        )
    faults += plan.profile.faults()
    if faults:
        raise InvalidError(faults)

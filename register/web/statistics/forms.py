"""The form for a new release: what was typed, what it means, and the fields to show it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from register.reporting import codelists
from register.reporting.errors import Fault
from register.reporting.plans import THRESHOLDS, Plan
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.language import active, sentence
from register.web.statistics import rule_fields
from register.web.statistics.door import figures_are_open
from register.workflow.release_transitions import PUBLISHED, ReleaseState

TARGETS = {
    "provisional": ReleaseState.PUBLISHED_PROVISIONAL,
    "further_provisional": ReleaseState.PUBLISHED_FURTHER_PROVISIONAL,
    "final": ReleaseState.PUBLISHED_FINAL,
}
NAMES = ("title", "definition", "year_from", "year_to", "target", "threshold", "supersedes", "audience")
EVERYBODY, TOKEN = "everybody", "token"
CUT_OFF = ("cut_off_day", "cut_off_month", "cut_off_year")
EMBARGO = ("embargo_day", "embargo_month", "embargo_year", "embargo_time")
NUMBER = "Vul een geheel getal in.", "Fill in a whole number."
DAY = "Vul een datum in die bestaat.", "Fill in a date that exists."
MOMENT = "Vul een datum en een tijd in, zoals 09:30.", "Fill in a date and a time, such as 09:30."


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, by name."""

    values: Mapping[str, str]

    @classmethod
    def sent(cls, post: QueryDict) -> "Typed":
        single = {name: post.get(name, "").strip() for name in (*NAMES, *rule_fields.NAMES, *CUT_OFF, *EMBARGO)}
        return cls({**single, rule_fields.WAIVED: " ".join(post.getlist(rule_fields.WAIVED))})

    @classmethod
    def proposed(cls, today: date) -> "Typed":
        """A provisional release of the last whole year, as the cases are today."""
        year = today.year - 1
        return cls(
            {
                "title": _("Drug-related deaths %(year)d") % {"year": year},
                "definition": "nl_broad",
                "year_from": str(year),
                "year_to": str(year),
                "target": "provisional",
                "threshold": str(THRESHOLDS[0]),
                "supersedes": "",
                "audience": EVERYBODY if figures_are_open() else TOKEN,
                "cut_off_day": str(today.day),
                "cut_off_month": str(today.month),
                "cut_off_year": str(today.year),
                **dict.fromkeys((*EMBARGO, *rule_fields.NAMES, rule_fields.WAIVED), ""),
            }
        )

    def plan(self, *, now: datetime) -> Plan | list[Fault]:
        """The plan that was typed, or what cannot be read of it."""
        faults: list[Fault] = []
        year_from, year_to, threshold = (self._number(name, faults) for name in ("year_from", "year_to", "threshold"))
        cut_off = self._cut_off(now, faults)
        embargo_until = self._embargo(faults)
        if faults or cut_off is None:
            return faults
        return Plan(
            title=self.values["title"],
            definition=self.values["definition"],
            year_from=year_from,
            year_to=year_to,
            cut_off=cut_off,
            target=TARGETS.get(self.values["target"], ReleaseState.DRAFT),
            threshold=threshold,
            supersedes=_key(self.values["supersedes"]),
            embargo_until=embargo_until,
            public=self.values["audience"] == EVERYBODY,
            profile=rule_fields.profile_of(self.values),
        )

    def _number(self, name: str, faults: list[Fault]) -> int:
        text = self.values[name]
        if text.isascii() and text.isdigit() and len(text) <= 4:
            return int(text)
        faults.append(Fault(name, *NUMBER))
        return 0

    def _cut_off(self, now: datetime, faults: list[Fault]) -> datetime | None:
        """The end of the day that was typed, or this moment when it is today."""
        try:
            day, month, year = (int(self.values[name]) for name in CUT_OFF)
            chosen = date(year, month, day)
        except (ValueError, OverflowError):
            faults.append(Fault("cut_off", *DAY))
            return None
        if chosen == timezone.localdate(now):
            return now
        return timezone.make_aware(datetime.combine(chosen, time.max))

    def _embargo(self, faults: list[Fault]) -> datetime | None:
        """The minute that was typed; None when nothing was."""
        typed = [self.values[name] for name in EMBARGO]
        if not any(typed):
            return None
        try:
            day, month, year = map(int, typed[:3])
            chosen = datetime.combine(date(year, month, day), time.fromisoformat(typed[3].replace(".", ":")))
        except (ValueError, OverflowError):
            faults.append(Fault("embargo", *MOMENT))
            return None
        if chosen.tzinfo is not None:
            faults.append(Fault("embargo", *MOMENT))
            return None
        return timezone.make_aware(chosen.replace(second=0, microsecond=0))


def shown(typed: Typed, *, replaceable: Sequence[Any], faults: Sequence[Fault] = ()) -> list[FieldView]:
    """The fields of the form in their order on the page."""
    wrong = {fault.field: sentence(fault) for fault in faults}
    language = active()

    def plain(name: str, label: str, **more: Any) -> FieldView:
        return fields.plain(name, label, value=typed.values[name], error=wrong.get(name, ""), **more)

    definitions = [(one.code, one.label(language)) for one in codelists.DEFINITIONS]
    targets = [(code, state.label(language)) for code, state in TARGETS.items() if state in PUBLISHED]
    thresholds = [(str(one), _("counts of 1 to %(most)d are suppressed") % {"most": one - 1}) for one in THRESHOLDS]
    before = [(str(one.pk), f"{one.identifier} · {one.title}") for one in replaceable]
    readers = [(EVERYBODY, _("everybody, without a token")), (TOKEN, _("organisations with a token"))]
    return [
        plain("title", _("Title"), maximum=200, hint=_("Published with the figures.")),
        plain("year_from", _("First year of death"), widget="number"),
        plain("year_to", _("Last year of death"), widget="number"),
        plain("definition", _("Case definition"), widget="radios", options=definitions),
        plain("target", _("Status"), widget="radios", options=targets),
        _cut_off_field(typed, wrong.get("cut_off", "")),
        plain("threshold", _("Smallest count that is shown"), widget="radios", options=thresholds),
        *rule_fields.shown(typed.values, wrong),
        plain("supersedes", _("Replaces"), widget="select", optional=True, options=before),
        _embargo_field(typed, wrong.get("embargo", "")),
        *([plain("audience", _("For whom"), widget="radios", options=readers)] if figures_are_open() else []),
    ]


def _cut_off_field(typed: Typed, error: str) -> FieldView:
    hint = _("Cases that were closed later do not count.")
    return fields.dated("cut_off", _("Cut-off date"), typed.values, hint=hint, error=error)


def _embargo_field(typed: Typed, error: str) -> FieldView:
    return fields.dated(
        "embargo",
        _("Embargo until"),
        typed.values,
        hint=_("Nobody outside the register sees the figures before this minute, however early they are approved."),
        error=error,
        optional=True,
        with_time=True,
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)

"""What the privacy officer makes of a report on the access log: an outcome, a note and a name for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from register.access.permission import Refused, may
from register.audit import Event, acting_as, daily, log_access
from register.audit.outliers import Report, reports
from register.models import LogReview, User
from register.workflow.roles import Role
from register.workflow.verbs import Verb

WINDOW = timedelta(days=30)
OUTCOMES: dict[str, tuple[str, str]] = {
    "explained": ("Verklaard door het werk", "Explained by the work"),
    "asked": ("Navraag gedaan, afgehandeld", "Asked about, settled"),
    "incident": ("Gemeld als incident", "Reported as an incident"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A report with what was made of it; None when nobody has yet."""

    report: Report
    review: LogReview | None


def worklist(*, until: datetime) -> list[Line]:
    """The reports on the thirty days up to ``until``: those without an outcome first, the most striking first."""
    found = reports(daily.days(since=until - WINDOW, until=until, roles=[role.value for role in Role]))
    known = {_key(review): review for review in LogReview.objects.select_related("by").filter(day__in=_days(found))}
    lines = [Line(report, known.get(report.key)) for report in found]
    return sorted(lines, key=lambda line: line.review is not None)


def review(*, report: Report, outcome: str, note: str, by: User) -> LogReview | Refused:
    """Write down what a report turned out to be; a second time it replaces the first, which stays in the trail."""
    verdict = may(by, Verb.READ_LOG)
    if isinstance(verdict, Refused):
        return verdict
    if report.person == by.pk:
        return Refused(
            "own_report",
            "Deze melding gaat over uzelf; een ander beoordeelt haar.",
            "This report is about yourself; somebody else reviews it.",
        )
    if outcome not in OUTCOMES:
        return Refused(
            "outcome_missing", "Kies wat de melding bleek te zijn.", "Choose what the report turned out to be."
        )
    if not note.strip():
        return Refused("note_missing", "Schrijf op hoe u dat weet.", "Write down how you know.")
    with acting_as(by):
        stored = LogReview.objects.filter(
            measure=report.measure, span=report.span, person=report.person, day=report.day
        ).first() or LogReview(measure=report.measure, span=report.span, person_id=report.person, day=report.day)
        stored.counted, stored.outcome, stored.note, stored.by = report.counted, outcome, note.strip()[:500], by
        stored.save()
        about = {"measure": report.measure, "day": report.day.isoformat(), "outcome": outcome}
        log_access(Event.LOG_REVIEW, objects=[stored.pk], filters=about, policy=Verb.READ_LOG.value)
    return stored


def _key(review: LogReview) -> tuple[object, ...]:
    return review.measure, review.span, review.person_id, review.day


def _days(found: Iterable[Report]) -> set[date]:
    return {report.day for report in found}

"""What the privacy officer makes of a report on the access log: an outcome, a note and a name for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

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

LONGEST_NOTE = 500
OWN_REPORT = Refused(
    "own_report",
    "Deze melding gaat over uzelf; een ander beoordeelt haar.",
    "This report is about yourself; somebody else reviews it.",
)
OUTCOME_MISSING = Refused(
    "outcome_missing", "Kies wat de melding bleek te zijn.", "Choose what the report turned out to be."
)
NOTE_MISSING = Refused("note_missing", "Schrijf op hoe u dat weet.", "Write down how you know.")
NOTE_TOO_LONG = Refused(
    "note_too_long",
    f"Schrijf ten hoogste {LONGEST_NOTE} tekens.",
    f"Write at most {LONGEST_NOTE} characters.",
)
REVIEWED_SINCE = Refused(
    "reviewed_since",
    "Een ander schreef intussen op wat deze melding bleek te zijn. Lees dat eerst; wat u typte, staat er nog.",
    "Somebody else wrote down meanwhile what this report turned out to be. Read that first; what you typed is still "
    "here.",
)


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


def review(*, report: Report, outcome: str, note: str, seen_version: int, by: User) -> LogReview | Refused:
    """Write down what a report turned out to be; a second time it replaces the first, which stays in the trail.

    ``seen_version`` is that of the outcome that the person saw, 0 for none: nobody's is replaced unseen.
    """
    verdict = may(by, Verb.READ_LOG)
    if isinstance(verdict, Refused):
        return verdict
    words = note.strip()
    refused = _refused(report, outcome, words, by)
    if refused is not None:
        return refused
    with acting_as(by):
        stored = _stored(report)
        if (stored.row_version if stored else 0) != seen_version:
            return REVIEWED_SINCE
        kept = stored or LogReview(measure=report.measure, span=report.span, person_id=report.person, day=report.day)
        kept.counted, kept.outcome, kept.note, kept.by = report.counted, outcome, words, by
        try:
            with transaction.atomic():
                kept.save()
        except IntegrityError:  # somebody else wrote the first outcome at the same moment
            return REVIEWED_SINCE
        about = {"measure": report.measure, "day": report.day.isoformat(), "outcome": outcome}
        log_access(Event.LOG_REVIEW, objects=[kept.pk], filters=about, policy=Verb.READ_LOG.value)
    return kept


def _refused(report: Report, outcome: str, words: str, by: User) -> Refused | None:
    if report.person == by.pk:
        return OWN_REPORT
    if outcome not in OUTCOMES:
        return OUTCOME_MISSING
    if not words:
        return NOTE_MISSING
    return NOTE_TOO_LONG if len(words) > LONGEST_NOTE else None


def _stored(report: Report) -> LogReview | None:
    """The outcome of a report, which waits here for whoever changes it now; None when nobody wrote one."""
    rows = LogReview.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(measure=report.measure, span=report.span, person=report.person, day=report.day).first()


def _key(review: LogReview) -> tuple[object, ...]:
    return review.measure, review.span, review.person_id, review.day


def _days(found: Iterable[Report]) -> set[date]:
    return {report.day for report in found}

"""A service confirms that a month was without cases, so that no news and no deaths are told apart (nulmelding)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format

from register.access import may, nil_reports_for, services_for
from register.audit import Event, acting_as, log_access
from register.casework.errors import InvalidError, NotFoundError, refuse_unless
from register.models import Case, ForensicService, NilReport, User
from register.quality.problems import Problem
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

# How far back a month can be reported.
MONTHS = 12
# Not deaths that were caused by drugs, or never reported at all.
NOT_COUNTED = (CaseState.EXCLUDED, CaseState.WITHDRAWN)

NO_SUCH_MONTH = Problem(
    f"Kies een maand die voorbij is, niet langer dan {MONTHS} maanden geleden.",
    f"Choose a month that is over, not longer than {MONTHS} months ago.",
)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one service: the nil report, when there is one, and how many cases died in it."""

    service: ForensicService
    first: date
    report: NilReport | None
    cases: int

    @property
    def contradicted(self) -> bool:
        """A case of the month came in after the month was reported as empty."""
        return self.report is not None and self.cases > 0


def months_before(today: date) -> tuple[date, ...]:
    """The first days of the months that can be reported, the newest first; this month is not over yet."""
    months = []
    first = today.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return tuple(months)


def overview(*, user: User, today: date) -> tuple[Month, ...]:
    """Every month of the services of ``user``, the newest first."""
    services, months = list(services_for(user)), months_before(today)
    reports = {
        (report.service_id, report.month): report
        for report in nil_reports_for(user).filter(month__in=months).select_related("by")
    }
    cases = _cases_per_month(services, months)
    return tuple(
        Month(service, first, reports.get((service.pk, first)), cases[service.pk, first])
        for first in months
        for service in services
    )


def report(*, service: str, month: date, by: User, today: date) -> NilReport:
    """Say that ``service`` had no drug-related death in ``month``.

    Raises InvalidError when that cannot be: the month is not over, or a case of it stands in the register.
    """
    found = _service(service, by)
    if month not in months_before(today):
        raise InvalidError({"month": NO_SUCH_MONTH})
    with acting_as(by, doing=Verb.REPORT_NIL):
        if _cases_per_month([found], [month])[found.pk, month]:
            raise InvalidError({"month": _has_cases(found, month)})
        written = NilReport(service=found, month=month, by=by)
        try:
            with transaction.atomic():
                written.save()
        except IntegrityError:
            raise InvalidError({"month": _reported_already(found, month)}) from None
        log_access(Event.NIL_REPORT, objects=[written.pk])
    return written


def withdraw(*, report_id: UUID | str, by: User) -> None:
    """Take back a nil report. That it was there, and who withdrew it, stays in its history."""
    _require(by)
    try:
        key = UUID(str(report_id))
    except ValueError:
        raise NotFoundError from None
    with acting_as(by, doing=Verb.REPORT_NIL):
        found = nil_reports_for(by).select_for_update(of=("self",)).filter(pk=key).first()
        if found is None:
            raise NotFoundError
        found.delete()
        log_access(Event.NIL_WITHDRAW, objects=[key])


def _require(by: User) -> None:
    refuse_unless(may(by, Verb.REPORT_NIL))


def _service(code: str, by: User) -> ForensicService:
    _require(by)
    found = services_for(by).filter(pk=code).first() if code.isprintable() else None
    if found is None:
        raise NotFoundError
    return found


def _cases_per_month(services: Sequence[ForensicService], months: Sequence[date]) -> Counter[tuple[str, date]]:
    """Cases whose death lies wholly within a month, drafts of colleagues included: these are counted, not shown."""
    if not services or not months:
        return Counter()
    spans = {first: _last_day(first) for first in months}
    died = Q(
        death_section__date_of_death_from__gte=min(spans),
        death_section__date_of_death_to__lte=max(spans.values()),
    )
    rows = Case.objects.filter(died, forensic_service__in=services).exclude(status__in=NOT_COUNTED)
    found: Counter[tuple[str, date]] = Counter()
    for service, start, end in rows.values_list(
        "forensic_service_id", "death_section__date_of_death_from", "death_section__date_of_death_to"
    ):
        first = start.replace(day=1)
        if first in spans and end <= spans[first]:
            found[service, first] += 1
    return found


def _last_day(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _has_cases(service: ForensicService, month: date) -> Problem:
    nl, en = _in_words(month)
    return Problem(
        f"In {nl} staat voor {service.name} al een zaak in het register. Een nulmelding kan dan niet.",
        f"In {en} the register holds a case of {service.name}. A nil report is not possible then.",
    )


def _reported_already(service: ForensicService, month: date) -> Problem:
    nl, en = _in_words(month)
    return Problem(
        f"Voor {service.name} is {nl} al gemeld als maand zonder zaak.",
        f"{en} was reported already as a month without a case of {service.name}.",
    )


def _in_words(month: date) -> tuple[str, str]:
    words = []
    for language in ("nl", "en"):
        with translation.override(language):
            words.append(date_format(month, "F Y"))
    return words[0], words[1]

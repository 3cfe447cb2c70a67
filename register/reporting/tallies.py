"""What no table crosses, counted from the rows of cases when a release is frozen."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from register.models import NaloxoneGiven, NilReport, ToxRequest
from register.reporting import items
from register.reporting.codelists import INCLUDED, NOTIFIED, SERVICES, UNKNOWN
from register.reporting.extract import UNDATED, Tally
from register.reporting.items import KNOWN, Item
from register.workflow.case_transitions import CaseState

At = tuple[str, str, int, str]
Answers = Mapping[uuid.UUID, frozenset[str]]
FINAL = "final"
# Where each item of a section stands, and what else of a case is counted on its own.
SECTION_ITEMS = {
    item.code: f"{item.model.lower()}_section__{item.field}"
    for item in items.circumstances()
    if item.model != "NaloxoneGiven"
}
EXAMINED = "causeofdeath_section__autopsy"
COLUMNS = (*SECTION_ITEMS.values(), EXAMINED, "assessment_section__cbs_match")


class Tallies:
    """Counts by subject, population, year and code."""

    def __init__(self) -> None:
        self.counts: Counter[At] = Counter()

    def add(self, subject: str, populations: Iterable[str], year: int, codes: Iterable[str]) -> None:
        """Count one more of each code in each population."""
        codes = tuple(codes)
        for population in populations:
            for code in codes:
                self.counts[subject, population, year, code] += 1

    def told(self) -> tuple[Tally, ...]:
        """Every count above nought, in order."""
        return tuple(Tally(*at, count) for at, count in sorted(self.counts.items()) if count)


def count_deaths(
    into: Tallies, rows: Sequence[Mapping[str, Any]], definitions: Mapping[uuid.UUID, tuple[str, ...]]
) -> None:
    """Count the items, the months and the matches of counted deaths, for each definition that holds."""
    naloxone = _answers(NaloxoneGiven.objects.filter(given_by__isnull=False), "given_by")
    scopes, days = _toxicology()
    for row in rows:
        case, year, holds = row["id"], row["death_section__date_of_death_from"].year, definitions[row["id"]]
        for item in items.circumstances():
            given = row[SECTION_ITEMS[item.code]] if item.code in SECTION_ITEMS else naloxone.get(case)
            into.add(item.code, holds, year, _counted(item, given))
        into.add(items.scope().code, holds, year, _counted(items.scope(), scopes.get(case)))
        if given := row[EXAMINED]:
            into.add(items.AUTOPSY.code, holds, year, ("no" if items.AUTOPSIES.isdisjoint(given) else "yes",))
        if case in days:
            into.add(items.DAYS.code, holds, year, (KNOWN,))
            into.add(items.DAYS_OF, holds, year, (str(days[case]),))
        into.add("month", holds, year, _month(row))
        if match := row["assessment_section__cbs_match"]:
            into.add("cbs", holds, year, (match,))


def count_reports(into: Tallies, rows: Iterable[Mapping[str, Any]], years: range) -> None:
    """Count what became of every reported case; ``decided`` and ``year`` stand in each row beside its columns.

    Counted deaths are left out: they stand in the extract one by one.
    """
    for row in rows:
        year, decided = row["year"], row["decided"]
        if year is None:
            if row["status"] != CaseState.CLOSED:
                into.add(UNDATED, (NOTIFIED,), years.start, ("decided" if decided else "open",))
            continue
        into.add("completeness", (NOTIFIED,), year, (f"{row['region_id']}.{'decided' if decided else 'open'}",))
        if (code := _decision(row)) not in INCLUDED:
            into.add("decision", (NOTIFIED,), year, (code,))


def count_nil_reports(into: Tallies, years: range) -> None:
    """Count the services that confirmed a month without cases."""
    for month in NilReport.objects.filter(month__year__gte=years.start, month__year__lt=years.stop).values_list(
        "month", flat=True
    ):
        into.add("nil_reports", (SERVICES,), month.year, (f"M{month.month:02}",))


def _decision(row: Mapping[str, Any]) -> str:
    """The code of T12; what is decided but neither counted nor suspected was excluded."""
    if not row["decided"]:
        return "open"
    inclusion = row["assessment_section__inclusion"]
    if row["status"] == CaseState.CLOSED and inclusion in (*INCLUDED, "suspected"):
        return str(inclusion)
    return f"excluded.{row['assessment_section__exclusion_reason'] or UNKNOWN}"


def _counted(item: Item, given: Any) -> tuple[str, ...]:
    """The codes under which an answer counts. An answer that stands alone gives way to any other beside it."""
    if not given:
        return ()
    if not item.several:
        return (str(given),)
    held = frozenset(given)
    held = held - {item.alone} if len(held) > 1 else held
    return (KNOWN, *sorted(held))


def _month(row: Mapping[str, Any]) -> tuple[str, ...]:
    first, last = row["death_section__date_of_death_from"], row["death_section__date_of_death_to"]
    return (f"M{first.month:02}",) if (first.year, first.month) == (last.year, last.month) else ()


def _answers(rows: Any, column: str) -> Answers:
    found: dict[uuid.UUID, set[str]] = {}
    for case, answer in rows.values_list("case_id", column):
        found.setdefault(case, set()).update(answer if isinstance(answer, list) else (answer,))
    return {case: frozenset(given) for case, given in found.items()}


def _toxicology() -> tuple[Answers, dict[uuid.UUID, int]]:
    """What toxicology looked for in each case, and the days from the first request to the last final result."""
    requests = list(
        ToxRequest.objects.filter(case__status=CaseState.CLOSED).values_list(
            "case_id", "panel_scope", "status", "requested_on", "received_on"
        )
    )
    scopes: dict[uuid.UUID, set[str]] = {}
    spans: dict[uuid.UUID, list[Any]] = {}
    for case, scope, status, requested, received in requests:
        scopes.setdefault(case, set()).update(scope or ())
        if status == FINAL and requested and received:
            spans.setdefault(case, []).append((requested, received))
    days = {
        case: (max(end for _, end in dates) - min(start for start, _ in dates)).days for case, dates in spans.items()
    }
    found = {case: frozenset(held) for case, held in scopes.items() if held}
    return found, {case: span for case, span in days.items() if span >= 0}

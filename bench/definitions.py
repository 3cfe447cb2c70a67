"""Comparing another version of the definitions with closed cases, and following a rule of another severity: how long.

Run by ``make bench ARGS=definitions``; ``CASES=2000`` before it tries it small. Of five cases four are closed and one
is in review, each with sections, a finding and a request, written by the bulk path that keeps the history. The time of
a pass over the bare rows stands beside them, and the most memory that the process held.
"""

import resource
import time
from typing import Any

from bench import processor, worklist  # sets Django up
from bench.worklist import BATCH, CASES

# isort: split
from django.utils import timezone

from register.audit import acting_as
from register.casework import rule_versions
from register.casework.configuration import changing, following
from register.casework.configuration.current import Kind
from register.casework.configuration.entries import find
from register.models import (
    SECTIONS,
    Assessment,
    Case,
    CauseOfDeath,
    ForensicService,
    OutboxMessage,
    SubstanceFinding,
    ToxRequest,
    User,
)
from register.workflow.roles import Role
from tests.factories import person

CLOSED = 0.8
TOLD: dict[type[Any], dict[str, Any]] = {
    Assessment: {"inclusion": "confirmed", "case_certainty": "certain"},
    CauseOfDeath: {"intent_final": "accident", "relation_to_drugs": "direct", "manner_final": "non_natural"},
}


def main() -> None:
    """Fill the register and take both passes."""
    physician, reviewer = worklist.people()
    fill(physician, reviewer)
    with acting_as("system:bench"):
        started = time.perf_counter()
        rows = sum(1 for _ in Case.objects.values_list("pk", "status").iterator())
        print(f"the bare rows of {rows:,} cases: {time.perf_counter() - started:.2f} s")
    made = rule_versions.ask_comparison(version="2", by=reviewer, now=timezone.now())
    started, before, parts = time.perf_counter(), processor.used(), 0
    while rule_versions.compare(comparison_id=made.pk):
        parts += 1
    spent = time.perf_counter() - started
    with acting_as(reviewer):
        made.refresh_from_db()
    print(f"version 2 beside {made.compared:,} closed cases in {parts} parts: {spent:.1f} s,{_processors(before)}")
    _follow(_administrator())


def fill(physician: User, reviewer: User) -> None:
    """Write the cases."""
    service = ForensicService.objects.get(region_id="GG3406")
    for start in range(0, CASES, BATCH):
        with acting_as(physician):
            numbers = range(start, min(start + BATCH, CASES))
            cases = [_case(number, physician, reviewer, service) for number in numbers]
            Case.objects.create_many(cases)
            for section in SECTIONS:
                section.objects.create_many([section(case=case, **TOLD.get(section, {})) for case in cases])
            SubstanceFinding.objects.create_many(
                [
                    SubstanceFinding(case=case, substance_id="heroin", role="sole_cause", origin="illicit")
                    for case in cases
                ]
            )
            ToxRequest.objects.create_many([ToxRequest(case=case, status="final", lab_id="nfi") for case in cases])
    worklist.analyse()


def _case(number: int, physician: User, reviewer: User, service: ForensicService) -> Case:
    closed = number < CASES * CLOSED
    now = timezone.now()
    return Case(
        case_number=f"9999-{number:06}",
        region_id="GG3406",
        forensic_service=service,
        reporter=physician,
        status="closed" if closed else "in_review",
        submitted_at=now,
        tox_status="final",
        closable_since=None if closed else now,
        locked_on=now if closed else None,
        decided_by=reviewer if closed else None,
    )


def _administrator() -> User:
    with acting_as("system:bench"):
        return person(Role.ADMIN)


def _follow(admin: User) -> None:
    """Another severity of a rule, and every case in review looked at again."""
    entry = find(Kind.RULE, "Q34")
    changing.change(
        kind=Kind.RULE,
        code="Q34",
        raw={"severity": "error_at_submit"},
        reason="Gemeten in de bench",
        seen_version=entry.row_version,
        by=admin,
        now=timezone.now(),
    )
    started, before, cases, parts = time.perf_counter(), processor.used(), 0, 0
    with acting_as("system:bench"):
        waiting = OutboxMessage.objects.filter(task=following.TASK, done_at=None)
        while message := waiting.first():
            told = message.payload
            done, all_of_them = int(told["done"]), int(told["parts"])
            cases += following.follow(change_id=told["change_id"], after=told["after"], done=done, parts=all_of_them)
            OutboxMessage.objects.filter(pk=message.pk).update(done_at=timezone.now())
            parts += 1
    spent = time.perf_counter() - started
    print(f"{cases:,} cases in review looked at again in {parts} parts: {spent:.1f} s,{_processors(before)}")


def _processors(before: tuple[float, float]) -> str:
    own, database = processor.since(before)
    return f" processors {own:.1f} s and the database {database:.1f} s, {_memory()}"


def _memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most"


if __name__ == "__main__":
    main()

"""Questions that the register asked by itself go by themselves, when their rule finds nothing there any more."""

from datetime import datetime

from register.casework import steps
from register.casework.dossier import Dossier
from register.casework.findings import check
from register.models import Query
from register.workflow.case_transitions import CaseState

WITH_THE_REPORTER = frozenset({CaseState.QUERY_OPEN, CaseState.QUERY_ANSWERED})


def close_what_is_met(dossier: Dossier, *, now: datetime) -> None:
    """Close those questions; with the last one of the case the review goes on. What a person asked, a person closes."""
    if CaseState(dossier.case.status) not in WITH_THE_REPORTER:
        return
    open_ones = [query for query in dossier.rows(Query) if query.state != Query.State.CLOSED]
    asked = [query for query in open_ones if query.rule and query.opened_by_id is None]
    if not asked:
        return
    standing = {(finding.code, finding.field) for finding in check(dossier)}
    met = [query for query in asked if (query.rule, query.field) not in standing]
    for query in met:
        dossier.change(query, state=Query.State.CLOSED)
    if met and len(met) == len(open_ones):
        steps.move(dossier, "settle", by=None, now=now)

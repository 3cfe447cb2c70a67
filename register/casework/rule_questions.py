"""Questions that a quality rule raises, in the rule's own words: at the press of a reviewer, or by the register itself.

Each says which rule raised it. By itself the register asks only where a rule comes true because time passes, of a case
that waits. At every other moment somebody is at a screen, and the severity of a rule decides what it asks of them.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from register.audit import Event, acting_as, log_access
from register.casework import queries, reference
from register.casework.dossier import Dossier, load, store
from register.casework.errors import InvalidError, RefusedError
from register.casework.findings import check, key_of
from register.casework.opening import finish, opened
from register.models import Case, Query, User
from register.quality import dictionary
from register.quality.problems import Problem
from register.quality.rule import Finding, question
from register.quality.terms import ASK_AFTER
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

ACTOR = "system:questions"
# A day on which no worker ran is made up for, and what is late for longer is not asked about all at once.
CATCH_UP = timedelta(days=7)
WHY = "De uitslag van de toxicologie is te laat"
FINDING_NEEDED = Problem("Kies ten minste één bevinding.", "Choose at least one finding.")
NOTHING_TO_ASK = (
    "finding_gone",
    "Hierover staat al een vraag open, of de controle vindt het niet meer.",
    "A question about this is open already, or the check finds it no more.",
)


def ask(*, case_id: UUID | str, keys: Sequence[str], language: str, seen_version: int, by: User) -> Case:
    """Ask the reporter about these findings, each by its key, in the words of its rule."""
    if not keys:
        raise InvalidError({"warnings": FINDING_NEEDED})
    with opened(case_id=case_id, by=by, verb=Verb.ASK_QUERY, seen_version=seen_version, merges=True) as dossier:
        found = [one for one in check(dossier) if key_of(one) in keys and not is_asked(dossier, one)]
        if not found:
            raise RefusedError(*NOTHING_TO_ASK)
        for finding in found:
            text = words(dossier, finding, language)
            queries.ask_dossier(dossier, field=finding.field, text=text, by=by, rule=finding.code)
    return dossier.case


def is_asked(dossier: Dossier, finding: Finding) -> bool:
    """Whether a question that this rule raised here is still open."""
    return any(
        query.rule == finding.code and query.field == finding.field and query.state != Query.State.CLOSED
        for query in dossier.rows(Query)
    )


def words(dossier: Dossier, finding: Finding, language: str) -> str:
    """The question of the rule about what it found."""
    spec = dictionary.find(finding.field)
    labels = (spec.label_nl, spec.label_en) if spec else ("", "")
    rule = dossier.reference.configuration.rule(finding.code)
    return question(rule, finding, labels)[language != "nl"]


def round_of(*, now: datetime) -> int:
    """Ask about every case whose result is late by the days that are set, once; how many cases."""
    with acting_as(ACTOR, doing=Verb.ASK_QUERY, reason=WHY):
        current = reference.current()
        codes = {rule.code for rule in current.configuration.rules if rule.by_itself}
        last = timezone.localdate(now) - current.configuration.terms.span(ASK_AFTER)
        waiting = Case.objects.filter(
            status=CaseState.AWAITING_TOX, followup_due__lte=last, followup_due__gt=last - CATCH_UP
        )
        locked = [row.pk for row in waiting.order_by("pk").select_for_update(of=("self",))] if codes else []
        asked: list[Dossier] = []
        for dossier in load(Case.objects.filter(pk__in=locked).select_related("reporter").order_by("pk")):
            dossier.reference = current
            if _ask_by_itself(dossier, codes, last):
                finish(dossier)
                asked.append(dossier)
        store(asked)
        if asked:
            log_access(Event.CASE_UPDATE, objects=[dossier.case.pk for dossier in asked])
    return len(asked)


def _ask_by_itself(dossier: Dossier, codes: set[str], last: date) -> bool:
    """Ask what these rules find and the register did not ask since the result was due; whether anything was asked."""
    due = dossier.case.followup_due or last
    before = {
        (query.rule, query.field)
        for query in dossier.rows(Query)
        if query.opened_by_id is None and timezone.localdate(query.opened_at) > due
    }
    found = [
        one
        for one in check(dossier)
        if one.code in codes and (one.code, one.field) not in before and not is_asked(dossier, one)
    ]
    for finding in found:
        text = words(dossier, finding, dossier.case.reporter.language)
        queries.ask_dossier(dossier, field=finding.field, text=text, by=None, rule=finding.code)
    return bool(found)

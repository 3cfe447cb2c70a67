"""The history of a case in sentences: who did what, and when. Reasons and fields, no internals of the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from register.audit import Event
from register.quality import dictionary
from register.quality.dictionary import SECTIONS, FieldSpec
from register.web.door import load_case
from register.web.language import active
from register.web.physician import history_of_review
from register.web.physician.history_of_review import SAID_IN_A_THREAD, Told
from register.workflow.case_transitions import TRANSITIONS, CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb

ROWS = (
    "suspectedsubstance_rows",
    "substancefinding_rows",
    "toxrequest_rows",
    "toxsample_rows",
    "toxresult_rows",
    "naloxonegiven_rows",
    "knownuse_rows",
    "sourcedocument_rows",
)
PAGE = 50
REMOVED = "-"
NOT_APPLICABLE = "NA"
# Set when the case begins or computed afterwards: no answer of a person.
BY_ITSELF = frozenset({"Case.region", "Case.forensic_service", "Case.tox_status", "ToxRequest.status"})
THINGS = {
    "SuspectedSubstance": gettext_lazy("Suspected substance"),
    "SubstanceFinding": gettext_lazy("Finding"),
    "ToxRequest": gettext_lazy("Toxicology request"),
    "ToxSample": gettext_lazy("Specimen"),
    "ToxResult": gettext_lazy("Result"),
    "NaloxoneGiven": gettext_lazy("Naloxone"),
    "KnownUse": gettext_lazy("Known use"),
    "SourceDocument": gettext_lazy("Source document"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One stored change of one row."""

    at: datetime
    who: str
    what: str
    fields: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person did at one moment."""

    at: datetime
    sentence: str
    details: tuple[str, ...] = ()


@require_safe
@load_case(Verb.READ_CASE, event=Event.HISTORY_READ)
def history(request: HttpRequest, case: Any) -> HttpResponse:
    """Everything that people did with the case, the newest first, page by page."""
    asked = history_of_review.asked(case, _who)
    told = (*_moves(case, asked.versions), *_edits(case), *asked.told, *history_of_review.entries(case, _who))
    entries = sorted((Entry(*each) for each in told), key=lambda entry: entry.at, reverse=True)
    page = Paginator(entries, PAGE).get_page(request.GET.get("blad"))
    return render(request, "physician/history.html", {"case": case, "entries": page.object_list, "page": page})


def _moves(case: Any, said_there: frozenset[int]) -> Iterable[Told]:
    """The moves, with the reason that was given. What was asked or answered is told once, with its thread."""
    words = {row.name: row for row in TRANSITIONS}
    for change in case.statuschange_rows.select_related("by"):
        row = words.get(change.name)
        name = (row.nl if active() == "nl" else row.en) if row else change.name
        sentence = _("%(who)s: %(move)s. The case is now ‘%(state)s’.") % {
            "who": _who(change.by),
            "move": name,
            "state": CaseState(change.to_status).label(active()),
        }
        told = change.name in SAID_IN_A_THREAD and change.case_version in said_there
        yield change.at, sentence, (change.reason,) if change.reason and not told else ()


def _edits(case: Any) -> Iterable[Told]:
    """Changes of answers, those of one person in one minute together, with the reasons that were given."""
    for (minute, who), group in groupby(sorted(_changes(case), key=_place), key=_place):
        together: dict[str, dict[str, None]] = {}
        reasons: dict[str, None] = {}
        for change in group:
            together.setdefault(change.what, {}).update(dict.fromkeys(change.fields))
            reasons |= dict.fromkeys(filter(None, (change.reason,)))
        details = [f"{what}: {', '.join(names)}" if names else what for what, names in together.items()]
        details += [_("Reason: %(reason)s") % {"reason": reason} for reason in reasons]
        yield minute, _("%(who)s changed the case.") % {"who": who}, tuple(details)


def _place(change: Change) -> tuple[datetime, str]:
    return change.at.replace(second=0, microsecond=0), change.who


def _changes(case: Any) -> Iterable[Change]:
    yield from _changes_of("Case", case.history.all())
    for model in SECTIONS:
        if model != "Case":
            yield from _changes_of(model, getattr(case, f"{model.lower()}_section").history.all())
    for name in ROWS:
        rows = getattr(case, name).model
        yield from _changes_of(rows.__name__, rows.history.filter(case_id=case.pk))


def _changes_of(model: str, records: Any) -> Iterable[Change]:
    """The changes in the history of one kind of row; a record without new answers says nothing."""
    specs = [spec for spec in dictionary.fields_of(model) if spec.level != "derived" and spec.key not in BY_ITSELF]
    earlier: dict[Any, dict[str, Any]] = {}
    for record in records.select_related("history_user").order_by("history_date", "history_id"):
        now = {spec.field: _columns(record, spec) for spec in specs}
        before = earlier.get(record.id, {})
        earlier[record.id] = now
        labels = tuple(spec.label(active()) for spec in specs if now[spec.field] != before.get(spec.field, ()))
        removed = record.history_type == REMOVED
        if removed or labels:
            words = _words(model, record.history_type)
            reason = record.history_change_reason or ""
            yield Change(record.history_date, _who(record.history_user), words, () if removed else labels, reason)


def _columns(record: Any, spec: FieldSpec) -> tuple[Any, ...]:
    """Every column of one answer, for comparing; empty for no answer, and for what the register found not to apply."""
    names = [f"{spec.field}_id" if spec.vocabulary else spec.field]
    if spec.kind == "partial_date":
        names = [f"{spec.field}_from", f"{spec.field}_to"]
    reason = getattr(record, f"{spec.field}_missing") if spec.may_be_missing else None
    values = (*(getattr(record, name) for name in names), None if reason == NOT_APPLICABLE else reason)
    return values if any(value not in (None, "") for value in values) else ()


def _words(model: str, kind: str) -> str:
    """What kind of row changed, and how."""
    if model not in THINGS:
        return _("Answers")
    match kind:
        case "+":
            return _("%(thing)s, new") % {"thing": THINGS[model]}
        case "-":
            return _("%(thing)s, removed") % {"thing": THINGS[model]}
        case _:
            return str(THINGS[model])


def _who(user: Any) -> str:
    """A person by name and role; the register itself when nobody did it."""
    if user is None:
        return _("The register")
    return f"{user.display_name} ({Role(user.role).label(active())})"

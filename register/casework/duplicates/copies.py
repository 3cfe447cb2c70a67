"""The rows that only the later of two cases has, copies of them in the older one, and taking the copies back.

Nothing that stands in the older case is overwritten, and nothing comes to stand there twice. Each kind of row of a case
is copied in one of these ways or stays with its case for a reason; a test knows every kind there is.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from register.casework import toxicology
from register.casework.dossier import Dossier
from register.casework.errors import NotFoundError
from register.casework.merging import as_seen
from register.coding.folding import fold
from register.models import (
    DuplicatePair,
    KnownUse,
    NaloxoneGiven,
    SourceDocument,
    SubstanceFinding,
    SuspectedSubstance,
    ToxRequest,
    ToxResult,
    ToxSample,
)
from register.models.case import CaseChild

Key = Callable[[Any], Hashable]
Made = tuple[CaseChild, CaseChild]


def name_of(row: Any) -> str:
    """The substance of a row, or the words in which it was reported while it is not linked."""
    return row.substance_id or fold(row.reported_as or "")


# Copied one by one, with what makes two rows of a kind say the same. Suspicions come first: findings point at them.
ONE_BY_ONE: Mapping[type[CaseChild], Key] = {
    SuspectedSubstance: name_of,
    SubstanceFinding: name_of,
    NaloxoneGiven: lambda row: row.given_by,
    KnownUse: lambda row: row.group_id,
    SourceDocument: lambda row: row.kind,
}
# Copied together: a request with the specimens and results that are new in it.
REPORT: tuple[type[CaseChild], ...] = (ToxRequest, ToxSample, ToxResult)
# Not copied, by the name of the table, and why.
STAYS: Mapping[str, str] = {
    "StatusChange": "a move of its own case",
    "AcceptedFinding": "accepted for the answers of its own case; the rules look at the leading case anew",
    "Query": "asked about its own case, and closed before the merge",
    "QueryMessage": "stands in the thread of such a question",
    "PanelVote": "a vote on its own case",
    "DefinitionResult": "computed anew from what was copied",
    "UnreadAnswer": "typed in a draft, and no draft is merged",
    "UnfinishedForm": "what one person typed and did not send",
    "Presence": "who looks at its own case now",
    "DuplicatePair": "a pair with its own case",
    "EmergencyAccess": "what somebody opened was its own case",
}
OF_ITS_OWN_CASE = frozenset(
    {"id", "case_id", "case_version", "row_version", "removed_at", "removed_reason", "suspicion_id", "request_id"}
    | {"sample_id"}
)
# What became of a suspicion is computed in each case.
OUTCOME_OF_A_SUSPICION = "outcome"
STRUCK_OUT = (SuspectedSubstance, SubstanceFinding)


@dataclass(frozen=True, slots=True)
class RowOffer:
    """A row that only the second case has; a request comes with the specimens and results that the first lacks."""

    row: Any
    samples: tuple[ToxSample, ...] = ()
    results: tuple[ToxResult, ...] = ()

    @property
    def model(self) -> str:
        return type(self.row).__name__


def offers(first: Dossier, second: Dossier) -> tuple[RowOffer, ...]:
    """What can be copied, in the order in which it is."""
    found: list[RowOffer] = []
    for model, key in ONE_BY_ONE.items():
        there = {key(row) for row in _standing(first, model)}
        lacking = {key(row): row for row in reversed(_standing(second, model)) if key(row) not in there}
        found += [RowOffer(row) for row in reversed(lacking.values())]
    reports = (_report(first, second, row) for row in second.rows(ToxRequest))
    return (*found, *(report for report in reports if report is not None))


def copy(first: Dossier, second: Dossier, chosen: Collection[str]) -> dict[str, str]:
    """Put copies of the chosen rows in the first case: the key of each copy with that of what it is a copy of.

    NotFoundError when something was chosen that is not offered.
    """
    offered = offers(first, second)
    if not set(chosen) <= {str(offer.row.pk) for offer in offered}:
        raise NotFoundError
    made = [one for offer in offered if str(offer.row.pk) in chosen for one in _put(first, second, offer)]
    if any(isinstance(row, ToxRequest) for row, _ in made) or any(isinstance(row, ToxResult) for row, _ in made):
        toxicology.catch_up(first)
    return {str(row.pk): str(source.pk) for row, source in made}


def made(first: Dossier, pair: DuplicatePair) -> tuple[CaseChild, ...]:
    """The copies that stand in the first case, in the order in which they were made."""
    copied = set(pair.copied)
    return tuple(
        row
        for model in (*ONE_BY_ONE, *REPORT)
        for row in (_standing(first, model) if copied else ())
        if str(row.pk) in copied
    )


def take_back(first: Dossier, pair: DuplicatePair, *, reason: str, now: datetime) -> None:
    """Let the copies be no more: substances are struck out, other rows go where nobody changed them since."""
    version, copied = pair.first_version or 0, set(pair.copied)
    for model in STRUCK_OUT:
        for row in _standing(first, model):
            if str(row.pk) in copied:
                first.change(row, removed_at=now, removed_reason=reason)
    # What was written by the merge carries the version that the case got by it.
    since = [row for model in (*REPORT, *ONE_BY_ONE) for row in first.rows(model) if row.case_version == version + 1]
    for row in sorted(since, key=_outermost_last):
        before = as_seen(row, version)
        if before is not None:
            first.change(row, **_values(before, type(row)))
        elif str(row.pk) in copied and not isinstance(row, STRUCK_OUT) and not _points_at(first, row):
            first.drop(row)
    toxicology.follow(first)


def _standing(dossier: Dossier, model: type[Any]) -> list[Any]:
    return [row for row in dossier.rows(model) if getattr(row, "removed_at", None) is None]


def _report(first: Dossier, second: Dossier, request: ToxRequest) -> RowOffer | None:
    """A request that was made, as far as it says something new; None when the first case has all of it."""
    if request.status == toxicology.NOT_REQUESTED:
        return None
    there = _same_request(first, request)
    known = {_reported(first, row) for row in _standing(first, ToxResult)}
    reported = [row for row in _standing(second, ToxResult) if row.request_id == request.pk]
    results = tuple(row for row in reported if _reported(second, row) not in known)
    taken = {_specimen(row) for row in first.rows(ToxSample) if there is not None and row.request_id == there.pk}
    samples = tuple(
        row for row in second.rows(ToxSample) if row.request_id == request.pk and _specimen(row) not in taken
    )
    new = results or samples if there is not None else results or not reported
    return RowOffer(request, samples, results) if new else None


def _same_request(dossier: Dossier, request: ToxRequest) -> ToxRequest | None:
    """The request of this case that is the same one: to one laboratory, with one reference, or else of one day."""
    for row in dossier.rows(ToxRequest):
        if row.status == toxicology.NOT_REQUESTED or row.lab_id != request.lab_id:
            continue
        references = {fold(one.report_reference or "") for one in (row, request)} - {""}
        of_one_day = row.requested_on is not None and row.requested_on == request.requested_on
        if len(references) == 1 and row.report_reference and request.report_reference:
            return row
        if len(references) < 2 and of_one_day:
            return row
    return None


def _specimen(row: ToxSample) -> Hashable:
    return row.matrix, row.timing, row.sampled_at


def _reported(dossier: Dossier, row: ToxResult) -> Hashable:
    """What one line of a report says, whichever request it stands under."""
    sample = dossier.row(ToxSample, row.sample_id) if row.sample_id else None
    return name_of(row), row.outcome, row.qualifier, row.value, row.unit, sample.matrix if sample else None


def _put(first: Dossier, second: Dossier, offer: RowOffer) -> Iterator[Made]:
    if isinstance(offer.row, ToxRequest):
        yield from _put_report(first, offer)
        return
    copied = _copy_of(offer.row)
    if isinstance(copied, SubstanceFinding) and offer.row.suspicion_id:
        answered = second.row(SuspectedSubstance, offer.row.suspicion_id)
        alike = (row for row in _standing(first, SuspectedSubstance) if answered and name_of(row) == name_of(answered))
        copied.suspicion = next(alike, None)
    yield first.add(copied), offer.row


def _put_report(first: Dossier, offer: RowOffer) -> Iterator[Made]:
    """The request where there is none like it; under it the specimens and results that are new."""
    request = _same_request(first, offer.row)
    if request is None:
        request = _begun(first, offer.row)
        yield request, offer.row
    samples: dict[Any, ToxSample] = {}
    for row in offer.samples:
        samples[row.pk] = first.add(_copy_of(row, request=request))
        yield samples[row.pk], row
    for result in offer.results:
        sample = samples.get(result.sample_id) or _its_specimen(first, request, result)
        yield first.add(_copy_of(result, request=request, sample=sample)), result
    if offer.results and request.status in ("requested", "sampled"):
        first.change(request, status="partial")
    elif offer.samples and request.status == "requested":
        first.change(request, status="sampled")


def _begun(first: Dossier, source: ToxRequest) -> ToxRequest:
    """The request as the other case has it; an earlier "not requested" gives way to it, as everywhere."""
    for row in first.rows(ToxRequest):
        if row.status == toxicology.NOT_REQUESTED:
            first.change(row, **_values(source, ToxRequest))
            return row
    return first.add(_copy_of(source))


def _its_specimen(first: Dossier, request: ToxRequest, result: ToxResult) -> ToxSample | None:
    """The specimen of the first case that is the one in which this was found."""
    if result.sample is None:
        return None
    wanted = _specimen(result.sample)
    alike = (row for row in first.rows(ToxSample) if row.request_id == request.pk and _specimen(row) == wanted)
    return next(alike, None)


def _copy_of(row: CaseChild, **fixed: Any) -> Any:
    """The same answers in a new row of no case yet."""
    return type(row)(**_values(row, type(row)), **fixed)


def _values(row: Any, model: type[CaseChild]) -> dict[str, Any]:
    """The answers of a row, or of its history, by column."""
    own = OF_ITS_OWN_CASE | ({OUTCOME_OF_A_SUSPICION} if model is SuspectedSubstance else frozenset())
    names = [column.attname for column in model._meta.concrete_fields if column.attname not in own]
    return {name: getattr(row, name) for name in names}


def _outermost_last(row: CaseChild) -> int:
    """Results before specimens, and both before the request that they stand under."""
    return {ToxResult: 0, ToxSample: 1, ToxRequest: 2}.get(type(row), 3)


def _points_at(dossier: Dossier, row: CaseChild) -> bool:
    """Whether a row that stays stands under this one."""
    under: list[Any] = [*dossier.rows(ToxResult), *dossier.rows(ToxSample)]
    return any(row.pk in (one.request_id, getattr(one, "sample_id", None)) for one in under)

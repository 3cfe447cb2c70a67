"""The results of a case as the pure rules read them: families, hints, proposals and what became of each suspicion."""

from collections.abc import Iterable
from dataclasses import dataclass

from register.casework.dossier import Dossier
from register.coding import finding_proposals as proposing
from register.coding import suspicions
from register.coding.analytes import Analyte, Family, families
from register.coding.catalogue import Catalogue
from register.coding.finding_proposals import Concluded, Proposal, Suspected
from register.coding.suspicions import Toxicology
from register.coding.toxicology_hints import Hint, hints
from register.models import Case, SubstanceFinding, SuspectedSubstance, ToxRequest, ToxResult, ToxSample

LABORATORY = "tox_lab"
# A test at the scene that no laboratory confirmed.
RAPID, RAPID_TEST = "rapid", "rapid_test"
NOTHING_MORE = frozenset({"final", "not_requested"})


@dataclass(frozen=True, slots=True)
class Report:
    """All results of a case together. Keys are those of the rows."""

    families: tuple[Family, ...]
    hints: dict[str, tuple[Hint, ...]]
    proposals: tuple[Proposal, ...]
    outcomes: dict[str, str | None]


def report_of(case: Case) -> Report:
    """The results of a case as they are stored."""
    return report_in(Dossier(case))


def report_in(dossier: Dossier) -> Report:
    """The same for a case in memory."""
    catalogue = dossier.reference.catalogue
    found = results_in(dossier)
    grouped = families(found, catalogue)
    return Report(
        families=grouped,
        hints={one.key: hints(one, found, catalogue) for one in found},
        proposals=proposing.proposals(grouped, _suspected(dossier), _concluded(dossier), catalogue),
        outcomes=suspicion_outcomes(dossier),
    )


def standing_results(dossier: Dossier) -> list[ToxResult]:
    """The results that were not struck out."""
    return [row for row in dossier.rows(ToxResult) if row.removed_at is None]


def results_in(dossier: Dossier) -> list[Analyte]:
    """The standing results of a case in memory, as values."""
    samples = {row.pk: row.matrix or "" for row in dossier.rows(ToxSample)}
    scopes = {row.pk: row.panel_scope for row in dossier.rows(ToxRequest)}
    return [
        Analyte(
            key=str(row.pk),
            reported_as=row.reported_as or "",
            code=row.substance_id,
            outcome=row.outcome or "",
            value=row.normalised_value,
            unit=row.normalised_unit,
            matrix=samples.get(row.sample_id, "") if row.sample_id else "",
            scope=scopes.get(row.request_id),
        )
        for row in standing_results(dossier)
    ]


def families_of(results: Iterable[ToxResult], catalogue: Catalogue) -> tuple[Family, ...]:
    """The families of some results by themselves, such as those of one request."""
    found = [
        Analyte(str(row.pk), row.reported_as or "", row.substance_id, row.outcome or "")
        for row in results
        if row.removed_at is None
    ]
    return families(found, catalogue)


def suspicion_outcomes(dossier: Dossier) -> dict[str, str | None]:
    """What became of each standing suspicion, by the key of its row."""
    requests = dossier.rows(ToxRequest)
    catalogue = dossier.reference.catalogue
    toxicology = Toxicology.of(
        results_in(dossier),
        catalogue,
        settled=dossier.case.tox_status in NOTHING_MORE,
        scope={code for row in requests for code in row.panel_scope or ()},
    )
    concluded = {
        row.substance_id
        for row in dossier.rows(SubstanceFinding)
        if row.removed_at is None and row.substance_id and row.role not in (None, "suspected_only")
    }
    return {
        str(row.pk): suspicions.outcome(row.substance_id, toxicology, concluded, catalogue)
        for row in dossier.rows(SuspectedSubstance)
        if row.removed_at is None
    }


def _suspected(dossier: Dossier) -> list[Suspected]:
    return [
        Suspected(str(row.pk), row.substance_id, row.reported_as or "")
        for row in dossier.rows(SuspectedSubstance)
        if row.removed_at is None
    ]


def _concluded(dossier: Dossier) -> list[Concluded]:
    return [
        Concluded(
            key=str(row.pk),
            code=row.substance_id,
            reported_as=row.reported_as or "",
            suspicion=str(row.suspicion_id) if row.suspicion_id else None,
            by_laboratory=bool({LABORATORY, RAPID_TEST} & set(row.evidence or ())),
        )
        for row in dossier.rows(SubstanceFinding)
        if row.removed_at is None
    ]

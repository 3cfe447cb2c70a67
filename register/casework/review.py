"""The register's part: the final conclusion and the ICD-10 codes. A person decides; the register proposes."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils import timezone

from register.audit import Event
from register.casework.answers import Raw, Vocabularies, apply_skip_rules, put, read_fields
from register.casework.derived import classified
from register.casework.dossier import Dossier
from register.casework.errors import InvalidError, RefusedError
from register.casework.findings import accept, check
from register.casework.merging import settle, settle_whole
from register.casework.opening import opened
from register.casework.review_marks import mark
from register.coding import icd10
from register.coding.definitions import Classification
from register.coding.suggestion import Suggestion
from register.models import Case, User
from register.quality import dictionary
from register.quality.answers import Answer
from register.quality.problems import Problem
from register.quality.rule import Severity
from register.workflow.verbs import Verb

CONCLUSION = tuple(
    dictionary.field(key)
    for key in (
        "CauseOfDeath.manner_final",
        "CauseOfDeath.intent_final",
        "CauseOfDeath.tox_consistent",
        "CauseOfDeath.tox_consistent_note",
        "Assessment.inclusion",
        "Assessment.case_certainty",
        "Assessment.duplicate_decision",
        "Assessment.cbs_match",
    )
)
EXCLUDED_IS_A_MOVE = Problem(
    "Laat de zaak vervallen als zij geen geval is, met de reden.",
    "Exclude the case when it is not one, with the reason.",
)
# The steps of the suggestion that settle the underlying cause, or say why there is none.
DECIDING_STEPS = frozenset({"DIRECT", "P1", "P2", "P4", "P6"})
UCOD_NEEDED = Problem("Vul de onderliggende doodsoorzaak in.", "Fill in the underlying cause of death.")
NOT_ICD10 = Problem("Dit is geen ICD-10-code, zoals X42.", "This is not an ICD-10 code, such as X42.")
NOT_T_CODE = Problem("Dit is geen T-code, zoals T40.1.", "This is not a T code, such as T40.1.")
ACCEPTANCE_NEEDED = Problem(
    "Kies of schrijf de reden waarom dit zo klopt.", "Choose or write the reason why this is right."
)
WARNING_NEEDED = Problem("Kies ten minste één waarschuwing.", "Choose at least one warning.")
OVERRIDE_NEEDED = Problem(
    "Geef de reden om van het voorstel af te wijken.", "Give the reason to depart from the suggestion."
)


def mark_reviewed(*, case_id: UUID | str, seen_version: int, by: User) -> Case:
    """Note that the register saw the case as it is. StaleError when it changed since the person saw it."""
    with opened(
        case_id=case_id, by=by, verb=Verb.REVIEW_CASE, seen_version=seen_version, event=Event.CASE_DECIDE
    ) as dossier:
        mark(dossier, by=by, now=timezone.now())
    return dossier.case


def accept_warnings(*, case_id: UUID | str, keys: Sequence[str], reason: str, seen_version: int, by: User) -> Case:
    """Accept these warnings, each by its key, with one reason. A warning that is gone by now needs none."""
    problems = {} if reason.strip() else {"reason": ACCEPTANCE_NEEDED}
    if not keys:
        problems["warnings"] = WARNING_NEEDED
    if problems:
        raise InvalidError(problems)
    with opened(
        case_id=case_id, by=by, verb=Verb.REVIEW_CASE, seen_version=seen_version, event=Event.CASE_DECIDE, merges=True
    ) as dossier:
        accept(dossier, dict.fromkeys(keys, reason), by=by)
    return dossier.case


def conclude(*, case_id: UUID | str, seen_version: int, by: User, **answers: str | Sequence[str]) -> Case:
    """Record the final conclusion: ``manner_final``, ``intent_final``, ``inclusion``, ``case_certainty``,
    ``tox_consistent`` with its note, ``duplicate_decision`` and ``cbs_match``, each under its form name.

    What is not given stays as it is. Raises InvalidError when an answer cannot be read or cannot be true.
    """
    with opened(case_id=case_id, by=by, verb=Verb.REVIEW_CASE, seen_version=seen_version, merges=True) as dossier:
        conclude_dossier(dossier, answers, Vocabularies())
    return dossier.case


def conclude_dossier(dossier: Dossier, raw: Raw, vocabularies: Vocabularies) -> None:
    """Record the final conclusion in memory."""
    answers, problems = read_fields(CONCLUSION, raw, vocabularies)
    if answers.get("Assessment.inclusion") and answers["Assessment.inclusion"].value == "excluded":
        problems["inclusion"] = EXCLUDED_IS_A_MOVE
    if problems:
        raise InvalidError(problems)
    for model in ("CauseOfDeath", "Assessment"):
        row = dossier.answers(model)
        mine = {key: answer for key, answer in answers.items() if dictionary.field(key).model == model}
        put(dossier, row, settle(dossier, row, mine))
    apply_skip_rules(dossier, "CauseOfDeath", dossier.cause)
    untrue = {
        finding.field.partition(".")[2]: Problem(finding.nl, finding.en)
        for finding in check(dossier)
        if finding.severity is Severity.ERROR and finding.field in answers
    }
    if untrue:
        raise InvalidError(untrue)


def code(
    *,
    case_id: UUID | str,
    ucod: str,
    t_codes: Sequence[str],
    seen_version: int,
    by: User,
    override_reason: str = "",
) -> Case:
    """Code the case by hand. Another underlying cause than the suggested one needs a reason."""
    with opened(
        case_id=case_id, by=by, verb=Verb.CODE_CASE, seen_version=seen_version, event=Event.CASE_DECIDE, merges=True
    ) as dossier:
        code_dossier(dossier, ucod=ucod, t_codes=t_codes, override_reason=override_reason, by=by)
    return dossier.case


def code_dossier(dossier: Dossier, *, ucod: str, t_codes: Sequence[str], override_reason: str, by: User) -> None:
    """Code the case in memory and confirm the coding."""
    problems: dict[str, Problem] = {}
    underlying = _read(ucod, icd10.normalise) if ucod.strip() else None
    nature = [_read(text, icd10.nature_code) for text in t_codes if text.strip()]
    if underlying is None:
        problems["ucod"] = NOT_ICD10 if ucod.strip() else UCOD_NEEDED
    if None in nature:
        problems["t_codes"] = NOT_T_CODE
    suggested = suggestion_of(dossier).ucod
    reason = override_reason.strip()[:500]
    if not problems and suggested is not None and underlying != suggested and not reason:
        problems["override_reason"] = OVERRIDE_NEEDED
    if problems:
        raise InvalidError(problems)
    codes = tuple(dict.fromkeys(filter(None, nature)))
    answers = {
        "CauseOfDeath.icd10_ucod": Answer(underlying),
        "CauseOfDeath.icd10_t_codes": Answer(codes or None),
        "CauseOfDeath.icd10_override_reason": Answer(reason or None),
    }
    put(dossier, dossier.cause, settle_whole(dossier, dossier.cause, answers))
    dossier.change(dossier.assessment, coding_confirmed_by=by)


def accept_suggestion(*, case_id: UUID | str, seen_version: int, by: User) -> Case:
    """Take over the suggested codes as the person saw them: they follow from every fact of the case."""
    with opened(
        case_id=case_id, by=by, verb=Verb.CODE_CASE, seen_version=seen_version, event=Event.CASE_DECIDE
    ) as dossier:
        accept_dossier(dossier, by=by)
    return dossier.case


def accept_dossier(dossier: Dossier, *, by: User) -> None:
    """Take over the suggested codes in memory. RefusedError when the facts suggest no underlying cause."""
    found = suggestion_of(dossier)
    if found.ucod is None:
        step = next((step for step in found.steps if step.code in DECIDING_STEPS), found.steps[-1])
        nl, en = step.nl, step.en
        raise RefusedError("no_suggestion", f"Er is geen code voorgesteld. {nl}", f"No code was suggested. {en}")
    code_dossier(dossier, ucod=found.ucod, t_codes=found.t_codes, override_reason="", by=by)


def suggestion_of(dossier: Dossier) -> Suggestion:
    """What the facts suggest, codes already given left aside."""
    return classified(dossier).suggestion


def classification_of(case: Case) -> Classification:
    """Everything derived from the facts of a case, with reasons, for the review page."""
    return classified(Dossier(case))


def _read(text: str, reader: Callable[[str], str]) -> str | None:
    try:
        return reader(text)
    except icd10.InvalidIcd10Error:
        return None

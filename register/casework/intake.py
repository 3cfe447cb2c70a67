"""The physician's part: beginning a case and filling in its pages. A page is stored whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from register.access import cases_for, may
from register.audit import Event, acting_as, log_access
from register.casework import unread
from register.casework.answers import Raw, Vocabularies, apply_skip_rules, put, read_fields
from register.casework.dossier import Dossier, store
from register.casework.editing import edited
from register.casework.errors import InvalidError, NotFoundError, RefusedError, refuse_unless
from register.casework.findings import check
from register.casework.merging import settle
from register.casework.numbers import next_case_numbers
from register.models import Case, ForensicService, User
from register.quality import dictionary
from register.quality.answers import Answer
from register.quality.dictionary import FieldSpec
from register.quality.problems import Problem
from register.quality.rule import Finding, Severity
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

# Follows from the requests for toxicology; no form sets it.
COMPUTED = frozenset({"Case.tox_status"})

SERVICE_NEEDED = Problem("Kies de forensische dienst.", "Choose the forensic service.")


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving a page. With ``problems`` (by field name) nothing was stored."""

    case: Case
    problems: dict[str, Problem]
    warnings: tuple[Finding, ...]


def open_case(*, by: User) -> Case:
    """Begin a case in the region and forensic service of the physician. It is a draft that only they see."""
    refuse_unless(may(by, Verb.CREATE_CASE))
    with acting_as(by):
        dossier = new_dossier(by=by, region=_region_of(by), service=service_of(by))
        dossier.case.case_number = next_case_numbers(timezone.localdate().year)[0]
        store([dossier])
        log_access(Event.CASE_CREATE, objects=[dossier.case.pk])
    return dossier.case


def new_dossier(*, by: User, region: str, service: str, import_key: str | None = None) -> Dossier:
    """A case in memory without a number: all its sections, no answers."""
    return Dossier.new(
        Case(
            region_id=region,
            forensic_service_id=service,
            reporter=by,
            import_key=import_key,
            status=CaseState.DRAFT.value,
        )
    )


def _region_of(by: User) -> str:
    if by.region_id is None:
        raise RefusedError(
            "no_region",
            "Uw account heeft nog geen GGD-regio; vraag de beheerder om die in te vullen.",
            "Your account has no region yet; ask the administrator to fill it in.",
        )
    return by.region_id


def service_of(by: User) -> str:
    """The service the physician works for, or the only one of the region."""
    if by.forensic_service_id:
        return by.forensic_service_id
    services = list(ForensicService.objects.filter(region=by.region_id, active=True).values_list("code", flat=True)[:2])
    if len(services) == 1:
        return services[0]
    raise RefusedError(
        "no_service",
        "Uw account heeft nog geen forensische dienst; vraag de beheerder om die in te vullen.",
        "Your account has no forensic service yet; ask the administrator to fill it in.",
    )


def save_page(*, case_id: UUID | str, page: str, raw: Raw, seen_version: int, by: User, reason: str = "") -> Saved:
    """Store what one page says. Form names that ``raw`` does not hold leave their answers as they are.

    ConflictError names the questions that somebody else answered in the meantime; the other answers are stored then.
    """
    if page not in dictionary.PAGES:
        raise NotFoundError
    dossier: Dossier | None = None
    try:
        with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
            fill_page(dossier, page, raw, Vocabularies())
            warnings = _warnings(dossier, page)
            dossier.change(dossier.case, last_touched=page)
    except InvalidError as invalid:
        # Without a reason for a later change the case was not even opened for writing.
        case = dossier.case if dossier else cases_for(by).get(pk=case_id)
        return Saved(case, invalid.problems, ())
    return Saved(dossier.case, {}, warnings)


def fill_page(dossier: Dossier, page: str, raw: Raw, vocabularies: Vocabularies) -> None:
    """Read the answers of a page and put them in the dossier. Raises InvalidError and then changed nothing."""
    fill(dossier, fields_of_page(page), raw, vocabularies)


def fill(dossier: Dossier, specs: Sequence[FieldSpec], raw: Raw, vocabularies: Vocabularies) -> None:
    """Read the answers to these fields, put them in the dossier and apply the skip rules."""
    answers, problems = read_answers(specs, raw, vocabularies)
    if problems:
        raise InvalidError(problems)
    put_answers(dossier, answers)
    unread.forget(dossier, answers)


def read_answers(
    specs: Sequence[FieldSpec], raw: Raw, vocabularies: Vocabularies
) -> tuple[dict[str, Answer], dict[str, Problem]]:
    """Answers by ``Model.field``, and problems by field name."""
    answers, problems = read_fields(specs, raw, vocabularies)
    if "Case.forensic_service" in answers and answers["Case.forensic_service"].blank:
        del answers["Case.forensic_service"]
        problems["forensic_service"] = SERVICE_NEEDED
    return answers, problems


def put_answers(dossier: Dossier, answers: Mapping[str, Answer]) -> None:
    """Put answers in the rows of the case and apply the skip rules. What conflicts is noted in the dossier."""
    for model in dict.fromkeys(dictionary.field(key).model for key in answers):
        row = dossier.answers(model)
        mine = {key: answer for key, answer in answers.items() if dictionary.field(key).model == model}
        put(dossier, row, settle(dossier, row, mine))
        apply_skip_rules(dossier, model, row)


def fields_of_page(page: str) -> tuple[FieldSpec, ...]:
    """The single answers that a page asks; rows have their own writes."""
    return tuple(spec for spec in dictionary.fields_on(page) if spec.on_case and spec.key not in COMPUTED)


def _warnings(dossier: Dossier, page: str) -> tuple[Finding, ...]:
    """What the rules say about the answers of this page. What cannot be true is a problem, the rest a warning."""
    found = [finding for finding in check(dossier) if finding.page == page]
    errors = {
        finding.field.partition(".")[2]: Problem(finding.nl, finding.en)
        for finding in found
        if finding.severity is Severity.ERROR and not finding.row
    }
    if errors:
        raise InvalidError(errors)
    return tuple(finding for finding in found if finding.severity in (Severity.WARNING, Severity.WARNING_AT_SUBMIT))

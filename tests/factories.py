"""People and cases for tests, made the way production makes them: through casework, by somebody who may."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from register.casework import intake, moves, review, substances, toxicology
from register.casework.answers import Vocabularies
from register.casework.dossier import Dossier
from register.casework.editing import edited
from register.casework.findings import key_of, unaccepted
from register.models import Case, User
from register.workflow.roles import Role

AMSTERDAM, ROTTERDAM = "GG3406", "GG4607"
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def person(role: Role, region: str | None = None) -> User:
    """Somebody with this role, under a name without a figure: a test may look for an age on the page of it."""
    name = f"{role.value}-{uuid4().hex[:12].translate(_LETTERS)}"
    return User.objects.create_user(name, role=role.value, region_id=region)


def physician(region: str = AMSTERDAM) -> User:
    return person(Role.PHYSICIAN, region)


def reviewer() -> User:
    return person(Role.REGISTER_STAFF)


def pages() -> dict[str, dict[str, str]]:
    """Answers to every core question, under the names of the form."""
    day = (timezone.localdate() - timedelta(days=10)).isoformat()
    return {
        "overledene": {"sex": "male", "age_years": "34", "residence_kind": "none"},
        "overlijden": {
            "date_of_death": day,
            "date_of_death_precision": "exact",
            "date_examined": day,
            "place_type": "own_home",
            "death_municipality": "GM0363",
            "manner_provisional": "non_natural",
        },
        "omstandigheden": {"intent_provisional": "accident", "used_alone": "yes"},
        "conclusie": {"relation_to_drugs": "direct", "cause_line_a": "Vergiftiging"},
    }


def draft(by: User) -> Case:
    """A case without answers."""
    return intake.open_case(by=by)


@contextmanager
def _answered(by: User, changes: Mapping[str, Mapping[str, str]]) -> Iterator[Dossier]:
    """A draft with the answers of every page, to which more may be added before all of it is stored in one write."""
    case = draft(by)
    with edited(case_id=case.pk, by=by, seen_version=case.row_version) as dossier:
        for page, raw in pages().items():
            intake.fill_page(dossier, page, {**raw, **changes.get(page, {})}, Vocabularies())
        yield dossier


def _filled(by: User, changes: Mapping[str, Mapping[str, str]]) -> Dossier:
    suspicion = {"reported_as": "coke", "substance": "cocaine", "evidence": ["scene"]}
    request = {"lab": "nfi", "requested_on": timezone.localdate().isoformat()}
    with _answered(by, changes) as dossier:
        substances.suspect(dossier, suspicion, Vocabularies())
        toxicology.request(dossier, request, Vocabularies())
        toxicology.catch_up(dossier)
    return dossier


def filled(by: User, changes: Mapping[str, Mapping[str, str]] | None = None) -> Case:
    """A draft with every core question answered, one suspicion and a request for toxicology."""
    return _filled(by, changes or {}).case


def submitted(by: User, changes: Mapping[str, Mapping[str, str]] | None = None) -> Case:
    dossier = _filled(by, changes or {})
    accepted = {key_of(finding): "Gecontroleerd" for finding in unaccepted(dossier)}
    return moves.submit(case_id=dossier.case.pk, seen_version=dossier.case.row_version, accepted=accepted, by=by)


def in_review(by: User, reviewed_by: User) -> Case:
    case = submitted(by)
    return moves.take(case_id=case.pk, seen_version=case.row_version, by=reviewed_by)


def add_result(case: Case, by: User, **raw: str) -> Case:
    """Add one detected analyte to the only request of the case."""
    request = case.toxrequest_rows.get().pk
    raw = {"outcome": "detected", **raw}
    return toxicology.add_result(case_id=case.pk, request_id=request, raw=raw, seen_version=case.row_version, by=by)


def with_result(case: Case, by: User) -> Case:
    """The report of the laboratory: cocaine, quantified."""
    request = case.toxrequest_rows.get().pk
    case = toxicology.add_result(
        case_id=case.pk,
        request_id=request,
        raw={"reported_as": "cocaïne", "outcome": "detected", "value": "0,4", "unit": "mg_l", "stage": "quantified"},
        seen_version=case.row_version,
        by=by,
    )
    return toxicology.receive_report(
        case_id=case.pk, request_id=request, raw={"status": "final"}, seen_version=case.row_version, by=by
    )


def ready_to_close(by: User, reviewed_by: User) -> Case:
    """A case in review in which nothing stands in the way of closing."""
    return made_ready(in_review(by, reviewed_by), by, reviewed_by)


def made_ready(case: Case, by: User, reviewed_by: User) -> Case:
    """The report, a conclusion and a code for a case in review."""
    case = with_result(case, by)
    found = {
        "substance": "cocaine",
        "role": "sole_cause",
        "certainty": "certain",
        "evidence": ["tox_lab"],
        "origin": "illicit",
    }
    concluded = {
        "manner_final": "non_natural",
        "intent_final": "accident",
        "inclusion": "confirmed",
        "case_certainty": "certain",
        "tox_consistent": "yes",
    }
    seen, why = case.row_version, "Uitslag van het laboratorium"
    with edited(case_id=case.pk, by=reviewed_by, seen_version=seen, reason=why) as dossier:
        substances.conclude_about(dossier, found, Vocabularies())
        review.conclude_dossier(dossier, concluded, Vocabularies())
        review.accept_dossier(dossier, by=reviewed_by)
    return dossier.case


def closed(by: User, reviewed_by: User) -> Case:
    case = ready_to_close(by, reviewed_by)
    return moves.close(case_id=case.pk, seen_version=case.row_version, by=reviewed_by)


def handed_in(
    by: User, found: tuple[str, str | None] = ("heroïne", "sole_cause"), *, suspected_too: tuple[str, ...] = ()
) -> Case:
    """A submitted case without toxicology, with one conclusion: the words in which it was reported, and its role.

    Words other than "heroïne" stay without a substance; ``suspected_too`` are substances suspected beside it.
    """
    name, role = found
    said = {"reported_as": name, "substance": {"heroïne": "heroin"}.get(name, ""), "evidence": ["scene"]}
    with _answered(by, {}) as dossier:
        substances.suspect(dossier, said, Vocabularies())
        for code in suspected_too:
            substances.suspect(dossier, {**said, "reported_as": code, "substance": code}, Vocabularies())
        toxicology.not_requested(dossier, "prosecutor", Vocabularies())
        toxicology.catch_up(dossier)
        substances.conclude_about(dossier, {**said, "role": role or "", "origin": "illicit"}, Vocabularies())
    return moves.submit(case_id=dossier.case.pk, seen_version=dossier.case.row_version, by=by)


def version(case: Case) -> int:
    """The version of the case as it is now, whatever this instance says."""
    return Case.objects.values_list("row_version", flat=True).get(pk=case.pk)

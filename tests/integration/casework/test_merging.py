"""Two people write to one case: other answers are joined, the same answer asks, and nothing is overwritten unseen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from register.casework import intake, moves, queries, review, rows, substances, toxicology
from register.casework.errors import ConflictError, NotFoundError, RefusedError, StaleError
from register.casework.seen import Seen
from register.models import Case, KnownUse, Query, SubstanceFinding, User
from tests import factories

pytestmark = pytest.mark.django_db

Act = dict[str, Any]
Do = Callable[[Case, Act], Any]


def _page(**raw: str) -> Do:
    return lambda case, act: intake.save_page(case_id=case.pk, page="overledene", raw=raw, **act)


def _conclude(**raw: str) -> Do:
    return lambda case, act: review.conclude(case_id=case.pk, **raw, **act)


def _code(ucod: str, *t_codes: str, why: str = "Code van CBS") -> Do:
    return lambda case, act: review.code(case_id=case.pk, ucod=ucod, t_codes=t_codes, override_reason=why, **act)


def _finding(place: int, **raw: str) -> Do:
    def do(case: Case, act: Act) -> Any:
        row = case.substancefinding_rows.order_by("id")[place]
        return substances.change_finding(case_id=case.pk, row_id=row.pk, raw=raw, reason="Herzien na overleg", **act)

    return do


def _suspicion(place: int, **raw: str) -> Do:
    def do(case: Case, act: Act) -> Any:
        row = case.suspectedsubstance_rows.order_by("id")[place]
        return substances.change_suspicion(case_id=case.pk, row_id=row.pk, raw=raw, **act)

    return do


def _request(**raw: str) -> Do:
    def do(case: Case, act: Act) -> Any:
        row = case.toxrequest_rows.get()
        return toxicology.change_request(case_id=case.pk, request_id=row.pk, raw=raw, **act)

    return do


def _two_suspicions(physician: User, reviewer: User) -> Case:
    case = factories.filled(physician)
    return substances.add_suspicion(
        case_id=case.pk, reported_as="keta", evidence=("scene",), seen_version=case.row_version, by=physician
    )


def _two_findings(physician: User, reviewer: User) -> Case:
    case = factories.ready_to_close(physician, reviewer)
    return substances.add_finding(
        case_id=case.pk,
        substance="mdma",
        role="possible_contribution",
        evidence=("tox_lab",),
        reason="Uitslag van het laboratorium",
        seen_version=case.row_version,
        by=reviewer,
    )


def _answer(model: str, field: str) -> Callable[[Case], Any]:
    return lambda case: getattr(getattr(case, f"{model}_section"), field)


def _of_row(related: str, place: int, field: str) -> Callable[[Case], Any]:
    return lambda case: getattr(getattr(case, f"{related}_rows").order_by("id")[place], field)


@dataclass(frozen=True)
class Together:
    """Somebody writes, then another who saw the case before it. ``ends``: what stands; ``asks``: what conflicts."""

    name: str
    by: str
    given: Callable[[User, User], Case]
    first: Do
    second: Do
    ends: tuple[tuple[Callable[[Case], Any], Any], ...]
    asks: frozenset[str] = frozenset()


AGE, SEX = _answer("decedent", "age_years"), _answer("decedent", "sex")
MANNER, INTENT = _answer("causeofdeath", "manner_final"), _answer("causeofdeath", "intent_final")
TOGETHER = (
    Together(
        "physician: different fields",
        "physician",
        _two_suspicions,
        _page(age_years="43"),
        _page(sex="female"),
        ((AGE, 43), (SEX, "female")),
    ),
    Together(
        "physician: the same field",
        "physician",
        _two_suspicions,
        _page(age_years="43"),
        _page(age_years="44", sex="female"),
        ((AGE, 43), (SEX, "female")),
        frozenset({"Decedent.age_years"}),
    ),
    Together(
        "physician: the same field, equal value",
        "physician",
        _two_suspicions,
        _page(age_years="43"),
        _page(age_years="43", sex="female"),
        ((AGE, 43), (SEX, "female")),
    ),
    Together(
        "physician: a field that the second left as it was",
        "physician",
        _two_suspicions,
        _page(age_years="43"),
        _page(age_years="34", sex="female"),
        ((AGE, 43), (SEX, "female")),
    ),
    Together(
        "physician: a reason against a value",
        "physician",
        _two_suspicions,
        _page(age_years="", age_years_missing="UNK"),
        _page(age_years="44"),
        ((AGE, None),),
        frozenset({"Decedent.age_years"}),
    ),
    Together(
        "physician: other rows",
        "physician",
        _two_suspicions,
        _suspicion(0, route="nasal"),
        _suspicion(1, route="oral"),
        ((_of_row("suspectedsubstance", 0, "route"), "nasal"), (_of_row("suspectedsubstance", 1, "route"), "oral")),
    ),
    Together(
        "physician: the same row, the same field",
        "physician",
        _two_suspicions,
        _suspicion(0, route="nasal"),
        _suspicion(0, route="oral"),
        ((_of_row("suspectedsubstance", 0, "route"), "nasal"),),
        frozenset({"SuspectedSubstance.route"}),
    ),
    Together(
        "physician: a request for toxicology, different fields",
        "physician",
        _two_suspicions,
        _request(report_reference="L-1"),
        _request(lab="erasmus-mc"),
        (
            (_of_row("toxrequest", 0, "report_reference"), "L-1"),
            (_of_row("toxrequest", 0, "lab_id"), "erasmus-mc"),
        ),
    ),
    Together(
        "physician: a request for toxicology, the same field",
        "physician",
        _two_suspicions,
        _request(report_reference="L-1"),
        _request(report_reference="L-2"),
        ((_of_row("toxrequest", 0, "report_reference"), "L-1"),),
        frozenset({"ToxRequest.report_reference"}),
    ),
    Together(
        "register: different fields",
        "reviewer",
        _two_findings,
        _conclude(manner_final="not_convinced"),
        _conclude(case_certainty="probable"),
        ((MANNER, "not_convinced"), (_answer("assessment", "case_certainty"), "probable")),
    ),
    Together(
        "register: the same field",
        "reviewer",
        _two_findings,
        _conclude(intent_final="suicide"),
        _conclude(intent_final="undetermined", case_certainty="probable"),
        ((INTENT, "suicide"), (_answer("assessment", "case_certainty"), "probable")),
        frozenset({"CauseOfDeath.intent_final"}),
    ),
    Together(
        "register: the same field, equal value",
        "reviewer",
        _two_findings,
        _conclude(intent_final="suicide"),
        _conclude(intent_final="suicide"),
        ((INTENT, "suicide"),),
    ),
    Together(
        "register: other rows",
        "reviewer",
        _two_findings,
        _finding(0, certainty="probable"),
        _finding(1, certainty="possible"),
        (
            (_of_row("substancefinding", 0, "certainty"), "probable"),
            (_of_row("substancefinding", 1, "certainty"), "possible"),
        ),
    ),
    Together(
        "register: the same row, different fields",
        "reviewer",
        _two_findings,
        _finding(0, certainty="probable"),
        _finding(0, origin="prescribed"),
        (
            (_of_row("substancefinding", 0, "certainty"), "probable"),
            (_of_row("substancefinding", 0, "origin"), "prescribed"),
        ),
    ),
    Together(
        "register: the same row, the same field",
        "reviewer",
        _two_findings,
        _finding(0, certainty="probable"),
        _finding(0, certainty="possible", origin="prescribed"),
        (
            (_of_row("substancefinding", 0, "certainty"), "probable"),
            (_of_row("substancefinding", 0, "origin"), "prescribed"),
        ),
        frozenset({"SubstanceFinding.certainty"}),
    ),
    Together(
        "register: a code is one decision",
        "reviewer",
        _two_findings,
        _code("X44", "T40.5"),
        _code("X62", "T40.1"),
        ((_answer("causeofdeath", "icd10_ucod"), "X44"), (_answer("causeofdeath", "icd10_t_codes"), ["T40.5"])),
        frozenset({"CauseOfDeath.icd10_ucod"}),
    ),
    Together(
        "register: the same code",
        "reviewer",
        _two_findings,
        _code("X44", "T40.5"),
        _code("X44", "T40.5"),
        ((_answer("causeofdeath", "icd10_ucod"), "X44"),),
    ),
)


@pytest.mark.parametrize("together", TOGETHER, ids=lambda together: together.name)
def test_two_who_saw_the_same_case_lose_no_answer(together: Together, physician: User, reviewer: User) -> None:
    case = together.given(physician, reviewer)
    by = physician if together.by == "physician" else reviewer
    act = {"by": by, "seen_version": case.row_version}
    together.first(case, act)
    asked = frozenset[str]()
    try:
        together.second(case, act)
    except ConflictError as conflict:
        asked = frozenset(one.key for one in conflict.conflicts)
        assert all(one.by == by and one.at is not None for one in conflict.conflicts)
    assert asked == together.asks
    stored = Case.objects.get(pk=case.pk)
    assert [look(stored) for look, _ in together.ends] == [value for _, value in together.ends]


def test_a_conflict_names_who_gave_the_other_answer_and_the_person_chooses(physician: User, reviewer: User) -> None:
    case = _two_findings(physician, reviewer)
    colleague = factories.reviewer()
    seen = case.row_version
    review.conclude(case_id=case.pk, intent_final="suicide", seen_version=seen, by=colleague)
    with pytest.raises(ConflictError) as told:
        review.conclude(case_id=case.pk, intent_final="undetermined", seen_version=seen, by=reviewer)
    (conflict,) = told.value.conflicts
    assert (conflict.mine.value, conflict.theirs.value, conflict.by) == ("undetermined", "suicide", colleague)
    now = told.value.current.row_version
    with pytest.raises(ConflictError):
        not_chosen = Seen(now, older={conflict.name: conflict.seen})
        review.conclude(case_id=case.pk, intent_final="undetermined", seen_version=not_chosen, by=reviewer)
    theirs = Seen(now, theirs=[conflict.name])
    review.conclude(case_id=case.pk, intent_final="undetermined", seen_version=theirs, by=reviewer)
    assert INTENT(Case.objects.get(pk=case.pk)) == "suicide"
    review.conclude(case_id=case.pk, intent_final="undetermined", seen_version=Seen(now), by=reviewer)
    assert INTENT(Case.objects.get(pk=case.pk)) == "undetermined"


def test_an_answer_that_would_empty_the_new_answer_of_somebody_else_asks(physician: User) -> None:
    case = factories.filled(physician)
    page = {"case_id": case.pk, "page": "omstandigheden", "by": physician}
    case = intake.save_page(raw={"bystanders": "one"}, seen_version=case.row_version, **page).case
    seen = case.row_version
    intake.save_page(raw={"bystander_relation": ["friend"]}, seen_version=seen, **page)
    with pytest.raises(ConflictError) as told:
        intake.save_page(raw={"bystanders": "none"}, seen_version=seen, **page)
    assert [one.key for one in told.value.conflicts] == ["Circumstances.bystanders"]
    stored = Case.objects.get(pk=case.pk).circumstances_section
    assert (stored.bystanders, stored.bystander_relation) == ("one", ["friend"])


def test_a_row_that_somebody_else_changed_is_not_taken_away(physician: User) -> None:
    case = factories.filled(physician)
    act: Act = {"case_id": case.pk, "by": physician}
    case = rows.add_row(
        kind="known_use", raw={"group": "cocaine", "user_type": "recreational"}, seen_version=case.row_version, **act
    )
    row, seen = KnownUse.objects.get(case=case), case.row_version
    case = rows.change_row(kind="known_use", row_id=row.pk, raw={"user_type": "problematic"}, seen_version=seen, **act)
    with pytest.raises(StaleError):
        rows.remove_row(kind="known_use", row_id=row.pk, seen_version=seen, **act)
    rows.remove_row(kind="known_use", row_id=row.pk, seen_version=case.row_version, **act)
    assert not KnownUse.objects.filter(case=case).exists()


def test_a_row_that_somebody_else_took_away_is_not_changed(physician: User, reviewer: User) -> None:
    case = _two_findings(physician, reviewer)
    row, seen = SubstanceFinding.objects.filter(case=case).order_by("id")[1], case.row_version
    act: Act = {"case_id": case.pk, "row_id": row.pk, "by": reviewer, "seen_version": seen}
    substances.remove_finding(reason="Verkeerde zaak", **act)
    with pytest.raises(NotFoundError):
        substances.change_finding(raw={"certainty": "possible"}, reason="Herzien na overleg", **act)


def test_questions_join_a_thread_and_one_with_an_unread_answer_is_not_closed(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    seen = case.row_version
    queries.ask(case_id=case.pk, field="Death.place_type", text="Waar?", seen_version=seen, by=reviewer)
    case = queries.ask(case_id=case.pk, field="Death.place_type", text="Thuis?", seen_version=seen, by=reviewer)
    query = Query.objects.get(case=case)
    seen = case.row_version
    queries.answer(query_id=query.pk, text="Ja", seen_version=seen, by=physician)
    with pytest.raises(StaleError):
        queries.close_query(case_id=case.pk, query_id=query.pk, seen_version=seen, by=reviewer)
    query.refresh_from_db()
    assert (query.state, query.messages.count()) == ("answered", 3)


def test_a_move_needs_the_case_as_it_is(physician: User, reviewer: User) -> None:
    case = factories.submitted(physician)
    with pytest.raises(StaleError):
        moves.take(case_id=case.pk, seen_version=case.row_version - 1, by=reviewer)
    with pytest.raises(StaleError):
        moves.take(case_id=case.pk, seen_version=case.row_version + 1, by=reviewer)


@pytest.mark.parametrize("version", [0, -1, 10_000])
def test_a_version_that_the_case_never_had_saves_nothing(physician: User, version: int) -> None:
    case = factories.filled(physician)
    with pytest.raises(StaleError):
        intake.save_page(case_id=case.pk, page="overledene", raw={"sex": "female"}, seen_version=version, by=physician)
    assert SEX(Case.objects.get(pk=case.pk)) == "male"


def test_the_history_of_each_row_tells_the_version_of_its_case(physician: User) -> None:
    case = factories.filled(physician)
    for row in (case.decedent_section, case.suspectedsubstance_rows.get()):
        versions = list(row.history.order_by("history_id").values_list("case_version", flat=True))
        assert versions == sorted(versions)
        assert versions[-1] == row.case_version
        assert all(1 <= version <= case.row_version for version in versions)


def test_the_register_refuses_what_the_state_no_longer_allows(physician: User, reviewer: User) -> None:
    case = factories.ready_to_close(physician, reviewer)
    seen = case.row_version
    moves.close(case_id=case.pk, seen_version=seen, by=reviewer)
    with pytest.raises(RefusedError):
        review.conclude(case_id=case.pk, intent_final="suicide", seen_version=seen, by=reviewer)

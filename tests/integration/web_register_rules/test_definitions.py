"""Another version of the definitions: compared with the closed cases, adopted with a reason, and only then followed."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from register.access import comparisons_for
from register.casework import moves, review, rule_versions
from register.casework.errors import RefusedError
from register.models import Case, DefinitionResult, OutboxMessage, RuleAdoption, RuleComparison, User
from register.reporting.plans import Plan
from register.reporting.releases import draft as draft_release
from register.tasks import apply_rules, compare_rules
from register.workflow.release_transitions import ReleaseState
from tests import factories
from tests.factories import version
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = pytest.mark.django_db
WHY = "Het protocol vraagt om de strenge lezing"
PAGE = "/regels/definities/2/"
FEW_QUERIES = 24


def _closed_as(physician: User, staff: User, ucod: str) -> Case:
    """A closed case with cocaine as its cause (T40.5), coded by hand."""
    case = factories.ready_to_close(physician, staff)
    case = review.code(
        case_id=case.pk,
        ucod=ucod,
        t_codes=["T40.5"],
        override_reason="Code van het CBS",
        seen_version=case.row_version,
        by=staff,
    )
    return moves.close(case_id=case.pk, seen_version=case.row_version, by=staff)


@pytest.fixture
def odd(physician: User, staff: User) -> Case:
    """Counts in Selection B by the pooled wording and not by the strict one: X41 beside T40.5."""
    return _closed_as(physician, staff, "X41")


@pytest.fixture
def paired(physician: User, staff: User) -> Case:
    return _closed_as(physician, staff, "X42")


def _work(parts: int | None = None) -> int:
    """The worker does what waits, as often as it asks for more; how often."""
    tasks, done = {"register.compare_rules": compare_rules, "register.apply_rules": apply_rules}, 0
    waiting = OutboxMessage.objects.filter(task__in=tasks, done_at=None).order_by("created_at")
    while (message := waiting.first()) and done != parts:
        tasks[message.task](str(message.pk))
        done += 1
    return done


def _outcome(case: Case) -> tuple[str, str]:
    row = DefinitionResult.objects.get(case=case, definition="sel_b")
    return row.outcome, row.rule_version


def test_a_version_is_compared_shown_adopted_and_then_followed_by_closed_cases(
    desk: Client, staff: User, physician: User, odd: Case, paired: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_versions, "PART", 1)
    assert "Vergelijken met de gesloten zaken" in desk.get(PAGE).content.decode()
    assert desk.post(f"{PAGE}vergelijken/").status_code == 302
    assert "worden vergeleken" in desk.get(PAGE).content.decode()
    assert _work(parts=1) == 1
    assert "Tot nu toe 1 van 2 gesloten zaken" in desk.get(PAGE).content.decode()
    assert _work() == 2
    assert {_outcome(odd), _outcome(paired)} == {("yes", "1")}
    with CaptureQueriesContext(connection) as asked:
        page = desk.get(PAGE).content.decode()
    assert len(asked) <= FEW_QUERIES, [query["sql"][:90] for query in asked]
    assert "1 gesloten zaak zou anders uitkomen dan met versie 1" in page and "Vergeleken: 2." in page
    assert odd.case_number in page and paired.case_number not in page
    assert "X41 met T40.5: geen code van de lijst T43.6." in page
    seen = [look for look in looks(actor=str(staff.pk)) if look.filters.get("list") == "rules"]
    assert seen[-1].objects == [odd.pk]
    assert "Geef de reden" in desk.post(f"{PAGE}vaststellen/", {"reason": "kort"}).content.decode()
    assert desk.post(f"{PAGE}vaststellen/", {"reason": WHY}).status_code == 302
    assert _outcome(odd) == ("yes", "1")
    _work()
    assert (_outcome(odd), _outcome(paired)) == (("no", "2"), ("yes", "2"))
    stored = Case.objects.get(pk=odd.pk)
    assert (stored.status, stored.locked_on, stored.causeofdeath_section.icd10_ucod) == ("closed", odd.locked_on, "X41")
    assert stored.statuschange_rows.order_by("at").last().name == "close"
    changed = [look for look in looks(actor=rule_versions.ACTOR) if look.code == "case.update"]
    assert {key for look in changed for key in look.objects} == {odd.pk, paired.pk}
    adopted = RuleAdoption.objects.get()
    assert (adopted.version, adopted.closed, adopted.changing, adopted.by) == ("2", 2, 1, staff)
    listed = desk.get(reverse("register_rules:versions")).content.decode()
    assert WHY in listed and "bij 1 gesloten zaak veranderde de uitkomst" in listed
    later = _closed_as(physician, staff, "X41")
    assert _outcome(later) == ("no", "2")
    plan = Plan(
        title="Cijfers",
        definition="sel_b",
        year_from=2020,
        year_to=2021,
        cut_off=timezone.now(),
        target=ReleaseState.PUBLISHED_PROVISIONAL,
        threshold=5,
    )
    assert draft_release(plan=plan, by=staff, now=timezone.now()).rule_version == "2"


def test_nothing_is_adopted_on_what_was_not_compared_or_changed_since(
    desk: Client, staff: User, physician: User, odd: Case
) -> None:
    assert desk.post(f"{PAGE}vaststellen/", {"reason": WHY}).status_code == 404
    desk.post(f"{PAGE}vergelijken/")
    assert desk.post(f"{PAGE}vaststellen/", {"reason": WHY}).status_code == 404
    _work()
    _closed_as(physician, staff, "X42")
    refused = desk.post(f"{PAGE}vaststellen/", {"reason": WHY})
    assert (refused.status_code, "Vergelijk opnieuw" in refused.content.decode()) == (422, True)
    assert "al vastgesteld" in desk.post("/regels/definities/1/vergelijken/").content.decode()
    assert not RuleAdoption.objects.exists()
    assert desk.get("/regels/definities/9/").status_code == 404
    comparison = RuleComparison.objects.get()
    rule_versions.compare(comparison_id=comparison.pk)
    assert comparison.compared_at == RuleComparison.objects.get().compared_at


def test_only_the_register_compares_and_no_adoption_is_unsaid(
    client: Client, admin: User, staff: User, physician: User, odd: Case
) -> None:
    with pytest.raises(RefusedError):
        rule_versions.ask_comparison(version="2", by=admin, now=timezone.now())
    made = rule_versions.ask_comparison(version="2", by=staff, now=timezone.now())
    assert list(comparisons_for(staff)) == [made]
    assert not comparisons_for(admin).exists() and not comparisons_for(physician).exists()
    _work()
    rule_versions.adopt(comparison_id=made.pk, reason=WHY, by=staff, now=timezone.now())
    for statement in ("UPDATE register_ruleadoption SET reason = 'x'", "DELETE FROM register_ruleadoption"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    sign_in(client, admin)
    assert client.get(PAGE).status_code == 403
    assert version(odd) == odd.row_version

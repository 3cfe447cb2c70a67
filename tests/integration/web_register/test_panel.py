"""The panel: votes unseen by each other on a case without a person, and what its reviewer makes of them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from register.access import panel_cases_for
from register.casework import moves, panel, review
from register.models import Case, PanelVote, StatusChange, User
from register.quality import panel_view
from register.quality.panel_view import Way
from register.web.register_desk.worklists import BY_SLUG, cases_in
from register.workflow.roles import Role
from tests import factories
from tests.factories import person, version
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = pytest.mark.django_db
# A word for each hidden answer that a page asks as text, and answers that would point at somebody.
HIDDEN_TEXTS = {
    "overlijden": {"external_reference": "kanariekenmerk"},
    "omstandigheden": {"narrative": "kanarieverhaal", "agonist_daily_dose": "kanariedosis"},
    "conclusie": {f"cause_{name}": f"kanarie-{name}" for name in ("line_a", "line_b", "line_c", "line_d", "other")},
    "overledene": {"birth_year": "1991", "housing": "shelter"},
}


@pytest.fixture
def case(physician: User, reviewer: User) -> Case:
    """A case in the panel that holds a word in every hidden text."""
    case = factories.submitted(physician, HIDDEN_TEXTS)
    case = moves.take(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    case = factories.made_ready(case, physician, reviewer)
    case = review.conclude(case_id=case.pk, seen_version=case.row_version, by=reviewer, case_certainty="possible")
    return panel.to_panel(case_id=case.pk, seen_version=case.row_version, by=reviewer)


@pytest.fixture
def member(db: None) -> User:
    return person(Role.PANEL_MEMBER)


def _page(client: Client, case: Case, status: int = 200) -> str:
    answer = client.get(reverse("panel_desk:case", args=[case.pk]))
    assert answer.status_code == status
    return answer.content.decode()


def _vote(client: Client, case: Case, status: int = 302, **typed: str) -> str:
    sent = {"inclusion": "probable", "rationale": "De uitslag past bij de omstandigheden.", **typed}
    url = reverse("panel_desk:case", args=[case.pk])
    answer = client.post(url, {"version": str(version(case)), **sent})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def _step(desk: Client, case: Case, name: str, status: int = 302, **typed: str) -> str:
    url = reverse("register_desk:step", args=[case.pk, name])
    answer = desk.post(url, {"version": str(version(case)), **typed})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_a_member_sees_the_case_without_a_person_a_place_or_a_day(case: Case, member: User, client: Client) -> None:
    sign_in(client, member)
    page = _page(client, case)
    words = [text for texts in HIDDEN_TEXTS.values() for text in texts.values() if text.startswith("kanarie")]
    died = Case.objects.get(pk=case.pk).death_section.date_of_death_from
    hidden = (*words, case.region.name, "Amsterdam", "1991", "Opvang", f"{died:%d-%m-%Y}", case.reporter.username)
    assert [word for word in hidden if word in page] == []
    assert [word for word in ("30–39", "cocaïne", "0,4") if word not in page.lower()] == []
    assert " · confirmed" not in page and " · bevestigd" in page and "Niet van toepassing" not in page
    labels = [
        line.spec.label_nl for line in panel_view.table().values() if line.way is Way.HIDDEN and line.spec.on_case
    ]
    shown = {line.spec.label_nl for line in panel_view.table().values() if line.way is not Way.HIDDEN}
    assert [label for label in labels if f"<dt>{label}</dt>" in page and label not in shown] == []
    (look,) = looks(code="case.read", actor=str(member.pk))
    assert look.objects == [case.pk]


def test_members_vote_unseen_change_their_vote_and_the_reviewer_sees_what_it_comes_to(
    case: Case, reviewer: User, desk: Client, member: User
) -> None:
    members = [sign_in(Client(), member), sign_in(Client(), person(Role.PANEL_MEMBER))]
    review_page = reverse("register_desk:review", args=[case.pk])
    assert "0 van ten minste 2 stemmen" in desk.get(review_page).content.decode()
    _vote(members[0], case, rationale="Eerste gedachte van de eerste.", inclusion="excluded")
    assert "Eerste gedachte" not in _page(members[1], case)
    assert "Eerste gedachte" not in desk.get(review_page).content.decode()
    assert "U hebt gestemd" in members[0].get(reverse("panel_desk:home")).content.decode()
    assert list(cases_in(BY_SLUG["panel-heeft-gestemd"], reviewer)) == []
    refused = _step(desk, case, "panel_done", 422)
    assert "stemmen van anderen" in refused
    _vote(members[1], case)
    assert list(cases_in(BY_SLUG["panel-heeft-gestemd"], reviewer)) == [case]
    page = desk.get(review_page).content.decode()
    assert "De stemmen verschillen" in page and "Eerste gedachte" in page
    _vote(members[0], case, rationale="Bij nader inzien past het.")
    page = desk.get(review_page).content.decode()
    assert "De stemmen zijn het eens" in page and "geen bevestiging) 2×" in page
    assert "Eerste gedachte" not in page
    assert PanelVote.objects.get(case=case, by=member).history.count() == 2


def test_a_verdict_that_the_votes_do_not_point_to_needs_a_reason_and_leads_to_the_coding(
    case: Case, reviewer: User, desk: Client
) -> None:
    for _ in range(2):
        _vote(sign_in(Client(), person(Role.PANEL_MEMBER)), case)
    page = _step(desk, case, "panel_done", 422, inclusion="confirmed")
    assert "De stemmen wijzen dit oordeel niet aan" in page
    _step(desk, case, "panel_done", inclusion="suspected", reason="De uitslag is niet bevestigd.")
    ended = Case.objects.select_related("assessment_section").get(pk=case.pk)
    assert (ended.status, ended.assessment_section.inclusion) == ("in_review", "suspected")
    move = StatusChange.objects.get(case=case, name="panel_done")
    assert (move.by, move.reason) == (reviewer, "De uitslag is niet bevestigd.")
    assert ended.definitionresult_rows.get(definition="sel_d").outcome == "no"
    page = desk.get(reverse("register_desk:review", args=[case.pk])).content.decode()
    assert "De uitslag past bij de omstandigheden." in page
    told = desk.get(reverse("physician:history", args=[case.pk])).content.decode()
    assert "Een lid van het panel heeft gestemd." in told and "De uitslag is niet bevestigd." in told


def test_only_who_may_vote_comes_to_a_case_and_only_while_it_is_in_the_panel(
    case: Case, physician: User, reviewer: User, member: User, client: Client
) -> None:
    other = factories.in_review(physician, reviewer)
    sign_in(client, member)
    _page(client, other, 404)
    assert client.get(reverse("physician:case", args=[case.pk])).status_code == 404
    assert client.get(reverse("register_desk:review", args=[case.pk])).status_code == 404
    for who in (physician, reviewer, person(Role.ADMIN)):
        _page(sign_in(Client(), who), case, 403)
    assert list(panel_cases_for(member)) == [case]
    User.objects.filter(pk=physician.pk).update(role=Role.PANEL_MEMBER.value, region=None)
    assert list(panel_cases_for(User.objects.get(pk=physician.pk))) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"inclusion": ""}, "Kies een oordeel over de inclusie"),
        ({"inclusion": "misschien"}, ""),
        ({"rationale": " "}, "Onderbouw uw stem"),
        ({"rationale": "Bel 06-12345678 voor meer."}, "telefoonnummer"),
        ({"rationale": "x" * 2001}, ""),
        ({"role": "geen"}, ""),
    ],
    ids=["no verdict", "unknown verdict", "no grounds", "a person", "too long", "unknown role"],
)
def test_a_vote_that_cannot_be_comes_back_as_it_was_typed(
    case: Case, member: User, client: Client, typed: dict[str, Any], words: str
) -> None:
    sign_in(client, member)
    page = _vote(client, case, 422, **typed)
    assert words in page and 'class="errors' in page
    assert not PanelVote.objects.filter(case=case).exists()

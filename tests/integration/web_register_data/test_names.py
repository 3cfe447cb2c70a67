"""Names that the catalogue does not know: listed without a person, linked in all open cases at once, and undone."""

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import moves, substances, unknown_names
from register.models import Case, NameLink, User
from tests.factories import handed_in, physician, reviewer, version
from tests.signing_in import sign_in
from tests.trail import looks

NAMES = "register_data:names"


@pytest.fixture
def staff(db: None) -> User:
    return reviewer()


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    sign_in(client, staff)
    return client


@pytest.fixture
def cases(staff: User) -> tuple[Case, Case, Case]:
    """Two open cases with the same name spelt in two ways, and one that was withdrawn before anybody linked it."""
    by = physician()
    first, second, third = (handed_in(by, (words, None)) for words in ("Kethamine", "kethamine", "kethamine"))
    moves.withdraw(case_id=third.pk, reason="Dubbel ingevoerd door de arts", seen_version=third.row_version, by=staff)
    return first, second, third


def _key(staff: User) -> str:
    (name,) = unknown_names.waiting(by=staff)
    return name.key


def _substances(case: Case) -> set[str | None]:
    rows = [*case.suspectedsubstance_rows.all(), *case.substancefinding_rows.all()]
    return {row.substance_id for row in rows}


def test_a_name_is_linked_in_every_open_case_and_the_words_stay(
    desk: Client, staff: User, cases: tuple[Case, Case, Case]
) -> None:
    listed = desk.get(reverse(NAMES)).content.decode()
    assert "ethamine" in listed
    assert ">ketamine<" in listed
    address = reverse("register_data:name", args=[_key(staff)])
    assert "ethamine" not in address
    page = desk.get(address).content.decode()
    assert "Koppelen in 2 zaken" in page
    assert desk.post(address, {"substance": "ketamine"}).status_code == 302
    assert [_substances(case) for case in cases] == [{"ketamine"}, {"ketamine"}, {None}]
    assert cases[0].suspectedsubstance_rows.get().reported_as == "Kethamine"
    assert unknown_names.waiting(by=staff) == []
    changed = [look for look in looks(actor=str(staff.pk)) if look.code == "case.update"]
    assert {key for look in changed for key in look.objects} >= {cases[0].pk, cases[1].pk}


def test_a_link_is_undone_where_it_still_stands(desk: Client, staff: User, cases: tuple[Case, Case, Case]) -> None:
    desk.post(reverse("register_data:name", args=[_key(staff)]), {"other": "ketamine"})
    made = NameLink.objects.get()
    first, second, _ = cases
    finding = first.substancefinding_rows.get()
    substances.map_row(
        case_id=first.pk, kind="finding", row_id=finding.pk, substance="ghb", seen_version=version(first), by=staff
    )
    undo = reverse("register_data:undo_link", args=[made.pk])
    assert desk.post(undo).status_code == 302
    assert _substances(first) == {None, "ghb"}
    assert _substances(second) == {None}
    assert desk.post(undo).status_code == 404
    assert "ongedaan gemaakt" in desk.get(reverse(NAMES)).content.decode()


def test_no_choice_and_no_such_name_are_a_sentence_and_no_fault(
    desk: Client, staff: User, cases: tuple[Case, Case, Case]
) -> None:
    address = reverse("register_data:name", args=[_key(staff)])
    for typed in ({}, {"substance": "nietbestaand"}):
        response = desk.post(address, typed)
        assert response.status_code == 422
        assert "staat niet in de catalogus" in response.content.decode()
    assert desk.get(reverse("register_data:name", args=["bestaatniet"])).status_code == 404
    assert not NameLink.objects.exists()


def test_a_closed_case_is_shown_and_stays_as_it_is(desk: Client, staff: User) -> None:
    case = handed_in(physician(), ("kethamine", None))
    taken = moves.take(case_id=case.pk, seen_version=case.row_version, by=staff)
    moves.exclude(case_id=taken.pk, reason="not_drug", seen_version=taken.row_version, by=staff)
    address = reverse("register_data:name", args=[_key(staff)])
    assert "blijft zoals zij is" in desk.get(address).content.decode()
    desk.post(address, {"substance": "ketamine"})
    assert _substances(case) == {None}


def test_a_physician_does_not_come_here(client: Client, cases: tuple[Case, Case, Case], staff: User) -> None:
    key = _key(staff)
    sign_in(client, physician())
    assert client.get(reverse(NAMES)).status_code == 403
    assert client.post(reverse("register_data:name", args=[key]), {"substance": "ketamine"}).status_code == 403
    assert not NameLink.objects.exists()

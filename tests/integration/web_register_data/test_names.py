"""Names that the catalogue does not know: listed without a person, linked in all open cases at once, and undone."""

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import moves, substances, unknown_names
from register.models import Case, NameLink, SubstanceRequest, User
from register.workflow.roles import Role
from tests.factories import handed_in, person, physician, reviewer, version
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


def test_what_was_reported_beside_a_name_stands_with_its_case(desk: Client, staff: User) -> None:
    by = physician()
    handed_in(by, ("bruine", None), suspected_too=("methadone", "heroin"))
    handed_in(by, ("bruine", None))
    page = desk.get(reverse("register_data:name", args=[_key(staff)])).content.decode()
    assert page.count("daarnaast: ") == 1
    assert "daarnaast: heroïne, methadon" in page


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


def test_a_name_that_is_no_substance_is_struck_out_everywhere_and_can_stand_again(
    desk: Client, staff: User, cases: tuple[Case, Case, Case]
) -> None:
    address = reverse("register_data:name", args=[_key(staff)])
    assert "Geen middel, in 2 zaken" in desk.get(address).content.decode()
    assert desk.post(address, {"do": "none"}).status_code == 302
    struck = [
        row for case in cases[:2] for row in (*case.suspectedsubstance_rows.all(), *case.substancefinding_rows.all())
    ]
    assert {(row.removed_reason, row.reported_as.lower()) for row in struck} == {("Geen middel", "kethamine")}
    assert unknown_names.waiting(by=staff) == []
    made = NameLink.objects.get()
    assert "is geen middel, in 2 zaken" in desk.get(reverse(NAMES)).content.decode()
    assert desk.post(reverse("register_data:undo_link", args=[made.pk])).status_code == 302
    (name,) = unknown_names.waiting(by=staff)
    assert {case.pk for case in name.cases} == {cases[0].pk, cases[1].pk}


def test_a_steward_is_asked_for_a_new_substance_sees_no_case_and_the_desk_hears_the_answer(
    desk: Client, staff: User, cases: tuple[Case, Case, Case]
) -> None:
    steward = person(Role.CATALOGUE_STEWARD)
    office, key = sign_in(Client(), steward), _key(staff)
    address, catalogue = reverse("register_data:name", args=[key]), reverse("register_data:catalogue")
    assert "al een naam van ketamine" in desk.post(address, {"do": "new", "name": "ketamine"}).content.decode()
    asked = {"do": "new", "name": "Kethamine-N", "note": "Roze poeder, in twee steden"}
    assert desk.post(address, asked).status_code == 302
    assert "Om dit middel is al gevraagd" in desk.post(address, asked).content.decode()
    assert "gevraagd aan de stoffenbeheerder" in desk.get(reverse(NAMES)).content.decode()
    request = SubstanceRequest.objects.get()
    page = office.get(catalogue).content.decode()
    assert "Kethamine-N" in page and "Roze poeder" in page and cases[0].case_number not in page
    assert "Kethamine-N" not in desk.get(catalogue).content.decode()
    no = reverse("register_data:decline_request", args=[request.pk])
    assert "Geef de reden" in office.post(no, {"reason": "nee"}).content.decode()
    assert desk.post(no, {"reason": "Dit is gewoon ketamine"}).status_code == 403
    assert office.post(no, {"reason": "Dit is gewoon ketamine"}).status_code == 302
    assert "Dit is gewoon ketamine" in desk.get(reverse(NAMES)).content.decode()
    assert desk.post(address, asked).status_code == 302
    second = SubstanceRequest.objects.get(state="open")
    assert desk.post(reverse("register_data:withdraw_request", args=[second.pk])).status_code == 302
    assert desk.post(reverse("register_data:withdraw_request", args=[second.pk])).status_code == 403
    assert desk.post(address, asked).status_code == 302
    third = SubstanceRequest.objects.get(state="open")
    new = reverse("register_data:new_substance")
    assert 'value="Kethamine-N"' in office.get(new, {"vraag": str(third.pk)}).content.decode()
    typed = {"code": "kethamine-n", "name_nl": "Kethamine-N", "group": "dissociative", "reason": "Nieuw in twee steden"}
    assert office.post(new, {**typed, "vraag": str(third.pk)}).status_code == 302
    third.refresh_from_db()
    assert (third.state, third.substance_id, third.settled_by) == ("added", "kethamine-n", steward)
    assert desk.post(address, {"other": "kethamine-n"}).status_code == 302
    assert _substances(cases[0]) == {"kethamine-n"}

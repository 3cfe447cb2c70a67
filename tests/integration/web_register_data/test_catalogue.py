"""The catalogue of substances: looked through by many, changed by its stewards with a reason, and used at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from register.casework import reference, suggestions
from register.casework.catalogue import stewarding
from register.casework.errors import InvalidError, RefusedError
from register.casework.vocabularies import load_vocabularies
from register.models import Case, Substance, SubstanceChange, SubstanceSynonym, User
from register.workflow.roles import Role
from tests import factories
from tests.signing_in import sign_in
from tests.trail import changes

pytestmark = pytest.mark.django_db
LIST = "/middelencatalogus/"
WHY = "Zo genoemd door gebruikers in Utrecht"


@pytest.fixture
def steward(db: None) -> User:
    return factories.person(Role.CATALOGUE_STEWARD)


@pytest.fixture
def desk(client: Client, steward: User) -> Client:
    sign_in(client, steward)
    return client


def _sent(code: str, **typed: str) -> dict[str, str]:
    return {"reason": WHY, "version": str(Substance.objects.get(pk=code).row_version), **typed}


def _do(desk: Client, code: str, act: str, **typed: str) -> Any:
    return desk.post(reverse("register_data:steward", args=[code, act]), _sent(code, **typed))


def _found(term: str) -> set[str]:
    return {one.match.code for one in suggestions.search(term) if one.match.score == 100}


def _boxes(day: Any) -> dict[str, str]:
    return {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}


def test_a_name_is_used_at_once_and_no_more_after_it_ended(desk: Client, steward: User) -> None:
    assert _found("flatsie") == set()
    assert _do(desk, "mdma", "naam", text="flatsie", kind="street", language="nl").status_code == 302
    assert _found("flatsie") == {"mdma"}
    assert "mdma" in str(suggestions.read("Had flatsie gebruikt."))
    name = SubstanceSynonym.objects.get(text="flatsie")
    ends = {"name": str(name.pk), **_boxes(timezone.localdate())}
    assert _do(desk, "mdma", "naam-beeindigen", **ends).status_code == 302
    assert _found("flatsie") == set()
    page = desk.get(reverse("register_data:substance", args=["mdma"])).content.decode()
    for words in ("Naam ‘flatsie’ toegevoegd (straatnaam).", "is geen naam meer vanaf", WHY, steward.display_name):
        assert words in page
    assert _do(desk, "mdma", "naam", text="flatsie", kind="street", language="nl").status_code == 302
    assert SubstanceSynonym.objects.get(text="flatsie").valid_to is None
    told = [change for change in changes(actor=str(steward.pk)) if "synonym" in change.tbl]
    assert len(told) == 3


def test_a_name_ends_from_the_day_that_was_chosen(desk: Client) -> None:
    _do(desk, "mdma", "naam", text="flatsie", kind="street", language="nl")
    name, later = SubstanceSynonym.objects.get(text="flatsie"), timezone.localdate() + timedelta(days=9)
    _do(desk, "mdma", "naam-beeindigen", name=str(name.pk), **_boxes(later))
    assert _found("flatsie") == {"mdma"}
    assert "flatsie" not in {name.text for name in reference._substances(later)["mdma"].synonyms}


def test_what_a_steward_writes_wrong_comes_back_with_a_sentence(desk: Client) -> None:
    for act, typed, said in (
        ("naam", {"text": "speed", "kind": "street", "language": "nl"}, "is al een naam van amfetamine"),
        ("naam", {"text": "MDMA", "kind": "street", "language": "nl"}, "al een naam van dit middel"),
        ("naam", {"text": "flatsie", "kind": "x", "language": "nl"}, "Kies de soort naam"),
        ("naam", {"text": "flatsie", "kind": "street", "language": "nl", "reason": "kort"}, "Geef de reden"),
        ("naam-beeindigen", {"name": "0"}, "Kies een naam"),
        ("wijzigen", {"group": "nee", "early_warning": "no", "atc": "zes"}, "ziet eruit als"),
        ("uit-gebruik", {"version": "0"}, "intussen gewijzigd"),
    ):
        response = _do(desk, "mdma", act, **typed)
        assert response.status_code == 422, act
        assert said in response.content.decode(), act
    assert not SubstanceChange.objects.exists()
    assert desk.post(reverse("register_data:steward", args=["mdma", "anders"])).status_code == 404


def test_groups_change_and_a_retired_substance_is_not_offered_while_closed_cases_stay(desk: Client) -> None:
    by, staff = factories.physician(), factories.reviewer()
    case = factories.closed(by, staff)
    described = {"group": "stim-other", "early_warning": "yes", "metabolites": "benzoylecgonine\necgonine"}
    assert _do(desk, "cocaine", "wijzigen", **described).status_code == 302
    assert reference.current().catalogue.substances["cocaine"].group == described["group"]
    assert _do(desk, "cocaine", "uit-gebruik").status_code == 302
    assert "cocaine" not in _found("coke")
    assert Substance.objects.get(pk="cocaine").valid_to == timezone.localdate()
    stored = Case.objects.get(pk=case.pk)
    assert (stored.row_version, stored.status) == (case.row_version, "closed")
    assert stored.substancefinding_rows.get().substance_id == "cocaine"
    page = desk.get(reverse("register_data:substance", args=["cocaine"])).content.decode()
    assert "ecgonine" in page and "Uit gebruik genomen." in page
    assert _do(desk, "cocaine", "in-gebruik").status_code == 302
    assert _found("coke") >= {"cocaine"}


def test_a_new_substance_begins_provisionally_under_a_code_of_its_own(desk: Client) -> None:
    new = reverse("register_data:new_substance")
    typed = {"code": "nepzeen", "name_nl": "nepzeen", "group": "opioid-nitazene", "reason": WHY}
    for wrong, said in (
        ({"code": "Nep Zeen"}, "kleine letters"),
        ({"code": "mdma"}, "bestaat al"),
        ({"name_nl": "ketamine"}, "is al een naam van ketamine"),
        ({"name_nl": "  "}, "Schrijf de naam"),
        ({"group": ""}, "Kies een groep"),
    ):
        response = desk.post(new, {**typed, **wrong})
        assert response.status_code == 422
        assert said in response.content.decode()
    assert desk.post(new, typed).status_code == 302
    made = Substance.objects.get(pk="nepzeen")
    assert (made.status, made.early_warning, made.name_en) == ("provisional", True, "nepzeen")
    assert _found("nepzeen") == {"nepzeen"}
    assert _do(desk, "nepzeen", "bevestigen").status_code == 302
    assert Substance.objects.get(pk="nepzeen").status == "active"


def test_the_shipped_vocabularies_undo_and_double_nothing_that_a_steward_decided(desk: Client) -> None:
    shipped = SubstanceSynonym.objects.filter(substance_id="ketamine").order_by("pk").first()
    assert shipped is not None
    Substance.objects.filter(pk="ketamine").update(cas="0-0-0", name_en="wrong")
    _do(desk, "ketamine", "naam-beeindigen", name=str(shipped.pk), **_boxes(timezone.localdate()))
    _do(desk, "ketamine", "wijzigen", group="adulterant", early_warning="yes", metabolites="norketamine")
    _do(desk, "ketamine", "uit-gebruik")
    names = SubstanceSynonym.objects.count()
    load_vocabularies()
    row = Substance.objects.get(pk="ketamine")
    assert (row.group_id, row.metabolites, row.status) == ("adulterant", ["norketamine"], "retired")
    assert (row.name_en, row.cas) == ("ketamine", "6740-88-1")
    assert SubstanceSynonym.objects.count() == names
    shipped.refresh_from_db()
    assert shipped.valid_to == timezone.localdate()


def test_many_look_and_only_a_steward_changes(client: Client, steward: User) -> None:
    now = timezone.now()
    with pytest.raises(RefusedError):
        stewarding.move(
            code="mdma", act=stewarding.Act.RETIRED, reason=WHY, seen_version=1, by=factories.reviewer(), now=now
        )
    with pytest.raises(InvalidError):
        stewarding.add(code="", raw={}, reason="", by=steward, now=now)
    sign_in(client, factories.reviewer())
    with CaptureQueriesContext(connection) as asked:
        listed = client.get(LIST).content.decode()
    assert len(asked) <= 25
    assert "Nieuw middel" not in listed and 'name="blad"' in listed
    for words, code in (("3mmc", "3-mmc"), ("molly", "mdma"), ("N01AX03", "ketamine"), ("6740-88-1", "ketamine")):
        assert f"{LIST}{code}/" in client.post(LIST, {"words": words}).content.decode(), words
    assert "Geen middel past" in client.post(LIST, {"words": "zzzzqqqq", "group": "\x00"}).content.decode()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"{LIST}heroin/").content.decode()
    assert len(asked) <= 25
    assert "smack" in page and "Een naam toevoegen" not in page
    assert client.get(f"{LIST}bestaat-niet/").status_code == 404
    assert client.post(f"{LIST}heroin/naam/", {"text": "x"}).status_code == 403


def test_what_was_changed_is_never_changed_itself(desk: Client) -> None:
    _do(desk, "mdma", "naam", text="flatsie", kind="street", language="nl")
    for statement in ("UPDATE register_substancechange SET reason = 'x'", "DELETE FROM register_substancechange"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

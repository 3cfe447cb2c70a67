"""A code works once, a seed is never readable where it lies, and nobody is left without a factor."""

import re
import threading
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, connections
from django.test import Client

from register.access import factors, seeds, sessions
from register.models import User
from tests.integration.web_account.conftest import (
    PASSWORD,
    WithApp,
    equip,
    events,
    give_password,
    new_password,
    newcomer,
)
from tests.one_time_codes import code_of
from tests.signing_in import sign_in

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


def _offered_seed(client: Client) -> str:
    page = client.get("/aanmelden/app/").content.decode()
    found = re.search(r'<strong class="mono">([A-Z2-7 ]+)</strong>', page)
    assert found
    return found[1].replace(" ", "")


def test_the_first_thing_a_new_person_does_is_setting_up_an_app(client: Client, person: User) -> None:
    give_password(client, person, next="/vragen/")
    before = client.session.session_key
    seed = _offered_seed(client)
    assert client.post("/aanmelden/app/", {"code": "12345"}).status_code == 422
    assert _offered_seed(client) == seed
    page = client.post("/aanmelden/app/", {"code": code_of(seed), "next": "/vragen/"}).content.decode()
    assert len(re.findall(r"[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}", page)) == 10
    assert 'href="/vragen/"' in page
    assert client.get("/vragen/").status_code == 200
    assert client.session.session_key != before
    assert len(events("auth.mfa_enrol")) == 1


def test_the_number_that_set_up_the_app_does_not_sign_in_as_well(client: Client, person: User) -> None:
    seed = factors.new_seed()
    code = code_of(seed)
    assert factors.add_app(person=person, seed=seed, code=code)
    assert factors.use_code(person=person, code=code) is None


@pytest.mark.parametrize("step", [-3, -2, 3])
def test_a_number_of_another_time_is_refused(equipped: WithApp, step: int) -> None:
    assert factors.use_code(person=equipped.person, code=code_of(equipped.seed, step=step)) is None


def test_a_number_signs_in_once(client: Client, equipped: WithApp) -> None:
    code = equipped.next_code
    give_password(client, equipped.person)
    assert client.post("/aanmelden/tweede-stap/", {"confirm_code": code}).status_code == 302
    again = Client()
    give_password(again, equipped.person)
    answer = again.post("/aanmelden/tweede-stap/", {"confirm_code": code})
    assert answer.status_code == 422
    assert "al gebruikt" in answer.content.decode()
    assert again.get("/zaken/").status_code == 302


def test_a_number_that_confirmed_a_step_that_failed_is_used_up_all_the_same(client: Client, equipped: WithApp) -> None:
    sign_in(client, equipped.person)
    _age_proof(client)
    code = equipped.next_code
    assert client.post("/zaken/nieuw", {"confirm_code": code, "version": "x"}).status_code < 500
    assert factors.use_code(person=equipped.person, code=code) is None


def _age_proof(client: Client) -> None:
    session = client.session
    for proven in session["account_authentication_methods"]:
        proven["at"] -= 3600
    session.save()


def _at_once(count: int, call: Callable[[], object]) -> list[object]:
    """What ``call`` gives in so many threads that start together, each with a connection of its own."""
    gate, given = threading.Barrier(count), []

    def run() -> None:
        gate.wait()
        try:
            given.append(call())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_with_one_number_at_once_one_gets_in(equipped: WithApp) -> None:
    code = equipped.next_code
    given = _at_once(2, lambda: factors.use_code(person=equipped.person, code=code))
    assert len([factor for factor in given if factor]) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_requests_with_one_recovery_code_at_once_one_gets_in(equipped: WithApp) -> None:
    code = equipped.recovery_codes[3]
    given = _at_once(8, lambda: factors.use_code(person=equipped.person, code=code))
    assert len([factor for factor in given if factor]) == 1
    assert factors.recovery_codes_left(equipped.person) == 9


def test_each_recovery_code_signs_in_once_and_then_none_is_left(equipped: WithApp) -> None:
    for left, code in enumerate(reversed(equipped.recovery_codes)):
        assert factors.use_code(person=equipped.person, code=code.upper().replace("-", " "))
        assert factors.use_code(person=equipped.person, code=code) is None
        assert factors.recovery_codes_left(equipped.person) == 9 - left
    assert factors.use_code(person=equipped.person, code=equipped.recovery_codes[0]) is None


def test_new_recovery_codes_make_the_old_ones_worthless(equipped: WithApp) -> None:
    factors.new_recovery_codes(person=equipped.person)
    assert factors.use_code(person=equipped.person, code=equipped.recovery_codes[0]) is None


@pytest.mark.parametrize("code", ["", " ", "\x00", "１２３４５６", "9" * 500, "-----", "é" * 6, "\ud800"])
def test_what_is_no_code_is_refused(equipped: WithApp, code: str) -> None:
    assert factors.use_code(person=equipped.person, code=code) is None


def test_neither_seed_nor_recovery_code_is_readable_in_the_database(client: Client, equipped: WithApp) -> None:
    give_password(client, equipped.person)
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert equipped.seed not in rows
    assert not any(code in rows or code.replace("-", "") in rows for code in equipped.recovery_codes)


def test_a_seed_that_is_offered_is_sealed_in_the_session(client: Client, person: User) -> None:
    give_password(client, person)
    seed = _offered_seed(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM register_session")
        stored = [sessions.SessionStore().decode(data) for (data,) in cursor.fetchall()]
    assert seed not in str(stored)
    assert seed in {seeds.unseal(data["offered_seed"]) for data in stored if "offered_seed" in data}


def test_a_seed_sealed_with_the_older_key_works_and_is_sealed_with_the_new_one(person: User, settings: object) -> None:
    new, old = settings.FACTOR_KEYS  # type: ignore[attr-defined]
    settings.FACTOR_KEYS = (old,)  # type: ignore[attr-defined]
    equipped = equip(person)
    settings.FACTOR_KEYS = (new, old)  # type: ignore[attr-defined]
    assert factors.use_code(person=person, code=equipped.next_code)
    settings.FACTOR_KEYS = (new,)  # type: ignore[attr-defined]
    stored = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert stored.startswith("new$")
    assert seeds.unseal(stored) == equipped.seed


def test_without_its_key_a_seed_stays_shut(settings: object) -> None:
    sealed = seeds.seal("GEHEIM")
    assert "GEHEIM" not in sealed
    settings.FACTOR_KEYS = (("new", "x" * 40),)  # type: ignore[attr-defined]
    with pytest.raises(seeds.UnknownKeyError):
        seeds.unseal(sealed)
    settings.FACTOR_KEYS = (("other", "x" * 40),)  # type: ignore[attr-defined]
    with pytest.raises(seeds.UnknownKeyError):
        seeds.unseal(sealed)


def test_the_last_factor_stays(client: Client, equipped: WithApp) -> None:
    sign_in(client, equipped.person)
    own = factors.factors_of(equipped.person).get()
    client.post(f"/mijn-profiel/factor/{own.pk}/weg/")
    assert "laatste tweede stap" in client.get("/mijn-profiel/").content.decode()
    assert factors.factors_of(equipped.person).count() == 1


def test_nobody_removes_the_factor_of_somebody_else(client: Client, equipped: WithApp) -> None:
    stranger = newcomer("ander", "statistician")
    equip(stranger)
    sign_in(client, stranger)
    client.post(f"/mijn-profiel/factor/{factors.factors_of(equipped.person).get().pk}/weg/")
    assert factors.kinds_of(equipped.person) == {"totp"}


def test_a_reset_leads_to_setting_up_anew_and_the_old_numbers_are_worthless(client: Client, equipped: WithApp) -> None:
    factors.reset(person=equipped.person)
    give_password(client, equipped.person)
    assert client.get("/zaken/").headers["Location"].startswith("/aanmelden/app/")
    assert factors.use_code(person=equipped.person, code=equipped.recovery_codes[0]) is None


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '"x"', '{"id": 1}', "{" * 1000, '{"response": {}}', "\x00"])
def test_an_answer_that_no_passkey_gives_is_refused_with_a_sentence(
    client: Client, equipped: WithApp, answer: str
) -> None:
    give_password(client, equipped.person)
    page = client.post("/aanmelden/tweede-stap/", {"confirm_credential": answer, "confirm_code": ""})
    assert page.status_code == 422
    sign_in(client, equipped.person)
    client.get("/aanmelden/passkey/")
    page = client.post("/aanmelden/passkey/", {"name": "sleutel", "confirm_credential": answer})
    assert page.status_code == 422
    assert 'value="sleutel"' in page.content.decode()


def test_a_new_password_never_passes_the_factor(client: Client, equipped: WithApp) -> None:
    new_password(equipped.person, PASSWORD + " nieuw")
    give_password(client, equipped.person, PASSWORD + " nieuw")
    assert client.get("/zaken/").status_code == 302
    assert client.get("/aanmelden/tweede-stap/").status_code == 200

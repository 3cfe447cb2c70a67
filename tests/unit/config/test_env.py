"""The environment is read with types, and every refusal says how to mend it without repeating the value."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from config.env import NO, REMEDIES, YES, Environment
from config.settings.organisations import organisations

SECRET = "geheim-wachtwoord"


def test_a_missing_text_has_its_default_and_an_empty_one_counts_as_missing() -> None:
    env = Environment({"EMPTY": "  ", "HERE": " value "})
    assert [env.text(name, default="x") for name in ("ABSENT", "EMPTY", "HERE")] == ["x", "x", "value"]


@pytest.mark.parametrize("name", sorted(REMEDIES))
def test_a_known_variable_that_is_missing_says_what_to_set_it_to(name: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        Environment({name: " "}).required_text(name)
    assert str(refused.value) == f"{name} is not set: {REMEDIES[name]}."


@pytest.mark.parametrize("value", sorted(YES))
def test_yes_is_yes_in_any_case(value: str) -> None:
    assert Environment({"FLAG": value.upper()}).flag("FLAG", default=False) is True


@pytest.mark.parametrize("value", sorted(NO - {""}))
def test_no_is_no_in_any_case(value: str) -> None:
    assert Environment({"FLAG": value.title()}).flag("FLAG", default=True) is False


@pytest.mark.parametrize("default", [True, False])
def test_a_flag_that_is_not_set_has_its_default(default: bool) -> None:
    assert Environment({}).flag("FLAG", default=default) is default


def test_a_flag_that_is_neither_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^FLAG is neither yes nor no: set it to 1 or 0\.$"):
        Environment({"FLAG": "ja"}).flag("FLAG", default=False)


@given(st.integers(min_value=0, max_value=10**17))
def test_a_whole_number_is_read_as_it_was_written(number: int) -> None:
    assert Environment({"N": str(number)}).number("N", default=-1) == number


@given(st.text().filter(lambda text: text.strip() and not (text.strip().isascii() and text.strip().isdigit())))
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="is not a whole number"):
        Environment({"N": text}).number("N", default=1)


@pytest.mark.parametrize("value", ["0", "65536"])
def test_a_number_outside_its_range_is_refused_with_the_range(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="from 1 to 65535"):
        Environment({"PORT": value}).number("PORT", default=8000, minimum=1, maximum=65535)


@pytest.mark.parametrize("value", ["1", "65535"])
def test_the_ends_of_a_range_belong_to_it(value: str) -> None:
    assert Environment({"PORT": value}).number("PORT", default=8000, minimum=1, maximum=65535) == int(value)


def test_a_number_without_upper_end_is_refused_with_its_lower_end() -> None:
    with pytest.raises(ImproperlyConfigured, match="a number of 5 or more"):
        Environment({"N": "4"}).number("N", default=9, minimum=5)


@pytest.mark.parametrize("value", ["redis://h:6379/0", "redis+socket:///run/valkey.sock", "amqp://u:p@h:5672//"])
def test_an_address_is_given_back_unchanged(value: str) -> None:
    assert Environment({"CELERY_BROKER_URL": value}).url("CELERY_BROKER_URL") == value


def test_an_address_with_a_default_may_be_missing() -> None:
    assert Environment({}).url("CELERY_BROKER_URL", default="") == ""


@pytest.mark.parametrize("value", ["localhost", "redis://h:70000", "redis://h:port", "http://[::1"])
def test_what_is_no_address_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        Environment({"CELERY_BROKER_URL": value}).url("CELERY_BROKER_URL")
    assert str(refused.value).startswith("CELERY_BROKER_URL is not an address")
    assert value not in str(refused.value)


def test_a_database_address_becomes_an_entry_of_django() -> None:
    env = Environment({"D": "postgresql://register_app:p%40ss@db.example:5433/register?sslmode=verify-full"})
    assert env.database("D") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "register",
        "USER": "register_app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_options_of_the_settings_win_from_options_of_the_address() -> None:
    env = Environment({"D": "postgresql://u@h/register?options=-cx&sslmode=require"})
    assert env.database("D", options={"options": "-c search_path=pub"})["OPTIONS"] == {
        "options": "-c search_path=pub",
        "sslmode": "require",
    }


@pytest.mark.parametrize(
    "value", ["postgresql:///register?host=/run/postgresql", "postgresql://%2Frun%2Fpostgresql/register"]
)
def test_the_folder_of_a_unix_socket_may_be_the_host(value: str) -> None:
    assert Environment({"D": value}).database("D")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (f"mysql://u:{SECRET}@h/register", "is not the address of a PostgreSQL database"),
        (f"postgresql://u:{SECRET}@h", "does not name one database"),
        (f"postgresql://u:{SECRET}@h/", "does not name one database"),
        (f"postgresql://u:{SECRET}@h/a/b", "does not name one database"),
        (f"postgresql://u:{SECRET}@h:99999/a", "is not an address"),
        (SECRET, "is not an address"),
    ],
)
def test_a_broken_database_address_is_refused_and_keeps_its_password(value: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        Environment({"DATABASE_URL": value}).database("DATABASE_URL")
    assert sentence in str(refused.value)
    assert SECRET not in str(refused.value)


def test_named_secrets_stand_behind_each_other_the_current_one_first() -> None:
    new, old = "n" * 32, "o:" * 16
    env = Environment({"KEYS": f"2028a:{new}, 2027a:{old}"})
    assert env.required_keys("KEYS") == (("2028a", new), ("2027a", old))
    assert env.keys("ABSENT") == ()


@pytest.mark.parametrize("value", ["short:geheim", "n" * 40, f":{'n' * 40}", f"a b:{'n' * 40}", f"a:{'n' * 40},b:x"])
def test_a_list_that_is_no_named_secrets_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        Environment({"FACTOR_KEYS": value}).keys("FACTOR_KEYS")
    assert value not in str(refused.value)


def test_an_organisation_is_described_by_its_own_variables() -> None:
    variables = {
        "OIDC_PROVIDERS": "ggd-zuid",
        "OIDC_GGD_ZUID_ISSUER": "https://login.ggd.example/",
        "OIDC_GGD_ZUID_CLIENT_ID": "register",
        "OIDC_GGD_ZUID_CLIENT_SECRET": SECRET,
        "OIDC_GGD_ZUID_EMAIL_DOMAINS": "GGD.example",
    }
    [described] = organisations(Environment(variables))
    assert described["settings"]["server_url"] == "https://login.ggd.example"
    assert described["settings"]["email_domains"] == ["ggd.example"]
    assert described["settings"]["second_factor"] == []
    with pytest.raises(ImproperlyConfigured) as refused:
        organisations(Environment({**variables, "OIDC_GGD_ZUID_CLIENT_SECRET": ""}))
    assert "OIDC_GGD_ZUID_CLIENT_SECRET" in str(refused.value)

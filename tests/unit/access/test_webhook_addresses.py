"""Where a message may go: to the public internet over TLS, whatever the address says and wherever its name leads."""

import socket
from typing import Any

import pytest

from register.access.webhook_addresses import (
    BadAddressError,
    NoSuchNameError,
    PrivateAddressError,
    places_of,
    taken_apart,
)

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ndm.example.nl",
        "http://ndm.example.nl/",
        "ftp://ndm.example.nl/",
        "file:///etc/passwd",
        "gopher://ndm.example.nl/",
        "https:///haak",
        "https://ndm/",
        "https://ndm.example.nl:8443/",
        "https://ndm.example.nl:0/",
        "https://ndm.example.nl:99999/",
        "https://user:secret@ndm.example.nl/",
        "https://@ndm.example.nl/",
        "https://ndm.example.nl/#deel",
        "https://ndm.example.nl/ haak",
        "https://ndm.example.nl\\@10.0.0.1/",
        "https://ndm.example.nl/\r\nHost: x",
        "https://ndm.exámple.nl/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00::1]/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://-x.example.nl/",
        "https://ndm..nl/",
        f"https://ndm.example.nl/{'x' * 500}",
    ],
)
def test_an_address_that_is_no_name_on_the_internet_over_tls_is_refused(address: str) -> None:
    with pytest.raises(BadAddressError):
        taken_apart(address)


def test_an_address_keeps_its_path_and_query() -> None:
    target = taken_apart("https://ndm.example.nl/haak?van=register")
    assert (target.host, target.port, target.path) == ("ndm.example.nl", 443, "/haak?van=register")
    assert target.tls and not target.loopback


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/", "http://localhost/", "https://[::1]:4443/"])
def test_this_machine_itself_is_an_address_in_a_demonstration_only(address: str, settings: Any) -> None:
    assert taken_apart(address).loopback
    settings.WEBHOOKS_TO_LOOPBACK = False
    with pytest.raises(BadAddressError):
        taken_apart(address)


@pytest.mark.parametrize(
    "number",
    [
        *("10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1%eth0", "fd12::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1"),
        *("fec0::1", "2001:db8::1", "2001::1", "::10.0.0.1"),
    ],
)
@pytest.mark.parametrize("beside", [(), (PUBLIC,)], ids=["alone", "beside a public one"])
def test_a_name_that_leads_into_a_private_network_is_refused(
    number: str, beside: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    _name_leads_to(monkeypatch, *beside, number)
    with pytest.raises(PrivateAddressError):
        places_of(taken_apart("https://ndm.example.nl/"))


def test_a_name_that_leads_to_the_internet_gives_the_numbers_that_were_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _name_leads_to(monkeypatch, PUBLIC, "2606:4700::6810:85e5", PUBLIC)
    assert places_of(taken_apart("https://ndm.example.nl/")) == (PUBLIC, "2606:4700::6810:85e5")


def test_a_name_for_this_machine_that_leads_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _name_leads_to(monkeypatch, "10.0.0.1")
    with pytest.raises(PrivateAddressError):
        places_of(taken_apart("http://localhost:8000/"))


def test_a_name_that_leads_nowhere_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(NoSuchNameError):
        places_of(taken_apart("https://ndm.example.nl/"))


def _name_leads_to(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> None:
    """What the name servers say, which are outside the register."""
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in numbers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)

"""One POST to somebody else: whatever they do, it ends in time, follows nothing and says what came of it."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from register.reporting.announcing.posting import Answer, Outcome, post
from tests.integration.reporting.receiver import receiving

HEADERS = {"content-type": "application/json"}


def _posted(address: str, *, seconds: float = 5.0) -> Answer:
    return post(address, headers=HEADERS, body=b'{"a":1}', seconds=seconds)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (301, Outcome.REDIRECT),
        (307, Outcome.REDIRECT),
        (400, Outcome.REFUSED),
        (410, Outcome.GONE),
        (500, Outcome.REFUSED),
    ],
)
def test_the_status_of_the_answer_decides_and_no_redirect_is_followed(status: int, outcome: Outcome) -> None:
    with receiving(status) as receiver:
        assert _posted(receiver.address) == Answer(outcome, status)
    ((path, headers, body),) = receiver.got
    assert (path, body) == ("/haak?van=register", b'{"a":1}')
    assert headers["content-type"] == "application/json"
    assert headers["host"].startswith("127.0.0.1:")


@pytest.mark.parametrize("manner", ["hang", "drip"])
def test_a_receiver_that_never_ends_its_answer_is_cut_off(manner: str) -> None:
    with receiving(manner) as receiver:
        assert _posted(receiver.address, seconds=0.4) == Answer(Outcome.TIMEOUT)
    assert len(receiver.got) == 1


def test_what_is_no_http_is_told_apart_from_what_is_not_reached() -> None:
    with receiving("garbage") as receiver:
        assert _posted(receiver.address).outcome == Outcome.NOT_HTTP
        address = receiver.address
    assert _posted(address).outcome == Outcome.UNREACHABLE


def test_nothing_is_sent_to_an_address_that_may_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _posted("https://10.0.0.1/").outcome == Outcome.BAD_ADDRESS
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.1", 443))])
    assert _posted("https://ndm.example.nl/").outcome == Outcome.PRIVATE


def test_the_connection_goes_to_the_number_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name leads to this machine when it is looked at, and would lead elsewhere the next time."""
    asked = []
    ask = socket.getaddrinfo

    def only_once(host: Any, *options: Any, **more: Any) -> Any:
        asked.append(host)
        return ask("127.0.0.1", *options, **more)

    with receiving(200) as receiver:
        monkeypatch.setattr(socket, "getaddrinfo", only_once)
        address = receiver.address.replace("127.0.0.1", "localhost")
        assert _posted(address).outcome == Outcome.DELIVERED
    assert asked[0] == "localhost"
    assert set(asked[1:]) <= {"127.0.0.1"}


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[str]:
    """A server with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "impostor.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://localhost:{listener.getsockname()[1]}/"
    listener.close()
    thread.join(5)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(impostor: str) -> None:
    assert _posted(impostor) == Answer(Outcome.CERTIFICATE)

"""What no browser sends: broken requests on the wire are refused, and the register goes on."""

import gzip
import socket

import pytest

from tests.integration.running.register import Register, Visitor

HOST = b"Host: localhost\r\n"
REQUESTS = {
    "two lengths": b"POST /aanmelden/ HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 9\r\n\r\nabc",
    "chunked and a length": (
        b"POST /aanmelden/ HTTP/1.1\r\n" + HOST
        + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /releases/ HTTP/1.1\r\n\r\n"
    ),
    "broken chunk": b"POST /aanmelden/ HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "two hosts": b"GET /aanmelden/ HTTP/1.1\r\n" + HOST + b"Host: elsewhere.example\r\n\r\n",
    "no host": b"GET /aanmelden/ HTTP/1.1\r\n\r\n",
    "control characters": b"GET /\x00\x01 HTTP/1.1\r\n" + HOST + b"\r\n",
    "header over two lines": b"GET /aanmelden/ HTTP/1.1\r\n" + HOST + b"X-A: b\r\n c: d\r\n\r\n",
    "space before the colon": b"GET /aanmelden/ HTTP/1.1\r\n" + HOST + b"X-A : b\r\n\r\n",
    "line too long": b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "header too long": b"GET /aanmelden/ HTTP/1.1\r\n" + HOST + b"X-A: " + b"b" * 20_000 + b"\r\n\r\n",
    "too many headers": b"GET /aanmelden/ HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 500 + b"\r\n",
    "unknown version": b"GET /aanmelden/ HTTP/9.9\r\n" + HOST + b"\r\n",
    "no request": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40,
    "trace": b"TRACE /aanmelden/ HTTP/1.1\r\n" + HOST + b"Cookie: sessionid=geheim\r\n\r\n",
    "gzip bomb": (
        b"POST /aanmelden/ HTTP/1.1\r\n" + HOST
        + b"Content-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
    ),
}  # fmt: skip
# What may also be understood, as HTTP allows.
HARMLESS = {"no host", "header over two lines", "space before the colon"}


def _bomb(request: bytes) -> bytes:
    packed = gzip.compress(b"a" * 50_000_000)
    return request % (len(packed), packed)


def _said(register: Register, request: bytes) -> bytes:
    """The answer to these bytes; the other side may close the line at any moment."""
    with socket.create_connection(("127.0.0.1", register.port), timeout=20) as line:
        said = b""
        try:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            while part := line.recv(65536):
                said += part
        except (ConnectionError, TimeoutError):
            return said
    return said


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_broken_request_is_refused_and_repeats_nothing(register: Register, kind: str) -> None:
    request = REQUESTS[kind]
    said = _said(register, _bomb(request) if kind == "gzip bomb" else request)
    status = int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/") else 400
    if kind not in HARMLESS:
        assert 400 <= status < 500
    assert b"sessionid=geheim" not in said
    assert b"elsewhere.example" not in said
    assert b"Traceback" not in said
    assert said.count(b"HTTP/1.1 200") <= 1, "no second request was smuggled in"
    assert Visitor(register.port).get("/livez").status == 200

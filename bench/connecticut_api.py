"""Fetching a release over the API of a server of its own, as the monitor would: with a token, checking every hash."""

import base64
import csv
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import openpyxl
from django.utils import timezone

from bench import connecticut_cases as connecticut
from register.access import issue_token
from register.reporting.formats import SUFFIXES
from tests.unit.reporting import every_format

PATIENCE = 30
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came over the API. ``values``: (year, column, code) to the count, None where it is suppressed.

    ``numbers``: how many numbers every format of every table has alike.
    """

    identifier: str
    manifest_sha256: str
    files: int
    numbers: int
    values: dict[Key, int | None]


def fetched(identifier: str) -> Fetched:
    """Fetch the release, its manifest and every file, and read the tables by sex and by substance."""
    admin = connecticut.person("bench.admin", role="admin")
    expires = timezone.now() + timedelta(hours=1)
    _, token = issue_token(organisation="Benchmark", by=admin, expires_at=expires)
    with _server() as address:
        base = f"{address}/v1/releases/{identifier}"
        release = json.loads(_get(base, token))
        manifest = _get(f"{base}/manifest", token)
        if hashlib.sha256(manifest).hexdigest() != release["manifestSha256"]:
            raise SystemExit("The manifest does not match its hash.")
        bodies = {}
        for file in json.loads(manifest)["files"]:
            body = bodies[file["path"]] = _get(f"{base}/{file['path']}", token)
            if hashlib.sha256(body).hexdigest() != file["sha256"] or len(body) != file["bytes"]:
                raise SystemExit(f"{file['path']} does not match the manifest.")
    values = {
        **_values(bodies["tables/definition-sex.csv"], "sex"),
        **_values(bodies["tables/substance.csv"], "substance"),
    }
    return Fetched(identifier, release["manifestSha256"], len(bodies), _the_same_in_every_format(bodies), values)


def _the_same_in_every_format(bodies: Mapping[str, bytes]) -> int:
    """How many numbers the tables have, once all their formats were read and none differs."""
    book, total = openpyxl.load_workbook(io.BytesIO(bodies["workbook.xlsx"])), 0
    tables: dict[str, dict[str, bytes]] = {}
    for path, body in bodies.items():
        folder, _, file = path.rpartition("/")
        if folder:
            name, _, suffix = file.partition(".")
            tables.setdefault(name, {})[SUFFIXES[suffix]] = body
    for name, files in tables.items():
        read = every_format.numbers(files, book[name])
        shown = {kind: {at: one for at, one in cells.items() if one is not None} for kind, cells in read.items()}
        for kind, cells in shown.items():
            if cells != shown["csv"]:
                raise SystemExit(f"{name} has other numbers in {kind} than in its CSV.")
        total += len(shown["csv"])
    return total


def _values(body: bytes, column: str) -> dict[Key, int | None]:
    rows = csv.DictReader(io.StringIO(body.decode(), newline=""))
    return {
        (row["time_period"], column, row[column]): int(row["obs_value"]) if row["obs_value"] else None
        for row in rows
        if row["definition"] == "nl_broad"
    }


def _get(address: str, token: str) -> bytes:
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        body: bytes = answer.read()
        if digest := answer.headers["Content-Digest"]:
            expected = base64.b64encode(hashlib.sha256(body).digest()).decode()
            if digest != f"sha-256=:{expected}:":
                raise SystemExit(f"{address} does not match its Content-Digest.")
    return body


@contextmanager
def _server() -> Iterator[str]:
    """A web server on a free port, ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    server = subprocess.Popen(command, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(PATIENCE * 10):
        if server.poll() is not None:
            raise SystemExit("The web server did not start.")
        try:
            urllib.request.urlopen(f"{address}/v1/openapi.json", timeout=PATIENCE).close()  # noqa: S310
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The web server did not answer.")

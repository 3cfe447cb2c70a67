"""A trail with something in it, keys to seal it with and an anchor outside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from register import audit
from register.audit.verification import Report
from register.models import Case, User
from tests import factories
from tests.conftest import empty_trail, session_of


@dataclass
class Keeper:
    """Seals and verifies, with files of its own."""

    folder: Path

    @property
    def signing(self) -> Path:
        return self.folder / "signing-key.pem"

    @property
    def trusted(self) -> Path:
        return self.folder / "trusted-keys.pem"

    @property
    def anchor(self) -> Path:
        return self.folder / "anchor.txt"

    def seal(self, now: datetime | None = None) -> None:
        audit.seal(now=now or timezone.now(), signing=self.signing, anchored=self.anchor)

    def verify(self, now: datetime | None = None) -> Report:
        return audit.verify(now=now or timezone.now(), trusted=self.trusted, anchored=self.anchor)

    def kinds(self, after: timedelta = timedelta()) -> set[str]:
        return {finding.kind for finding in self.verify(timezone.now() + after).findings}


@pytest.fixture
def keeper(tmp_path: Path, transactional_db: None) -> Iterator[Keeper]:
    """A keeper with keys, and an empty trail that begins at the vocabularies of the test database."""
    empty_trail()
    kept = Keeper(tmp_path)
    audit.make_keys(kept.signing, kept.trusted)
    yield kept
    connections["keeper"].close()


@pytest.fixture
def physician(transactional_db: None) -> User:
    return factories.physician()


@pytest.fixture
def sealed(keeper: Keeper, physician: User) -> Case:
    """A case of two, each under a seal of its own."""
    factories.draft(physician)
    keeper.seal()
    case = factories.draft(physician)
    keeper.seal()
    return case


Statement = Callable[[str], None]


@pytest.fixture
def as_owner() -> Statement:
    """Do something in the database as one who owns the tables of the register and of the trail."""

    def run(statement: str) -> None:
        with session_of("owner") as session:
            session.execute(statement)

    return run

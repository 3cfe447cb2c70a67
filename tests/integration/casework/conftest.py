"""The people at the desks, and the import as an operator runs it."""

import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from register.models import User
from tests import factories
from tests.integration.casework.deaths import Run, as_csv

_files = itertools.count()


@pytest.fixture
def physician(db: None) -> User:
    return factories.physician()


@pytest.fixture
def colleague(db: None) -> User:
    """Another physician of the same region."""
    return factories.physician()


@pytest.fixture
def stranger(db: None) -> User:
    """A physician of another region."""
    return factories.physician(factories.ROTTERDAM)


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.reviewer()


@pytest.fixture
def second_reviewer(db: None) -> User:
    return factories.reviewer()


@pytest.fixture
def run(tmp_path: Path, reviewer: User) -> Run:
    """Run the command on rows (as changes to a good row) or on the bytes of a file; its output comes back."""

    def command(content: list[dict[str, str]] | bytes, **options: Any) -> str:
        file = options.pop("file", None) or tmp_path / f"deaths-{next(_files)}.csv"
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_bytes(as_csv(content))
        out = io.StringIO()
        call_command("import_cases", str(file), mapping="connecticut", by=reviewer.username, stdout=out, **options)
        return out.getvalue()

    return command

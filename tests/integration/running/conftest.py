"""One running register for all tests of this folder; what lets it fall to pieces comes last (``LONG_FIRST``)."""

from collections.abc import Iterator

import pytest

from tests.integration.running.register import Register, running


@pytest.fixture(scope="package")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    with running(tmp_path_factory.mktemp("running")) as started:
        yield started

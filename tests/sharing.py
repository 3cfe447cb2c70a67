"""What the tests of a file begin with, made once: each test takes back what it did, and the last one leaves nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def kept_for_a_file(blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around the tests of a file, for its fixture of scope ``module``; each test is a savepoint in it.

    What another connection must see, or what a test commits, cannot be shared so.
    """
    with blocker.unblock(), transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)

"""What the access room refuses, as the pages that every desk has for it."""

from collections.abc import Callable
from typing import TypeVar

from register.access.errors import NotFoundError, RefusedError
from register.casework import errors as common

Result = TypeVar("Result")


def as_page(call: Callable[[], Result]) -> Result:
    """Make the call; a refusal and a row that does not exist become the pages 403 and 404."""
    try:
        return call()
    except NotFoundError:
        raise common.NotFoundError from None
    except RefusedError as refused:
        raise common.RefusedError(refused.code, refused.nl, refused.en) from None

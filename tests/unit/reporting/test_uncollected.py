"""A step that looks for no garbage leaves the search as it found it."""

import gc

import pytest

from register.reporting.uncollected import uncollected


def test_the_search_for_garbage_goes_on_afterwards_whatever_happened() -> None:
    with pytest.raises(ValueError, match="broken"), uncollected():
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()
    with uncollected(), uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()

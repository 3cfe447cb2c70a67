"""Keys that keep the order of entry."""

from register.casework.row_ids import RowIds


def test_keys_sort_in_the_order_in_which_they_were_made() -> None:
    ids = RowIds()
    keys = [ids.next() for _ in range(20_000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_keys_are_version_7_of_the_standard() -> None:
    key = RowIds().next()
    assert (key.version, key.variant) == (7, "specified in RFC 4122")

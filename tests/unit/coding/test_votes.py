"""Votes are counted; they point to a verdict only when one was given more often than any other."""

import pytest

from register.coding.votes import tally


@pytest.mark.parametrize(
    ("verdicts", "leading", "agreed"),
    [
        ([], None, False),
        (["probable"], "probable", True),
        (["probable", "probable"], "probable", True),
        (["probable", "excluded"], None, False),
        (["excluded", "probable", "probable"], "probable", False),
        (["excluded", "probable", "probable", "excluded"], None, False),
    ],
    ids=["none", "one", "agree", "tie of two", "two to one", "tie of four"],
)
def test_votes_point_to_what_was_given_most_often(verdicts: list[str], leading: str | None, agreed: bool) -> None:
    found = tally(verdicts)
    assert (found.leading, found.agreed) == (leading, agreed)
    assert sum(count for _, count in found.counts) == len(verdicts)

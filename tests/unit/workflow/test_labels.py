from enum import StrEnum

import pytest

from register.workflow.case_transitions import CaseState
from register.workflow.release_transitions import ReleaseState
from register.workflow.roles import Role
from register.workflow.transitions import Reason
from register.workflow.verbs import Verb


@pytest.mark.parametrize("words", [CaseState, ReleaseState, Role, Reason, Verb])
def test_every_code_has_a_label_in_both_languages_and_no_label_is_used_twice(words: type[StrEnum]) -> None:
    for language in ("nl", "en"):
        labels = [member.label(language) for member in words]
        assert all(labels)
    dutch = [member.label("nl") for member in words]
    assert len(set(dutch)) == len(dutch) or words is Reason


@pytest.mark.parametrize("words", [CaseState, ReleaseState, Role, Verb])
def test_a_code_equals_the_text_that_is_stored(words: type[StrEnum]) -> None:
    for member in words:
        assert words(str(member)) is member
        assert member == member.value

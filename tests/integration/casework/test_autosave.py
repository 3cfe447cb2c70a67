"""Saving while somebody types: each answer that can be stored is, and the others are told and kept."""

from typing import Any

import pytest

from register.casework import autosave
from register.casework.seen import Seen
from register.models import Case, User
from tests import factories

pytestmark = pytest.mark.django_db


def test_one_answer_that_cannot_be_drops_no_other(physician: User) -> None:
    case = factories.filled(physician)
    act: dict[str, Any] = {"case_id": case.pk, "by": physician}
    found = autosave.save_answers(
        page="overledene", raw={"age_years": "honderd", "sex": "female"}, seen_version=case.row_version, **act
    )
    assert [spec.field for spec in found.saved] == ["sex"]
    assert set(found.problems) == found.kept == {"age_years"}
    stored = Case.objects.get(pk=case.pk).decedent_section
    assert (stored.sex, stored.age_years) == ("female", None)


def test_an_answer_that_contradicts_another_is_told_and_the_rest_is_saved(physician: User) -> None:
    case = factories.filled(physician)
    raw = {
        "last_seen_alive_date": "2026-10-22",
        "last_seen_alive_time": "10:00",
        "found_at_date": "2026-10-21",
        "found_at_time": "10:00",
        "place_type": "venue",
    }
    act: dict[str, Any] = {"case_id": case.pk, "page": "overlijden", "by": physician}
    found = autosave.save_answers(raw=raw, seen_version=case.row_version, **act)
    assert "place_type" in {spec.field for spec in found.saved}
    assert found.problems
    assert Case.objects.get(pk=case.pk).death_section.place_type == "venue"


def test_what_can_neither_be_saved_nor_kept_leaves_the_version_as_it_is(physician: User) -> None:
    case = factories.filled(physician)
    found = autosave.save_answers(
        case_id=case.pk, page="overledene", raw={"age_years": "x" * 20_001}, seen_version=case.row_version, by=physician
    )
    assert set(found.problems) == {"age_years"}
    assert found.kept == frozenset()
    assert found.case.row_version == case.row_version == factories.version(case)


def test_who_goes_on_is_told_what_somebody_else_answered(physician: User) -> None:
    case = factories.filled(physician)
    act: dict[str, Any] = {"case_id": case.pk, "page": "overledene", "by": physician}
    act["seen_version"] = Seen(case.row_version, only_changed=True)
    autosave.save_answers(raw={"age_years": "43"}, **act)
    found = autosave.save_answers(raw={"sex": "female"}, **act)
    assert [spec.field for spec in found.changed] == ["age_years"]
    sent_back = autosave.save_answers(raw={"age_years": "34"}, **act)
    assert [one.key for one in sent_back.conflicts] == ["Decedent.age_years"]

"""Each kind of row of a case is copied in a merge, or stays with its case for a reason: a new kind is decided on."""

from django.apps import apps

from register.casework.duplicates.copies import ONE_BY_ONE, REPORT, STAYS
from register.models import SECTIONS, Case


def test_of_every_kind_of_row_it_was_decided_whether_a_merge_copies_it() -> None:
    kinds = {
        model
        for model in apps.get_app_config("register").get_models()
        if not model.__name__.startswith("Historical")
        and any(field.related_model is Case for field in model._meta.concrete_fields)
    }
    # The answers of case and sections are compared one by one.
    decided = {Case, *SECTIONS, *ONE_BY_ONE, *REPORT}
    assert {model.__name__ for model in kinds - decided} == set(STAYS)
    assert all(STAYS.values())

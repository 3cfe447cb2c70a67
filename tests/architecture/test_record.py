"""What is true of every table of the record."""

import pytest
from django.apps import apps
from django.db import models

from register.models import tracked
from register.models.privacy import classes_of
from register.quality import dictionary, value_sets

ALL = [model for model in apps.get_app_config("register").get_models() if not model.__name__.startswith("Historical")]
TRACKED = [model for model in ALL if issubclass(model, tracked.Tracked)]
CASE_TABLES = [
    model for model in ALL if model.__name__ == "Case" or any(field.name == "case" for field in model._meta.fields)
]
# Of looking at a case, and no part of the record: who has it open now, gone within a minute; and who of another region
# was let in, whose rows never change but by their end and their outcome.
OF_LOOKING = {"Presence", "EmergencyAccess"}
RECORD = [model for model in CASE_TABLES if model.__name__ not in OF_LOOKING]
BY_NAME = {model.__name__: model for model in ALL}
DESCRIBED = [spec for spec in dictionary.all_fields() if spec.model in BY_NAME]
FORBIDDEN = ("name", "bsn", "birth_date", "date_of_birth", "address", "street", "postcode", "phone", "email")


def _columns(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.get_fields() if getattr(field, "concrete", False)]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_every_column_has_exactly_one_privacy_class(model: type[models.Model]) -> None:
    wrong = {column: classes_of(model, column) for column in _columns(model) if len(classes_of(model, column)) != 1}
    assert wrong == {}


def test_every_line_of_the_dictionary_is_a_model_of_the_register() -> None:
    assert {spec.model for spec in dictionary.all_fields()} <= set(BY_NAME)


@pytest.mark.parametrize("spec", DESCRIBED, ids=lambda spec: spec.key)
def test_every_field_of_the_dictionary_is_stored_with_its_reason_for_missing(spec: dictionary.FieldSpec) -> None:
    columns = _columns(BY_NAME[spec.model])
    stored = [f"{spec.field}_from", f"{spec.field}_to"] if spec.kind == "partial_date" else [spec.field]
    if spec.model == "DefinitionResult" and spec.field == "explanation":
        stored = ["explanation_nl", "explanation_en"]
    assert set(stored) <= set(columns)
    assert (f"{spec.field}_missing" in columns) == spec.may_be_missing


@pytest.mark.parametrize("spec", [spec for spec in DESCRIBED if spec.may_be_missing], ids=lambda spec: spec.key)
def test_the_database_keeps_value_and_reason_apart(spec: dictionary.FieldSpec) -> None:
    names = {constraint.name for constraint in BY_NAME[spec.model]._meta.constraints}
    assert any(name.endswith("_answer") and spec.field[:34] in name for name in names)


@pytest.mark.parametrize("model", RECORD, ids=lambda model: model.__name__)
def test_every_case_table_is_tracked_with_uuid_version_and_history(model: type[models.Model]) -> None:
    assert issubclass(model, tracked.Tracked)
    assert isinstance(model._meta.pk, models.UUIDField)
    assert "row_version" in _columns(model)
    assert hasattr(model, "history")


@pytest.mark.parametrize("model", CASE_TABLES, ids=lambda model: model.__name__)
def test_no_case_table_has_a_field_for_a_person(model: type[models.Model]) -> None:
    allowed = {"StatusChange": {"name"}}.get(model.__name__, set())
    assert {column for column in _columns(model) if column in FORBIDDEN} <= allowed


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_bulk_paths_that_would_skip_the_history_raise(model: type[tracked.Tracked]) -> None:
    rows = model.objects.all()
    for attempt in (
        lambda: rows.update(row_version=2),
        lambda: rows.delete(),
        lambda: rows.bulk_create([]),
        lambda: rows.bulk_update([], ["row_version"]),
    ):
        with pytest.raises(tracked.BypassesHistoryError):
            attempt()


def test_every_value_set_named_by_the_dictionary_exists_with_both_labels() -> None:
    for name in {spec.value_set for spec in dictionary.all_fields() if spec.value_set}:
        assert all(value.label_nl and value.label_en for value in value_sets.values(name))

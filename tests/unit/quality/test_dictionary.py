from datetime import date

import pytest

from register.quality import dictionary, value_sets
from register.quality.dictionary import KINDS, LEVELS, PAGES, PRIVACY, FieldSpec, all_fields


@pytest.mark.parametrize("spec", all_fields(), ids=lambda spec: spec.key)
def test_every_field_is_described_in_words_the_register_knows(spec: FieldSpec) -> None:
    assert spec.page in {*PAGES, ""}
    assert spec.kind.partition(":")[0] in KINDS
    assert bool(spec.vocabulary) == spec.kind.startswith("ref:")
    assert spec.level in LEVELS
    assert spec.privacy in PRIVACY
    assert spec.label("nl")
    assert spec.label("en")
    assert not spec.value_set or (spec.kind in {"code", "codes"} and value_sets.codes(spec.value_set))


def test_no_field_is_described_twice() -> None:
    keys = [spec.key for spec in all_fields()]
    assert len(keys) == len(set(keys))


def test_no_field_holds_a_name_a_number_of_a_person_a_birth_date_or_an_address() -> None:
    forbidden = {
        "name",
        "first_name",
        "last_name",
        "bsn",
        "birth_date",
        "date_of_birth",
        "address",
        "street",
        "postcode",
    }
    assert not forbidden & {spec.field for spec in all_fields()}


def test_free_text_of_people_is_identifying() -> None:
    words = {"narrative", "rationale", "text", "cause_line_a", "removed_reason", "icd10_override_reason"}
    assert {spec.privacy for spec in all_fields() if spec.field in words} == {"identifying"}


def test_a_field_is_found_by_its_key_its_model_and_its_page() -> None:
    spec = dictionary.field("Death.date_of_death")
    assert spec.kind == "partial_date"
    assert spec.level == "core"
    assert spec in dictionary.fields_of("Death")
    assert spec in dictionary.fields_on("overlijden")
    assert dictionary.find("Death.colour") is None
    with pytest.raises(dictionary.UnknownFieldError):
        dictionary.field("Death.colour")


def test_every_section_of_the_record_and_every_page_has_fields() -> None:
    for model in dictionary.SECTIONS:
        assert dictionary.fields_of(model)
    for page in PAGES:
        assert dictionary.fields_on(page)


def test_every_code_has_labels_in_both_languages_and_stands_once_in_its_set() -> None:
    for name in value_sets.names():
        codes = value_sets.codes(name)
        assert len(codes) == len(set(codes))
        for value in value_sets.values(name):
            assert value.label("nl")
            assert value.label("en")
            assert value_sets.label(name, value.code, "nl") == value.label_nl


def test_the_reasons_for_missing_are_the_six_of_the_protocol() -> None:
    assert value_sets.codes("VS-MISSING") == ("UNK", "NASK", "PEND", "NTST", "NA", "WTHD")


def test_a_code_is_valid_from_its_first_to_its_last_day() -> None:
    value = value_sets.Value("x", "x", "x", date(2020, 1, 1), date(2020, 12, 31))
    assert not value.valid_on(date(2019, 12, 31))
    assert value.valid_on(date(2020, 1, 1))
    assert value.valid_on(date(2020, 12, 31))
    assert not value.valid_on(date(2021, 1, 1))


def test_an_unknown_set_or_code_is_an_error() -> None:
    with pytest.raises(value_sets.UnknownValueSetError):
        value_sets.values("VS-COLOUR")
    with pytest.raises(value_sets.UnknownValueSetError):
        value_sets.label("VS-SEX", "blue", "nl")

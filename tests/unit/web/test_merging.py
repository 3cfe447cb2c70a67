"""Two answers to one question: which holds, and when a person must be asked."""

from hypothesis import given
from hypothesis import strategies as st

from register.quality import dictionary
from register.web.physician.merging import given as said
from register.web.physician.merging import merged, settled

AGE = dictionary.field("Decedent.age_years")
DIED = dictionary.field("Death.date_of_death")
ITEMS = dictionary.field("Circumstances.scene_items")
NOTE = dictionary.field("Case.narrative")

answers = st.fixed_dictionaries(
    {},
    optional={
        "age_years": st.lists(st.sampled_from(["", "34", "43"]), max_size=1),
        "age_years_missing": st.lists(st.sampled_from(["", "UNK", "NASK"]), max_size=1),
    },
)


def test_a_new_reason_takes_the_place_of_an_old_answer() -> None:
    values = settled({"age_years": ["34"], "age_years_missing": ["UNK"]}, {"age_years": ["34"]}, [AGE])
    assert values == {"age_years_missing": ["UNK"]}


def test_a_new_answer_takes_the_place_of_an_old_reason() -> None:
    values = settled({"age_years": ["34"], "age_years_missing": ["UNK"]}, {"age_years_missing": ["UNK"]}, [AGE])
    assert values == {"age_years": ["34"], "age_years_missing": [""]}


def test_all_boxes_of_a_date_give_way_to_a_reason() -> None:
    before = {"date_of_death_month": ["10"], "date_of_death_year": ["2026"]}
    values = settled({**before, "date_of_death_day": [""], "date_of_death_missing": ["UNK"]}, before, [DIED])
    assert values == {"date_of_death_missing": ["UNK"]}


def test_other_line_ends_are_no_change_of_a_text() -> None:
    values = settled({"narrative": ["a\r\nb"], "narrative_missing": ["WTHD"]}, {"narrative": ["a\nb"]}, [NOTE])
    assert values == {"narrative_missing": ["WTHD"]}


@given(answers, answers)
def test_settling_leaves_both_only_when_both_are_new_or_both_stood_there(
    typed: dict[str, list[str]], before: dict[str, list[str]]
) -> None:
    values = settled(typed, before, [AGE])
    both = bool("".join(values.get("age_years", []))) and bool("".join(values.get("age_years_missing", [])))
    if both:
        changed = {name: typed.get(name, [""]) != before.get(name, [""]) for name in ("age_years", "age_years_missing")}
        assert changed["age_years"] == changed["age_years_missing"]


@given(answers)
def test_settling_never_invents_an_answer(typed: dict[str, list[str]]) -> None:
    values = settled(typed, {}, [AGE])
    assert all(texts == [""] or texts == typed.get(name) for name, texts in values.items())


def test_a_page_that_comes_back_shows_what_only_one_side_changed() -> None:
    before = {"age_years": ["34"], "scene_items": ["foil"]}
    typed = {"age_years": ["34"], "scene_items": ["foil", "pipe"]}
    now = {"age_years": ["43"], "scene_items": ["foil"]}
    found = merged(typed, before, now, [AGE, ITEMS])
    assert found == {"age_years": ["43"], "scene_items": ["foil", "pipe"]}


def test_of_two_different_changes_a_page_shows_what_was_typed() -> None:
    found = merged({"age_years": ["44"]}, {"age_years": ["34"]}, {"age_years": ["43"]}, [AGE])
    assert found == {"age_years": ["44"]}


@given(answers, answers)
def test_merging_with_an_unchanged_record_gives_what_was_typed(
    typed: dict[str, list[str]], before: dict[str, list[str]]
) -> None:
    found = merged(typed, before, before, [AGE])
    assert said(found, [AGE]) == said(typed, [AGE])

"""The codebook says of every question when it is asked, from the rules by which the forms ask it."""

from register.quality import codebook, dictionary, value_sets
from register.quality.skip_rules import SKIP_RULES


def test_every_question_stands_once_under_its_page() -> None:
    keys = [question.spec.key for question in codebook.questions()]
    assert sorted(keys) == sorted(spec.key for spec in dictionary.all_fields())
    pages = [question.spec.page for question in codebook.questions()]
    assert list(dict.fromkeys(pages)) == [*dictionary.PAGES, ""]


def test_every_skip_rule_stands_beside_the_questions_that_it_is_about() -> None:
    lines = {line["question"]: line for line in codebook.lines()}
    for rule in SKIP_RULES:
        for field in rule.fields:
            assert lines[field]["asked_if"] == rule.decider
            assert lines[field]["condition_nl"] == rule.nl
    assert lines["Decedent.age_months"]["asked_if_values"] == "0"
    assert lines["Death.use_municipality"]["asked_if_values"] == "no"
    assert lines["Decedent.sex"]["condition_en"] == ""


def test_every_list_of_codes_comes_along() -> None:
    made = codebook.document()
    assert {line["code_list"] for line in made["questions"]} - {""} == set(made["code_lists"])
    assert [code["code"] for code in made["missing"]] == list(value_sets.codes(value_sets.MISSING))
    assert all(set(line) == set(codebook.COLUMNS) for line in made["questions"])

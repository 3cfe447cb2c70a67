"""The substance picker: what the server suggests for a word, and what choosing or copying does to the page."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from config import start
from register.casework import reference, substances, suggestions
from register.coding.catalogue import load
from register.models import SuspectedSubstance, User
from tests.integration.web_physician.conftest import Draft, fresh, version
from tests.integration.web_physician.test_rows import section
from tests.trail import looks

SUGGEST = reverse("physician:suggest")


def suggested(desk: Client, term: str) -> list[tuple[str, str]]:
    """The code and the words of each line of the list."""
    page = desk.post(SUGGEST, {"term": term}).content.decode()
    lines = re.findall(r'<li role="option"[^>]* data-code="([^"]*)">(.*?)</li>', page, re.DOTALL)
    return [(code, html.unescape(re.sub(r"<[^>]+>", "", words))) for code, words in lines]


@pytest.mark.parametrize(
    ("term", "code", "why"),
    [
        ("xtc", "mdma", "straatnaam: xtc"),
        ("keta", "ketamine", "straatnaam: keta"),
        ("3mmc", "3-mmc", "voorkeursnaam: 3-MMC"),
        ("α-PVP", "alpha-pvp", "voorkeursnaam: alpha-PVP"),
        ("dormicum", "midazolam", "merknaam: Dormicum"),
        ("dxm", "dextromethorphan", "afkorting: DXM"),
        ("kokaine", "cocaine", "lijkt op cocaïne"),
    ],
)
def test_a_word_gives_the_substance_that_is_meant_and_says_why(desk: Client, term: str, code: str, why: str) -> None:
    first = suggested(desk, term)[0]
    assert first[0] == code
    assert why in first[1]


@pytest.mark.parametrize("term", ["fent", "a", "qqqqqq", "", "💊", "ا" * 300, "<script>", "keta\x00"])
def test_the_last_of_at_most_eight_lines_keeps_the_word_itself(desk: Client, term: str) -> None:
    lines = suggested(desk, term)
    assert 1 <= len(lines) <= 8
    assert lines[-1][0] == ""
    assert term.strip()[:200] in lines[-1][1]


def test_the_number_of_results_is_said_in_the_language_of_the_page(desk: Client, physician: User) -> None:
    assert 'data-says="1 resultaat"' in desk.post(SUGGEST, {"term": "spravato"}).content.decode()
    physician.language = "en"
    physician.save()
    page = desk.post(SUGGEST, {"term": "spravato"}).content.decode()
    assert 'data-says="1 result"' in page
    assert "Add ‘spravato’ as a substance not known yet" in page


def test_every_name_of_the_catalogue_is_offered_with_its_substance(physician: User) -> None:
    for substance in load().substances.values():
        for synonym in substance.synonyms:
            assert substance.code in {found.match.code for found in suggestions.search(synonym.text)}, synonym.text


def test_what_the_region_used_lately_comes_before_what_only_resembles_the_word(
    desk: Client, other_desk: Client, draft: Draft, physician: User
) -> None:
    before = [code for code, _ in suggested(desk, "ketamin")]
    assert before[:2] == ["ketamine", "esketamine"]
    case = draft()
    substances.add_suspicion(
        case_id=case.pk, reported_as="2F-ket", substance="2-fdck", seen_version=version(case), by=physician
    )
    lines = suggested(desk, "ketamin")
    assert [code for code, _ in lines][:3] == ["ketamine", "2-fdck", "esketamine"]
    assert "recent in uw regio" in dict(lines)["2-fdck"]
    assert [code for code, _ in suggested(other_desk, "ketamin")] == before


def test_a_search_in_the_catalogue_is_no_look_at_a_case(desk: Client, draft: Draft) -> None:
    draft()
    before = len(looks())
    suggested(desk, "keta")
    assert len(looks()) == before


def test_the_list_is_asked_for_by_post_so_that_no_address_holds_a_word(desk: Client) -> None:
    assert desk.get(SUGGEST, {"term": "keta"}).status_code == 405


def test_who_is_signed_out_gets_no_list(client: Client) -> None:
    assert client.post(SUGGEST, {"term": "keta"}).status_code == 401


def test_the_name_whose_beginning_was_typed_is_kept_and_any_other_word_to_the_letter(
    desk: Client, draft: Draft
) -> None:
    case = draft()
    for term, code in (("xt", "mdma"), ("kokaine", "cocaine"), ("GHB", "ghb"), ("pilletje", "mdma")):
        desk.post(section(case, "middelen"), {"term": term, "do": f"add:{code}", "version": version(case)})
    rows = case.suspectedsubstance_rows.order_by("id").values_list("reported_as", flat=True)
    assert list(rows) == ["xtc", "kokaine", "GHB", "pilletje"]


@pytest.mark.parametrize("word", ["💊💊", "a" * 200, "مخدر", "x'; --", "é\u0301", "2-fma\txyz"])
def test_a_word_that_the_catalogue_does_not_know_is_a_row_as_it_stands(desk: Client, draft: Draft, word: str) -> None:
    case = draft()
    desk.post(section(case, "middelen"), {"term": word, "do": "add:", "version": version(case)})
    assert case.suspectedsubstance_rows.get().reported_as == word


def test_a_name_that_is_too_long_or_missing_gives_a_sentence_at_the_picker_and_keeps_what_was_typed(
    desk: Client, draft: Draft
) -> None:
    case = draft()
    for term in ("a" * 201, ""):
        form = {"term": term, "do": "add:", "expected_product": "een pil", "version": version(case)}
        answer = desk.post(section(case, "middelen"), form)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#f-term"' in page
        assert 'id="f-term-e"' in page
        assert f'value="{term}"' in page
        assert 'value="een pil"' in page
    assert not case.suspectedsubstance_rows.exists()


def test_choosing_stores_what_else_stands_on_the_page(desk: Client, ready: Draft) -> None:
    case = ready()
    row = case.suspectedsubstance_rows.get()
    form = {f"suspicion.{row.pk}.route": "nasal", "expected_product": "iets", "term": "xtc", "do": "add:mdma"}
    desk.post(section(case, "middelen"), {**form, "version": version(case)})
    row.refresh_from_db()
    assert (row.route, fresh(case).circumstances_section.expected_product) == ("nasal", "iets")
    assert case.suspectedsubstance_rows.count() == 2


def test_a_copy_takes_the_words_and_the_answers_along_but_no_role(desk: Client, ready: Draft, physician: User) -> None:
    case = ready()
    substances.add_finding(
        case_id=case.pk,
        reported_as="keta",
        substance="ketamine",
        role="joint_cause",
        certainty="certain",
        evidence=["tox_lab"],
        origin="illicit",
        seen_version=version(case),
        by=physician,
    )
    first = case.substancefinding_rows.get()
    form = {f"finding.{first.pk}.route": "nasal", f"finding.{first.pk}.evidence": ["tox_lab", "autopsy"]}
    form |= {f"finding.{first.pk}.role": "joint_cause", f"finding.{first.pk}.certainty": "certain"}
    form |= {f"finding.{first.pk}.origin": "illicit"}
    answer = desk.post(section(case, "conclusie"), {**form, "do": f"copy:finding:{first.pk}", "version": version(case)})
    second = case.substancefinding_rows.exclude(pk=first.pk).get()
    assert (second.reported_as, second.substance_id, second.route) == ("keta", "ketamine", "nasal")
    assert (second.evidence, second.origin) == (["tox_lab", "autopsy"], "illicit")
    assert (second.role, second.certainty) == (None, None)
    assert answer.headers["Location"].endswith(f"#r-{second.pk}")


def test_a_removed_row_comes_back_as_it_was_with_one_press(desk: Client, ready: Draft, physician: User) -> None:
    case = ready()
    row = case.suspectedsubstance_rows.get()
    desk.post(section(case, "conclusie"), {"do": f"take:{row.pk}", "version": version(case)})
    answer = desk.post(section(case, "middelen"), {"do": f"remove:suspicion:{row.pk}", "version": version(case)})
    where = answer.headers["Location"]
    assert where == section(case, "middelen") + f"?verwijderd=suspicion:{row.pk}#f-undo"
    page = desk.get(where.partition("#")[0]).content.decode()
    assert "ketamine is weggehaald." in page
    assert not case.suspectedsubstance_rows.exists()
    press = {"do": f"restore:suspicion:{row.pk}", "expected_product": "iets", "version": version(case)}
    desk.post(where.partition("#")[0], press)
    back = case.suspectedsubstance_rows.get()
    assert (back.reported_as, back.substance_id, back.evidence) == ("keta", "ketamine", ["scene"])
    assert case.substancefinding_rows.get().suspicion_id == back.pk
    assert fresh(case).circumstances_section.expected_product == "iets"
    assert "is weggehaald" not in desk.get(where.partition("#")[0]).content.decode()
    assert desk.post(section(case, "middelen"), {**press, "version": version(case)}).status_code == 302
    assert SuspectedSubstance.objects.filter(case=case).count() == 1


def test_a_conclusion_of_a_draft_goes_without_a_reason_and_comes_back(desk: Client, draft: Draft) -> None:
    case = draft()
    page = section(case, "conclusie")
    desk.post(page, {"do": "add:mdma", "term": "xtc", "version": version(case)})
    row = case.substancefinding_rows.get()
    answer = desk.post(page, {"do": f"remove:finding:{row.pk}", "version": version(case)})
    shown = desk.get(answer.headers["Location"].partition("#")[0]).content.decode()
    assert "MDMA is weggehaald." in shown
    assert "<del>" not in shown
    desk.post(page, {"do": f"restore:finding:{row.pk}", "version": version(case)})
    row.refresh_from_db()
    assert (row.removed_at, row.removed_reason) == (None, None)


@pytest.mark.parametrize("target", ["suspicion:", "suspicion:x", "finding:x", "naloxone:x", "suspicion:" + "0" * 8])
def test_undoing_what_was_never_removed_does_nothing(desk: Client, ready: Draft, target: str) -> None:
    case = ready()
    assert desk.get(section(case, "middelen") + f"?verwijderd={target}").status_code == 200
    answer = desk.post(section(case, "middelen"), {"do": f"restore:{target}", "version": version(case)})
    assert answer.status_code in (302, 404)
    assert case.suspectedsubstance_rows.count() == 1


def test_a_row_of_another_case_is_not_put_back_here(desk: Client, ready: Draft, draft: Draft) -> None:
    other, mine = ready(), draft()
    row = other.suspectedsubstance_rows.get()
    desk.post(section(other, "middelen"), {"do": f"remove:suspicion:{row.pk}", "version": version(other)})
    desk.post(section(mine, "middelen"), {"do": f"restore:suspicion:{row.pk}", "version": version(mine)})
    assert not mine.suspectedsubstance_rows.exists()
    shown = desk.get(section(mine, "middelen") + f"?verwijderd=suspicion:{row.pk}").content.decode()
    assert "is weggehaald" not in shown


def test_the_usual_route_is_a_hint_and_no_answer(desk: Client, ready: Draft) -> None:
    case = ready()
    page = desk.get(section(case, "middelen")).content.decode()
    assert "Vaak: snuiven. Kies wat u zag of hoorde." in page
    row = case.suspectedsubstance_rows.get()
    select = re.search(rf'<select[^>]*name="suspicion\.{row.pk}\.route".*?</select>', page, re.DOTALL)
    assert select
    assert " selected" not in select[0]


def test_a_role_is_a_choice_without_a_default(desk: Client, draft: Draft) -> None:
    case = draft()
    desk.post(section(case, "conclusie"), {"do": "add:mdma", "term": "xtc", "version": version(case)})
    page = desk.get(section(case, "conclusie")).content.decode()
    roles = re.findall(r'<input type="radio" name="finding\.[^"]*\.role" value="(\w+)"[^>]*>', page)
    assert len(roles) == len(set(roles)) == 10
    assert not re.search(r'name="finding\.[^"]*\.role"[^>]* checked', page)


@pytest.mark.django_db
def test_a_process_has_built_the_names_before_its_first_search() -> None:
    reference._built.cache_clear()
    start.get_ready().join()
    before = reference._built.cache_info().misses
    assert "_lookup" in vars(reference.current().catalogue)
    assert reference._built.cache_info().misses == before

"""From a pasted text to proposals: shown with their words, taken over one at a time, and nothing of the text kept."""

import re
from uuid import uuid4

from django.db import connection
from django.test import Client

from register.casework import substances
from register.models import Case, User
from tests.integration.web_physician.conftest import Draft, fresh, version
from tests.integration.web_physician.test_rows import section

TEXT = (
    "Betrokkene overleed aan een intoxicatie met cocaïne en GHB.\r\n"
    "Morfine werd niet aangetoond. <b>Ketamine</b> is mogelijk gebruikt."
)


def read(desk: Client, case: Case, text: str = TEXT, page: str = "middelen", **more: str) -> str:
    form = {"pasted": text, "do": "read", "version": version(case), **more}
    answer = desk.post(section(case, page), form)
    assert answer.status_code == 200
    return answer.content.decode()


def offers(page: str) -> list[str]:
    return re.findall(r'value="accept:([^"]+)"', page)


def test_the_substances_of_a_text_are_offered_with_their_words_marked(desk: Client, draft: Draft) -> None:
    case = draft()
    page = read(desk, case, expected_product="een pil")
    assert offers(page) == ["cocaine", "ghb", "ketamine"]
    assert "met <mark>cocaïne</mark> en <mark>GHB</mark>." in page
    assert "&lt;b&gt;<mark>Ketamine</mark>&lt;/b&gt;" in page
    assert "3 middelen in de tekst" in page
    assert 'value="een pil"' in page
    assert fresh(case).row_version == case.row_version


def test_what_the_text_denies_is_said_and_not_offered(desk: Client, draft: Draft) -> None:
    page = read(desk, draft())
    assert "morphine" not in offers(page)
    assert '<span class="denied">Morfine</span>' in page
    assert "Niet aangetoond volgens de tekst" in page


def test_one_press_takes_one_proposal_over_in_the_words_of_the_text(desk: Client, draft: Draft) -> None:
    case = draft()
    form = {"pasted": TEXT, "do": "accept:ghb", "expected_product": "iets", "version": version(case)}
    answer = desk.post(section(case, "middelen"), form)
    page = answer.content.decode()
    row = case.suspectedsubstance_rows.get()
    assert answer.status_code == 200
    assert (row.substance_id, row.reported_as, row.evidence, row.route) == ("ghb", "GHB", ["scene"], None)
    assert fresh(case).circumstances_section.expected_product == "iets"
    assert offers(page) == ["cocaine", "ketamine"]
    assert "staat op deze pagina" in page
    assert f'name="version" value="{version(case)}"' in page
    assert 'value="iets"' in page


def test_the_page_that_came_back_goes_on_from_where_it_stands(desk: Client, draft: Draft) -> None:
    case = draft()
    page = desk.post(
        section(case, "middelen"), {"pasted": TEXT, "do": "accept:ghb", "version": version(case)}
    ).content.decode()
    seen = re.search(r'name="version" value="(\d+)"', page)
    assert seen
    form = {"pasted": TEXT, "do": "accept:cocaine", "version": seen[1]}
    assert desk.post(section(case, "middelen"), form).status_code == 200
    assert [row.reported_as for row in case.suspectedsubstance_rows.order_by("id")] == ["GHB", "cocaïne"]


def test_the_same_press_twice_adds_one_row(desk: Client, draft: Draft) -> None:
    case = draft()
    form = {
        "pasted": TEXT,
        "do": "accept:ghb",
        "version": version(case),
        "save_id": str(uuid4()),
    }
    pages = [desk.post(section(case, "middelen"), form).content.decode() for _ in range(2)]
    assert case.suspectedsubstance_rows.count() == 1
    assert [offers(page) for page in pages] == [["cocaine", "ketamine"]] * 2


def test_what_the_text_does_not_propose_cannot_be_taken_over(desk: Client, draft: Draft) -> None:
    case = draft()
    for press in ("accept:morphine", "accept:fentanyl", "accept:", "accept:nonsense"):
        desk.post(section(case, "middelen"), {"pasted": TEXT, "do": press, "version": version(case)})
    assert not case.suspectedsubstance_rows.exists()


def test_nothing_of_the_text_is_stored_but_the_words_that_were_taken_over(desk: Client, draft: Draft) -> None:
    case = draft()
    text = f"{TEXT} Kanariewoord zwartgeel."
    read(desk, case, text)
    desk.post(section(case, "middelen"), {"pasted": text, "do": "accept:ghb", "version": version(case)})
    desk.post(section(case, "middelen"), {"pasted": text, "do": "next", "version": version(case)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM \"{table}\" AS row WHERE row::text LIKE '%Kanariewoord%'")
            assert cursor.fetchone() == (0,), table


def test_a_conclusion_that_is_taken_over_answers_the_suspicion_and_has_no_role(desk: Client, ready: Draft) -> None:
    case = ready()
    assert offers(read(desk, case, page="conclusie")) == ["cocaine", "ghb", "ketamine"]
    desk.post(section(case, "conclusie"), {"pasted": TEXT, "do": "accept:ketamine", "version": version(case)})
    row = case.substancefinding_rows.get()
    assert (row.reported_as, row.role, row.suspicion_id) == ("Ketamine", None, case.suspectedsubstance_rows.get().pk)


def test_a_proposal_that_stands_on_the_page_says_so(desk: Client, draft: Draft, physician: User) -> None:
    case = draft()
    substances.add_suspicion(
        case_id=case.pk, reported_as="coke", substance="cocaine", seen_version=version(case), by=physician
    )
    page = read(desk, case)
    assert offers(page) == ["ghb", "ketamine"]
    assert "staat op deze pagina" in page


def test_a_text_with_a_name_in_it_is_warned_about(desk: Client, draft: Draft) -> None:
    page = read(desk, draft(), "Volgens mevr. Jansen gebruikte hij GHB.")
    assert "Dit lijkt een naam van een persoon." in page
    assert offers(page) == ["ghb"]


def test_a_text_without_a_substance_says_so_and_a_blank_one_says_nothing(desk: Client, draft: Draft) -> None:
    case = draft()
    assert "herkent in deze tekst geen middel" in read(desk, case, "Natuurlijke dood.")
    assert "herkent in deze tekst" not in read(desk, case, "  \n ")


def test_a_text_that_is_too_long_gives_a_sentence_and_stays(desk: Client, draft: Draft) -> None:
    page = read(desk, draft(), "GHB " * 6_000)
    assert "Deze tekst is te lang." in page
    assert "GHB GHB GHB" in page
    assert offers(page) == []


def test_a_mistake_elsewhere_on_the_page_takes_nothing_over_and_keeps_the_text(desk: Client, ready: Draft) -> None:
    case = ready()
    row = case.suspectedsubstance_rows.get()
    form = {f"suspicion.{row.pk}.route": "teleport", "pasted": TEXT, "do": "accept:ghb", "version": version(case)}
    answer = desk.post(section(case, "middelen"), form)
    assert answer.status_code == 422
    assert "Betrokkene overleed" in answer.content.decode()
    assert case.suspectedsubstance_rows.count() == 1

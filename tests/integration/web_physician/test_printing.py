"""A case on paper: accessible, complete, for its own physician, and never without a note in the access log."""

import io
import re

import pytest
from django.test import Client
from pypdf import PdfReader

from register.casework import moves, queries
from register.models import Case, User
from register.web import documents
from tests.integration.audit.stock import broken_log
from tests.integration.web_physician.conftest import Draft, events, fresh, version
from tests.signing_in import sign_in


def fetch(desk: Client, case: Case) -> PdfReader:
    answer = desk.get(f"/zaken/{case.pk}/pdf/")
    assert answer.status_code == 200, answer.content[:500]
    assert answer.headers["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def text_of(reader: PdfReader) -> str:
    return _plain(" ".join(page.extract_text() for page in reader.pages))


def _plain(text: str) -> str:
    """Words without line ends, and without the breaks and hyphens that a printed line adds."""
    return re.sub(r"\s+", "", text.replace("-\n", "").replace("\u00ad", "").replace("-", ""))


@pytest.mark.parametrize(("language", "title"), [("nl", "Zaak"), ("en", "Case")])
def test_a_case_on_paper_is_tagged_titled_and_speaks_the_language_of_its_reader(
    desk: Client, physician: User, submitted: Draft, language: str, title: str
) -> None:
    case = submitted()
    physician.language = language
    physician.save()
    reader = fetch(desk, case)
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == f"{title} {case.case_number}"
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()


def test_a_case_on_paper_says_what_its_page_says(desk: Client, submitted: Draft, physician: User) -> None:
    case = submitted()
    page = desk.get(f"/zaken/{case.pk}/").content.decode()
    facts = re.findall(r"<dt>(.*?)</dt><dd>(?:<span[^>]*>)?(.*?)(?:</span>)?</dd>", page, re.DOTALL)
    assert len(facts) > 10
    printed = text_of(fetch(desk, case))
    for label, answer in facts:
        assert _plain(_unescaped(label)) in printed, label
        assert _plain(_unescaped(answer)) in printed, answer


def test_questions_and_their_answers_stand_on_paper_with_who_said_them(
    desk: Client, submitted: Draft, reviewer: User, physician: User
) -> None:
    case = submitted()
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="Decedent.sex", text="Klopt dit?", seen_version=version(case), by=reviewer)
    queries.answer(query_id=case.query_rows.get().pk, text="Zeker.", seen_version=version(case), by=physician)
    printed = text_of(fetch(desk, fresh(case)))
    for words in ("Klopt dit?", "register.jansen", "Zeker.", "arts.amsterdam"):
        assert _plain(words) in printed


def test_the_file_is_named_after_the_number_alone_and_is_kept_nowhere(desk: Client, submitted: Draft) -> None:
    case = submitted()
    answer = desk.get(f"/zaken/{case.pk}/pdf/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="zaak-{case.case_number}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_fetching_a_case_is_noted_as_such_with_its_rule(desk: Client, submitted: Draft) -> None:
    case = submitted()
    fetch(desk, case)
    (event,) = events("case.export")
    assert (event.objects, event.action) == ([case.pk], "R")


def test_without_a_note_there_is_no_file(desk: Client, submitted: Draft) -> None:
    case = submitted()
    with broken_log():
        answer = desk.get(f"/zaken/{case.pk}/pdf/")
    assert answer.status_code == 503
    assert b"%PDF" not in answer.content


def test_only_the_reporter_has_a_case_on_paper(
    submitted: Draft, colleague: User, elsewhere: User, reviewer: User
) -> None:
    case = submitted()
    for who, status in ((colleague, 403), (elsewhere, 404), (reviewer, 403)):
        client = Client()
        sign_in(client, who)
        answer = client.get(f"/zaken/{case.pk}/pdf/")
        assert answer.status_code == status
        assert b"%PDF" not in answer.content


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("#let x = 1; *vet* $ \\ // [a] <b> @c", "#let x = 1; *vet* $ \\ // [a] <b> @c"),
        ("snoepje 😀", "snoepje [U+1F600]"),
        ("中文", "[U+4E2D][U+6587]"),
        ("a\u0001b", "a[U+0001]b"),
        ("µg ≤ 3 – ‘x’ → ë Ω", "µg ≤ 3 – ‘x’ → ë Ω"),
    ],
)
def test_what_somebody_typed_is_printed_as_it_stands_and_never_read_as_markup(typed: str, printed: str) -> None:
    empty = dict.fromkeys(("title", "footer", "page_word", "question_word", "answer_word", "nothing"), "x")
    data = {**empty, "language": "nl", "lines": [typed], "sections": [], "accepted_title": "x", "accepted": []}
    reader = PdfReader(io.BytesIO(documents.typeset("case.typ", {**data, "threads": []})))
    assert _plain(printed) in text_of(reader)


def _unescaped(text: str) -> str:
    for entity, character in (("&#x27;", "'"), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"')):
        text = text.replace(entity, character)
    return text

"""Rules, texts and terms: set with a reason by the administrator and the staff, used at once, and never unsaid."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from register.audit import acting_as
from register.casework import moves, question_reminders, review
from register.casework.configuration import agreement_mail, entries, following
from register.casework.configuration.current import STATE, Configuration, Kind, at, current
from register.casework.dossier import Dossier
from register.casework.errors import RefusedError
from register.casework.findings import check, key_of
from register.models import AcceptedFinding, Case, ConfigurationChange, OutboxMessage, User
from register.quality.standard_texts import QUESTION
from register.tasks import send_agreement_mail
from tests import factories
from tests.factories import version
from tests.signing_in import sign_in
from tests.trail import changes

pytestmark = pytest.mark.django_db
WHY = "Besloten in het overleg van maart"
FEW_QUERIES = 12
TODAY = timezone.localdate()


def _send(office: Client, kind: str, code: str, *, status: int = 302, **typed: str) -> str:
    entry = entries.find({"kwaliteit": Kind.RULE, "teksten": Kind.TEXT, "termijnen": Kind.TERM}[kind], code)
    sent = {"reason": WHY, "version": str(entry.row_version), **typed}
    response = office.post(reverse("register_rules:change", args=[kind, code]), sent)
    assert response.status_code == status, response.content.decode()
    return unescape(response.content.decode())


def _page(client: Client, kind: str, code: str) -> str:
    return _at(client, reverse("register_rules:entry", args=[kind, code]))


def _at(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def _of_a_note(case: Case) -> Any:
    """The finding about a suicide note beside the intent accident."""
    return next(one for one in check(Dossier(Case.objects.get(pk=case.pk))) if one.code == "Q34")


def test_a_rule_is_as_heavy_and_says_what_the_administrator_set_from_then_on(
    office: Client, desk: Client, admin: User, staff: User, physician: User
) -> None:
    case = factories.in_review(physician, staff)
    with_note = factories.submitted(physician, {"omstandigheden": {"scene_items": "note"}})
    with_note = moves.take(case_id=with_note.pk, seen_version=with_note.row_version, by=staff)
    before = _of_a_note(with_note)
    review.accept_warnings(
        case_id=with_note.pk, keys=[key_of(before)], reason="Nagevraagd", seen_version=version(with_note), by=staff
    )
    new = {"nl": "Er lag een brief bij een ongeval.", "en": "There was a letter with an accident."}
    _send(office, "kwaliteit", "Q34", severity="warning_at_submit", **new)
    after = _of_a_note(with_note)
    assert (before.severity, after.severity, after.nl) == ("warning", "warning_at_submit", new["nl"])
    kept = AcceptedFinding.objects.get(case=with_note)
    assert (kept.words_nl, kept.words_en) == (before.nl, before.en)
    page = _at(desk, reverse("register_desk:review", args=[with_note.pk]))
    assert new["nl"] in page and f"Er stond toen: {before.nl}" in page
    assert before.nl in _at(desk, reverse("physician:history", args=[with_note.pk]))
    _send(office, "kwaliteit", "Q34", severity="error_at_submit")
    page = _at(desk, reverse("register_desk:review", args=[with_note.pk]))
    assert "Nagevraagd" not in page and new["nl"] in page
    page = _page(desk, "kwaliteit", "Q34")
    for words in ("Zwaarte: was Waarschuwing, nu Waarschuwing bij indienen.", WHY, admin.display_name, before.nl):
        assert words in page
    _send(office, "kwaliteit", "Q34", do="restore")
    assert (_of_a_note(with_note).severity, _of_a_note(with_note).nl) == ("warning", before.nl)
    assert "Weer zoals geleverd" in _page(desk, "kwaliteit", "Q34")
    assert ConfigurationChange.objects.count() == 3
    told = [one for one in changes(actor=str(admin.pk)) if one.tbl == "register_configurationchange"]
    assert len(told) == 3
    assert Case.objects.get(pk=case.pk).row_version == case.row_version


def test_what_the_database_or_closing_asks_for_cannot_be_set_away(office: Client, staff: User, physician: User) -> None:
    for code, why in (
        ("Q17a", "kan niet waar zijn"),
        ("Q21", "De databank weigert"),
        ("Q23", "Sluiten vraagt hier zelf"),
    ):
        assert "Kies een van de zwaarten" in _send(office, "kwaliteit", code, status=422, severity="warning")
        page = _page(office, "kwaliteit", code)
        assert why in page and 'name="severity"' not in page
    case = factories.handed_in(physician, ("roze poeder xyz", None))
    case = moves.take(case_id=case.pk, seen_version=case.row_version, by=staff)
    _send(office, "kwaliteit", "Q23", nl="Onbekende naam: {text}.")
    with pytest.raises(RefusedError) as refused:
        moves.close(case_id=case.pk, seen_version=version(case), by=staff)
    assert "unmapped" in {obstacle.code for obstacle in refused.value.obstacles}


def test_what_is_written_wrong_comes_back_with_a_sentence_and_what_was_typed(office: Client) -> None:
    for kind, code, typed, said in (
        ("kwaliteit", "Q02a", {"nl": "Klopt {dit}?"}, "Tussen accolades kan alleen staan: {age}."),
        ("kwaliteit", "Q02a", {"nl": ""}, "Schrijf één zin"),
        ("kwaliteit", "Q02a", {"nl": "Klopt dit?", "reason": "kort"}, "Geef de reden"),
        ("kwaliteit", "Q02a", {}, "Er is niets gewijzigd"),
        ("teksten", "answer-right", {"nl": "Klopt ‘{field}’."}, "zonder accolades"),
        ("termijnen", "late", {"days": "7"}, "ligt vóór"),
        ("termijnen", "late", {"days": "zeven"}, "een aantal dagen"),
        ("termijnen", "late", {"days": "20", "version": "9"}, "intussen gewijzigd"),
    ):
        page = _send(office, kind, code, status=422, **typed)
        assert said in page, (code, typed)
        assert all(text in page for text in typed.values() if text not in ("9",))
    assert not ConfigurationChange.objects.exists()
    for address in ("/regels/anders/", "/regels/kwaliteit/Q99/", "/regels/anders/Q01a/"):
        assert office.get(address).status_code == 404
    assert office.post("/regels/kwaliteit/Q99/wijzigen/", {"reason": WHY}).status_code == 404


def test_a_standard_text_is_worded_anew_added_and_left_out(office: Client, desk: Client, staff: User) -> None:
    _send(office, "teksten", "question-right", nl="Weet u ‘{field}’ zeker?", en="Are you sure of ‘{field}’?")
    new = reverse("register_rules:new_text")
    typed = {"use": "question", "nl": "Wat weet u nog meer?", "en": "What else do you know?", "reason": WHY}
    assert "Kies waarvoor" in office.post(new, {**typed, "use": "x"}).content.decode()
    assert office.post(new, typed).status_code == 302
    case = factories.in_review(factories.physician(), staff)
    page = desk.get(reverse("register_desk:review", args=[case.pk])).content.decode()
    assert "Weet u ‘{field}’ zeker?" in page and "Wat weet u nog meer?" in page
    sent = {"version": version(case), "field": "Decedent.sex", "standard": "right"}
    desk.post(reverse("register_desk:step", args=[case.pk, "ask"]), sent)
    assert case.query_rows.get().messages.get().text == "Weet u ‘Geslacht’ zeker?"
    assert (
        "Wat weet u nog meer?"
        in desk.get(reverse("register_desk:worklist", args=["reactie-gevraagd"])).content.decode()
    )
    _send(office, "teksten", "question-right", nl="Klopt ‘{field}’?", en="Right?", offered="no")
    _send(office, "teksten", "question-own_1", do="restore")
    assert [text.code for text in current().texts.of(QUESTION)] == ["missing", "source", "report", "compare"]


def test_a_term_counts_at_once_for_requests_reminders_and_lateness(
    office: Client, desk: Client, staff: User, physician: User
) -> None:
    _send(office, "termijnen", "laboratory-nfi", days="50")
    _send(office, "termijnen", "first_reminder", days="3")
    _send(office, "termijnen", "adding_up", days="1")
    _send(office, "termijnen", "late", days="3")
    case = factories.filled(physician)
    assert case.toxrequest_rows.get().due_on == timezone.localdate() + timedelta(days=50)
    case = factories.in_review(physician, staff)
    sent = {"version": version(case), "field": "Decedent.sex", "standard": "right"}
    desk.post(reverse("register_desk:step", args=[case.pk, "ask"]), sent)
    OutboxMessage.objects.update(done_at=timezone.now())
    question_reminders.round_of(now=timezone.now() + timedelta(days=4))
    assert OutboxMessage.objects.filter(done_at=None, key__startswith="questions-after:3:").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE register_query SET opened_at = opened_at - interval '4 days'")
    assert "4 dagen · te laat" in desk.get(reverse("register_desk:review", args=[case.pk])).content.decode()
    assert "4 dagen · te laat" in sign_in(Client(), physician).get(reverse("physician:questions")).content.decode()


def test_nobody_changes_what_was_said_and_looking_costs_little(office: Client, desk: Client, staff: User) -> None:
    _send(office, "termijnen", "late", days="20")
    for statement in (
        "UPDATE register_configurationchange SET reason = 'x'",
        "DELETE FROM register_configurationchange",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    first = ConfigurationChange.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConfigurationChange.objects.create(
            kind=first.kind, code=first.code, number=1, at=timezone.now(), by=staff, reason=WHY, holds_from=TODAY
        )
    for kind in ("kwaliteit", "teksten", "termijnen"):
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(reverse("register_rules:listing", args=[kind])).content.decode()
        assert len(asked) <= FEW_QUERIES, [query["sql"][:90] for query in asked]
        assert ("blad=2" in page) == (kind == "kwaliteit")
    with CaptureQueriesContext(connection) as asked:
        assert "14 dagen" in _page(desk, "termijnen", "late")
    assert len(asked) <= FEW_QUERIES


def test_the_staff_sets_words_and_terms_alone_and_a_severity_with_a_second_person(
    desk: Client, beside: Client, staff: User, colleague: User
) -> None:
    _send(desk, "termijnen", "late", days="20")
    _send(desk, "kwaliteit", "Q34", nl="Er lag een brief bij een ongeval.")
    assert (current().terms.days("late"), current().rule("Q34").nl) == (20, "Er lag een brief bij een ongeval.")
    _send(desk, "kwaliteit", "Q34", severity="error_at_submit")
    assert current().rule("Q34").severity == "warning" and following.progress() is None
    assert "stelde dit zelf voor" in _page(desk, "kwaliteit", "Q34")
    assert "zelf voorgesteld" in _send(desk, "kwaliteit", "Q34", do="agree", status=422)
    listed = _at(beside, reverse("register_rules:listing", args=["kwaliteit"]))
    assert "Wacht op een tweede persoon" in listed
    assert "Instemmen met deze wijziging" in _page(beside, "kwaliteit", "Q34")
    _send(beside, "kwaliteit", "Q34", do="agree")
    assert current().rule("Q34").severity == "error_at_submit" and following.progress() is not None
    assert f"{colleague.display_name} stemde in" in _page(desk, "kwaliteit", "Q34")
    assert "geen wijziging op instemming" in _send(beside, "kwaliteit", "Q34", do="agree", status=422)
    told = [one for one in changes(actor=str(colleague.pk)) if one.tbl == "register_configurationchange"]
    assert [one.op for one in told] == ["U"]
    agreed = ConfigurationChange.objects.get(asks=True)
    for who, columns in ((staff, "agreed_by_id = by_id"), (colleague, "agreed_by_id = NULL, agreed_at = NULL")):
        refused = pytest.raises((IntegrityError, ProgrammingError))
        with refused, transaction.atomic(), acting_as(who), connection.cursor() as cursor:
            cursor.execute(f"UPDATE register_configurationchange SET {columns} WHERE id = %s", [agreed.pk])


def test_who_may_agree_hears_of_it_by_mail_and_nobody_else(
    desk: Client, beside: Client, staff: User, colleague: User, admin: User, physician: User
) -> None:
    former = factories.reviewer()
    for person in (staff, colleague, admin, physician, former):
        User.objects.filter(pk=person.pk).update(email=f"{person.pk}@register.example")
    User.objects.filter(pk=former.pk).update(ends_on=TODAY - timedelta(days=1))
    _send(desk, "kwaliteit", "Q34", severity="error_at_submit", reason="Vanwege de zaak van gisteren")
    message = OutboxMessage.objects.get(task=agreement_mail.TASK)
    assert message.payload == {"change_id": str(ConfigurationChange.objects.get().pk)}
    send_agreement_mail(str(message.pk))
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(
        f"{person.pk}@register.example" for person in (colleague, admin)
    )
    assert {str(sent.subject) for sent in mail.outbox} == {"Regel Q34 wacht op een tweede persoon"}
    assert all("/regels/\n" in sent.body and "gisteren" not in sent.body for sent in mail.outbox)
    _send(beside, "kwaliteit", "Q34", do="agree")
    agreement_mail.deliver(change_id=ConfigurationChange.objects.get().pk)
    assert len(mail.outbox) == 2


def test_a_proposal_is_withdrawn_or_overtaken_and_then_nobody_agrees_to_it(desk: Client, beside: Client) -> None:
    _send(desk, "kwaliteit", "Q34", severity="warning_at_submit")
    before = entries.find(Kind.RULE, "Q34").row_version
    _send(beside, "kwaliteit", "Q34", do="withdraw")
    late = _send(beside, "kwaliteit", "Q34", do="agree", status=422, version=str(before))
    assert "intussen gewijzigd" in late
    assert "niets voorgenomen" in _send(beside, "kwaliteit", "Q34", do="withdraw", status=422)
    assert current().rule("Q34").severity == "warning" and not entries.waiting(Kind.RULE)


def test_a_change_holds_from_its_day_on_and_a_later_one_takes_its_place(office: Client, desk: Client) -> None:
    day = TODAY + timedelta(days=30)
    boxes = {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}
    for wrong in ({**boxes, "day_year": "2019"}, {**boxes, "day_day": ""}, {"day_day": "x"}):
        assert "vandaag of later" in _send(office, "termijnen", "late", status=422, days="20", **wrong)
    _send(office, "termijnen", "late", days="20", **boxes)
    _send(office, "kwaliteit", "Q34", severity="error_at_submit", **boxes)
    assert (current().terms.days("late"), current().rule("Q34").severity) == (14, "warning")
    then = _on(day)
    assert (then.terms.days("late"), then.rule("Q34").severity) == (20, "error_at_submit")
    assert _on(day - timedelta(days=1)).terms.days("late") == 14
    message = OutboxMessage.objects.get(task=following.TASK)
    assert timezone.localdate(message.available_at) == day and following.progress() is None
    # Days that hold together later are judged beside each other now.
    assert "ligt vóór" in _send(office, "termijnen", "adding_up", status=422, days="14")
    assert "anders vanaf" in _at(desk, reverse("register_rules:listing", args=["termijnen"]))
    # Who reviews takes back no severity alone that was settled for a day to come.
    _send(desk, "kwaliteit", "Q34", do="withdraw")
    assert _on(day).rule("Q34").severity == "error_at_submit"
    _send(desk, "termijnen", "late", days="16")
    assert (current().terms.days("late"), _on(day).terms.days("late")) == (16, 16)


def test_an_earlier_version_is_read_whole_and_put_back(office: Client, desk: Client) -> None:
    _send(office, "kwaliteit", "Q34", nl="Er lag een brief bij een ongeval.")
    _send(office, "kwaliteit", "Q34", nl="Er lag een briefje bij een ongeval.")
    address = reverse("register_rules:entry", args=["kwaliteit", "Q34"])
    shown = _at(desk, f"{address}?versie=1")
    assert "Versie 1 terugzetten" in shown and shown.count("Er lag een brief bij een ongeval.") >= 3
    assert [desk.get(f"{address}?versie={number}").status_code for number in ("3", "x", "-1")] == [404, 200, 200]
    _send(desk, "kwaliteit", "Q34", nl="Er lag een brief bij een ongeval.")
    assert current().rule("Q34").nl == "Er lag een brief bij een ongeval."


def _on(day: date) -> Configuration:
    """The settings as they will be on a day, if nobody changes them until then."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STATE}")
        (state,) = cursor.fetchone()
    return at(f"{state.rpartition('.')[0]}.{day}")

"""Checking, handing in, taking back, answering questions, and the history of it all."""

import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.casework import moves, queries
from register.models import Case, User
from register.web.physician.progress import all_with_progress, navigation
from tests.integration.web_physician.conftest import Draft, fresh, version
from tests.signing_in import sign_in


def check_page(case: Case) -> str:
    return reverse("physician:check", args=[case.pk])


def asked(case: Case, reviewer: User, field: str = "Decedent.age_years") -> Case:
    """The case with one question out."""
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field=field, text="Klopt deze leeftijd?", seen_version=version(case), by=reviewer)
    return fresh(case)


def question_page(case: Case) -> str:
    return reverse("physician:question", args=[case.pk, case.query_rows.get().pk])


def test_the_check_page_shows_every_answer_and_marks_what_is_missing(desk: Client, draft: Draft) -> None:
    case = draft()
    page = desk.get(check_page(case)).content.decode()
    assert page.count("Nog leeg") >= 8
    assert "antwoorden ontbreken" in page
    assert 'role="alert"' not in page
    assert f'href="/zaken/{case.pk}/overledene/?terug=controleren"' in page


def test_a_substance_that_is_suspected_and_not_named_is_asked_for_in_words(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    address = reverse("physician:section", args=[case.pk, "middelen"])
    assert desk.post(address, {"version": version(case), "suspected_none": "no", "do": "next"}).status_code == 302
    page = desk.get(check_page(case)).content.decode()
    assert "Nog leeg: noem een middel, of zeg dat er geen vermoed wordt" in page
    steps = navigation(all_with_progress(Case.objects.filter(pk=case.pk)).get()).steps
    assert next(step.words for step in steps if step.slug == "middelen") == "Bezig"
    assert next(step.words for step in steps if step.slug == "overledene") == "Klaar"


def test_handing_in_too_early_links_each_obstacle_to_its_question(desk: Client, draft: Draft) -> None:
    case = draft()
    answer = desk.post(check_page(case), {"version": version(case)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert f'href="/zaken/{case.pk}/overledene/?terug=controleren#f-sex"' in page
    assert fresh(case).status == "draft"


def test_a_complete_case_is_handed_in_and_confirmed_with_its_number(desk: Client, ready: Draft) -> None:
    case = ready()
    answer = desk.post(check_page(case), {"version": version(case)}, follow=True)
    page = answer.content.decode()
    assert fresh(case).status == "submitted"
    assert f"Zaak {case.case_number} is ingediend" in page
    assert "toxicologie-uitslag wordt verwacht vóór" in page


def test_a_warning_is_handed_in_only_with_a_reason(desk: Client, ready: Draft) -> None:
    case = ready(age_years="9")
    page = desk.get(check_page(case)).content.decode()
    key = re.search(r'name="(accept:[^"]+)"', page)
    assert key
    refused = desk.post(check_page(case), {"version": version(case), key[1]: "  "})
    assert refused.status_code == 422
    assert "Geef een reden" in refused.content.decode()
    assert desk.post(check_page(case), {"version": version(case), key[1]: "Nagevraagd"}).status_code == 302
    assert case.acceptedfinding_rows.get().reason == "Nagevraagd"


def test_handing_in_an_old_version_is_refused(desk: Client, ready: Draft) -> None:
    case = ready()
    answer = desk.post(check_page(case), {"version": version(case) - 1})
    assert answer.status_code == 409
    assert fresh(case).status == "draft"


def test_only_the_reporter_hands_in(client: Client, colleague: User, ready: Draft) -> None:
    case = ready()
    sign_in(client, colleague)
    assert client.post(check_page(case), {"version": version(case)}).status_code == 404


def test_a_case_that_was_handed_in_has_no_check_page_any_more(desk: Client, submitted: Draft) -> None:
    case = submitted()
    assert desk.get(check_page(case)).headers["Location"] == f"/zaken/{case.pk}/"


def test_a_draft_is_withdrawn_with_a_reason_and_without_one_not(desk: Client, draft: Draft) -> None:
    case = draft()
    path = reverse("physician:withdraw", args=[case.pk])
    refused = desk.post(path, {"reason": " ", "version": version(case)})
    assert refused.status_code == 422
    assert 'id="f-reason-e"' in refused.content.decode()
    assert desk.post(path, {"reason": "Dubbel begonnen", "version": version(case)}).status_code == 302
    assert fresh(case).status == "withdrawn"
    assert str(case.pk) not in desk.get("/zaken/").content.decode()


def test_a_submitted_case_is_not_withdrawn_by_the_physician(desk: Client, submitted: Draft) -> None:
    case = submitted()
    answer = desk.post(reverse("physician:withdraw", args=[case.pk]), {"reason": "Toch niet", "version": version(case)})
    assert answer.status_code == 403
    assert fresh(case).status == "submitted"


def test_a_question_is_counted_in_the_menu_and_listed_without_the_answer(
    desk: Client, submitted: Draft, reviewer: User
) -> None:
    case = asked(submitted(), reviewer)
    page = desk.get("/vragen/").content.decode()
    assert '<span class="count">1</span>' in page
    assert f'href="{question_page(case)}"' in page
    assert "Leeftijd (jaren)" in page


def test_a_question_is_answered_at_its_field_and_goes_back_to_the_register(
    desk: Client, submitted: Draft, reviewer: User
) -> None:
    case = asked(submitted(), reviewer)
    page = desk.get(question_page(case)).content.decode()
    assert "Klopt deze leeftijd?" in page
    assert 'name="age_years" value="34"' in page
    form = {"age_years": "43", "text": "Cijfers verwisseld", "version": version(case)}
    desk.post(question_page(case), form)
    stored = fresh(case)
    assert stored.decedent_section.age_years == 43
    assert stored.status == "query_answered"
    assert [message.text for message in case.query_rows.get().messages.order_by("at")] == [
        "Klopt deze leeftijd?",
        "Cijfers verwisseld",
    ]


def test_a_standard_answer_alone_is_enough(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    form = {"age_years": "34", "standard": "right", "version": version(case)}
    assert desk.post(question_page(case), form).status_code == 302
    assert fresh(case).status == "query_answered"
    assert case.query_rows.get().messages.order_by("at").last().text == "Klopt, zo ingevuld."


def test_a_standard_answer_that_does_not_exist_is_no_answer(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    form = {"age_years": "34", "standard": "verzonnen", "version": version(case)}
    assert desk.post(question_page(case), form).status_code == 422
    assert fresh(case).status == "query_open"


def test_the_thread_says_who_asked_in_which_role_and_when(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    page = desk.get(question_page(case)).content.decode()
    said = case.query_rows.get().messages.get()
    assert "register.jansen · Registermedewerker" in page
    assert f'datetime="{timezone.localtime(said.at).isoformat()}"' in page


def test_the_page_of_the_field_leads_to_its_question_while_it_is_open(
    desk: Client, submitted: Draft, reviewer: User
) -> None:
    case = asked(submitted(), reviewer)
    page = desk.get(f"/zaken/{case.pk}/overledene/").content.decode()
    assert f'href="{question_page(case)}"' in page
    assert 'href="#f-age_years"' in page
    assert question_page(case) not in desk.get(f"/zaken/{case.pk}/overlijden/").content.decode()


def test_closing_a_question_is_not_for_the_physician(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    query = case.query_rows.get()
    assert "sluiten" not in desk.get(question_page(case)).content.decode().casefold()
    step = reverse("register_desk:step", args=[case.pk, "close-query"])
    answer = desk.post(step, {"query": query.pk, "version": version(case)})
    assert answer.status_code == 403
    assert "mag niet met uw rol" in answer.content.decode()
    assert case.query_rows.get().state == "open"


def test_an_answer_that_is_changed_from_the_check_page_leads_back_to_it(desk: Client, ready: Draft) -> None:
    case = ready()
    address = f"/zaken/{case.pk}/overledene/?terug=controleren"
    assert "Opslaan en terug naar controleren" in desk.get(address).content.decode()
    answer = desk.post(address, {"age_years": "35", "version": version(case), "do": "next"})
    assert answer.headers["Location"] == check_page(case)


def test_a_warning_is_accepted_with_a_reason_of_the_list_which_the_reviewer_reads(
    desk: Client, ready: Draft, reviewer: User
) -> None:
    case = ready(age_years="9")
    key = re.search(r'name="because:([^"]+)"', desk.get(check_page(case)).content.decode())
    assert key
    form = {f"because:{key[1]}": "checked", f"accept:{key[1]}": "", "version": version(case)}
    assert desk.post(check_page(case), form).status_code == 302
    assert case.acceptedfinding_rows.get().reason == "Nagekeken: zo is het."
    client = Client()
    sign_in(client, reviewer)
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    page = client.get(reverse("register_desk:review", args=[case.pk])).content.decode()
    assert "Nagekeken: zo is het. (arts.amsterdam, " in page


def test_a_reply_without_words_changes_nothing(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    answer = desk.post(question_page(case), {"age_years": "43", "text": "", "version": version(case)})
    assert answer.status_code == 422
    assert 'id="f-text-e"' in answer.content.decode()
    assert 'name="age_years" value="43"' in answer.content.decode()
    assert fresh(case).decedent_section.age_years == 34


def test_a_wrong_new_value_sends_no_reply(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    answer = desk.post(question_page(case), {"age_years": "430", "text": "Aangepast", "version": version(case)})
    assert answer.status_code == 422
    assert 'id="f-age_years-e"' in answer.content.decode()
    assert fresh(case).status == "query_open"
    assert case.query_rows.get().messages.count() == 1


def test_a_question_about_the_case_itself_is_answered_with_words_alone(
    desk: Client, submitted: Draft, reviewer: User
) -> None:
    case = asked(submitted(), reviewer, field="")
    assert "De zaak" in desk.get(question_page(case)).content.decode()
    assert desk.post(question_page(case), {"text": "Ja", "version": version(case)}).status_code == 302


def test_while_a_question_is_out_a_page_changes_with_a_reason(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    path = reverse("physician:section", args=[case.pk, "overledene"])
    form = {"sex": "male", "age_years": "35", "residence_municipality": "GM0363", "version": version(case)}
    refused = desk.post(path, form)
    assert refused.status_code == 422
    assert 'id="f-reason-e"' in refused.content.decode()
    assert desk.post(path, {**form, "reason": "Nagerekend"}).status_code == 302
    assert fresh(case).decedent_section.age_years == 35


def test_the_physician_cannot_close_a_question(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    page = desk.get(question_page(case)).content.decode()
    assert "sluiten" not in page.lower().split("<main")[1]


def test_the_history_tells_in_sentences_who_did_what(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = asked(submitted(), reviewer)
    page = desk.get(reverse("physician:history", args=[case.pk])).content.decode()
    assert "arts.amsterdam (Forensisch arts): Indienen. De zaak is nu ‘Ingediend’." in page
    assert "register.jansen (Registermedewerker): Vraag stellen" in page
    assert re.search(r"Antwoorden: [^<]*Geslacht, Leeftijd \(jaren\)", page)
    assert "Vermoed middel, nieuw: Vermoed middel, Zoals gemeld, Bron" in page


def test_a_history_is_not_shown_elsewhere(other_desk: Client, submitted: Draft) -> None:
    assert other_desk.get(reverse("physician:history", args=[submitted().pk])).status_code == 404


def test_obstacles_stand_in_the_order_of_the_pages_and_lead_to_a_question_that_is_there(
    desk: Client, draft: Draft
) -> None:
    case = draft()
    page = desk.post(check_page(case), {"version": version(case)}).content.decode()
    links = re.findall(r'href="(/zaken/[^"]+/)(#f-\w+)?"', page.split('class="errors"')[1].split("</ul>")[0])
    slugs = [path.split("/")[-2] for path, _ in links]
    order = ["overledene", "overlijden", "omstandigheden", "middelen", "toxicologie", "conclusie"]
    assert slugs == sorted(slugs, key=order.index)
    for path, anchor in links:
        assert not anchor or f'id="{anchor[1:]}"' in desk.get(path).content.decode(), (path, anchor)


def test_a_substance_without_a_source_holds_up_handing_in(desk: Client, ready: Draft) -> None:
    case = ready()
    row = case.suspectedsubstance_rows.get()
    middelen = reverse("physician:section", args=[case.pk, "middelen"])
    desk.post(middelen, {f"suspicion.{row.pk}.route": "", "version": version(case)})
    page = desk.post(check_page(case), {"version": version(case)})
    assert page.status_code == 422
    assert f'<a href="{middelen}">' in page.content.decode()

"""Two reviewers see that they have the same case open; nobody else hears of it, and nothing is locked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.access import sessions
from register.casework import presence
from register.models import Presence, User
from tests.integration.web_register.conftest import Submit
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = pytest.mark.django_db


def test_a_colleague_is_named_for_a_minute_and_no_word_of_the_case_goes_along(
    desk: Client, submit: Submit, reviewer: User, physician: User
) -> None:
    case = submit()
    url = reverse("register_desk:beat", args=[case.pk])
    other = Client()
    sign_in(other, User.objects.create_user("devries", role="register_staff", first_name="D.", last_name="de Vries"))
    assert desk.post(url).json() == {"sentence": ""}
    assert other.post(url).json() == {"sentence": "R. Jansen bekijkt deze zaak"}
    assert desk.post(url).json() == {"sentence": "D. de Vries bekijkt deze zaak"}
    assert [look.code for look in looks(actor=str(reviewer.pk))] == []
    other.post(url, {"leaves": "1"})
    assert desk.post(url).json() == {"sentence": ""}
    other.post(url)
    later = timezone.now() + timedelta(seconds=presence.GONE_AFTER + 1)
    assert presence.beat(case=case, by=reviewer, now=later) == []
    assert Presence.objects.count() == 1
    stranger = Client()
    sign_in(stranger, physician)
    assert stranger.post(url).status_code == 403


def test_a_page_that_is_only_open_keeps_no_session(desk: Client, submit: Submit) -> None:
    case = submit()
    desk.get(reverse("register_desk:review", args=[case.pk]))
    session = desk.session
    session[sessions.SEEN] = session[sessions.SEEN] - 600
    session.save()
    desk.post(reverse("register_desk:beat", args=[case.pk]))
    assert desk.session[sessions.SEEN] == session[sessions.SEEN]

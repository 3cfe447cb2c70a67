"""The keys of forms: claimed once, kept for a day."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from register.audit import acting_as
from register.models import Save
from register.outbox import saves
from register.tasks import forget_saves

pytestmark = pytest.mark.django_db


def test_a_key_is_claimed_once_and_remembers_what_came_of_it() -> None:
    key = uuid4()
    with acting_as("system:test"):
        save, first = saves.begin(key, use_case="page", digest="a")
        assert first
        saves.finish(save, status=302, location="/zaken/", version=7)
    with acting_as("system:test"):
        again, first = saves.begin(key, use_case="page", digest="a")
    assert (first, again.status, again.location, again.version) == (False, 302, "/zaken/", 7)


@pytest.mark.parametrize(
    ("actor", "use_case", "digest"),
    [("system:other", "page", "a"), ("system:test", "other", "a"), ("system:test", "page", "b")],
)
def test_a_key_belongs_to_one_form_of_one_person(actor: str, use_case: str, digest: str) -> None:
    key = uuid4()
    with acting_as("system:test"):
        saves.finish(saves.begin(key, use_case="page", digest="a")[0], status=302)
    with pytest.raises(saves.OtherFormError), acting_as(actor):
        saves.begin(key, use_case=use_case, digest=digest)


def test_keys_are_forgotten_after_a_day() -> None:
    old, new = uuid4(), uuid4()
    with acting_as("system:test"):
        for key in (old, new):
            saves.finish(saves.begin(key, use_case="page", digest="a")[0], status=302)
    Save.objects.filter(pk=old).update(at=timezone.now() - timedelta(hours=25))
    forget_saves()
    assert [save.pk for save in Save.objects.all()] == [new]

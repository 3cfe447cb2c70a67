"""A small register in which every address of the register has something to show, committed for every connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import OperationalError, connection
from django.test import TransactionTestCase
from django.utils import timezone

from register.access import invitations, issue_token, webhooks
from register.access.grants import Grant
from register.access.invitees import Invitee
from register.audit import acting_as
from register.casework import panel, queries, unknown_names
from register.models import Case, DuplicatePair, Release, User, Webhook
from register.reporting import announcing
from register.workflow.roles import Role
from tests import factories
from tests.integration.api.conftest import CASES, publish_release
from tests.integration.reporting.closed_cases import store
from tests.trail import Look, looks


@dataclass(frozen=True)
class Stock:
    """People by a short name, cases by what they are good for, a published release and a token to read it."""

    people: dict[str, User]
    draft: Case
    case: Case
    in_panel: Case
    release: Release
    token: str
    token_id: UUID
    webhook: Webhook
    invitation_id: UUID
    pair_id: UUID
    unknown_name: str

    def keys(self) -> dict[str, Any]:
        """A value for every key that an address can carry."""
        request = self.case.toxrequest_rows.get()
        suspicion = self.draft.suspectedsubstance_rows.first()
        return {
            "case_id": self.case.pk,
            "query_id": self.case.query_rows.get().pk,
            "row_id": suspicion.pk if suspicion else None,
            "request_id": request.pk,
            "result_id": request.results.get().pk,
            "release_id": self.release.pk,
            "release": self.release.identifier,
            "person_id": self.people["physician"].pk,
            "user_id": self.people["stranger"].pk,
            "invitation_id": self.invitation_id,
            "token_id": self.token_id,
            "webhook_id": self.webhook.pk,
            "delivery_id": self.webhook.deliveries.get().pk,
            "pair_id": self.pair_id,
            "key": self.unknown_name,
        }


def make() -> Stock:
    """Everything through the calls of production."""
    store(CASES)
    people = {
        "physician": factories.physician(),
        "stranger": factories.physician(factories.ROTTERDAM),
        "reviewer": factories.reviewer(),
        "member": factories.person(Role.PANEL_MEMBER),
        "statistician": factories.person(Role.STATISTICIAN),
        "admin": factories.person(Role.ADMIN),
        "auditor": factories.person(Role.AUDITOR),
    }
    physician, reviewer = people["physician"], people["reviewer"]
    case = factories.with_result(factories.in_review(physician, reviewer), physician)
    case = queries.ask(case_id=case.pk, field="", text="Klopt dit?", seen_version=case.row_version, by=reviewer)
    spare, _ = issue_token(organisation="CBS", by=people["admin"], expires_at=timezone.now() + timedelta(days=1))
    invitee = Invitee("Ina Nieuw", "ina@example.org", Grant(Role.STATISTICIAN.value))
    invited = invitations.invite(invitee=invitee, by=people["admin"], now=timezone.now())
    _, token = issue_token(organisation="NDM", by=people["admin"], expires_at=timezone.now() + timedelta(days=1))
    draft, pair = factories.filled(physician), _pair(case, factories.handed_in(physician, ("roze poeder", None)))
    with acting_as(reviewer):
        (unknown,) = unknown_names.waiting(by=reviewer)
    doubtful = factories.in_review(people["stranger"], reviewer)
    doubtful = panel.to_panel(case_id=doubtful.pk, seen_version=doubtful.row_version, by=reviewer)
    webhook, release = _webhook(people["admin"]), publish_release()
    return Stock(people, draft, case, doubtful, release, token, spare.pk, webhook, invited.pk, pair.pk, unknown.key)


def _webhook(admin: User) -> Webhook:
    """An address that hears of publications, with a message to it."""
    now = timezone.now()
    webhook, _ = webhooks.register_webhook(organisation="NDM", address="https://ndm.example.nl/", by=admin, now=now)
    announcing.send_test(webhook_id=webhook.pk, message_id=uuid4(), by=admin, now=now)
    return webhook


def _pair(first: Case, second: Case) -> DuplicatePair:
    with acting_as("system:duplicates"):
        return DuplicatePair.objects.create(first=first, second=second, score=95)


@contextmanager
def committed(blocker: Any) -> Iterator[Stock]:
    """The stock for a whole module that only reads; emptied afterwards."""
    with blocker.unblock():
        yield make()
        TransactionTestCase._fixture_teardown(None)  # type: ignore[attr-defined]


@contextmanager
def broken_log() -> Iterator[None]:
    """No event can be stored in this session."""

    def broken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "audit.log_access" in sql:
            raise OperationalError("no space left")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        yield


@contextmanager
def events_of(found: list[Look]) -> Iterator[None]:
    """Put into ``found`` what the access log gains meanwhile."""
    before = max((look.id for look in looks()), default=0)
    yield
    found += [look for look in looks() if look.id > before]

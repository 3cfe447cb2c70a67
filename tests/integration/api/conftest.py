"""Published releases and a token to read them with. The API has a connection of its own, so rows are committed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, TransactionTestCase, override_settings
from django.utils import timezone

from register.access import issue_token
from register.api import again
from register.models import Release, User
from register.reporting import building, releases
from register.reporting.plans import Plan
from register.workflow.release_transitions import ReleaseState
from tests.integration.reporting.closed_cases import Closed, people, store

Get = Callable[..., Any]
Publish = Callable[..., Release]
CASES = [
    *(Closed(age=age, definitions=("nl_broad", "sel_b", "sel_d")) for age in range(20, 60)),
    *(Closed(sex="female", substances=[("cocaine", "sole_cause")], age=33) for _ in range(12)),
    *(Closed(sex="female", substances=[("mdma", "joint_cause"), ("ghb", "joint_cause")]) for _ in range(3)),
]


def publish_release(target: ReleaseState = ReleaseState.PUBLISHED_PROVISIONAL, **changes: Any) -> Release:
    """A release of the stored cases, made by one member of the staff and approved by another.

    It is for everybody where the deployment opens its figures, which no test's does by itself.
    """
    _, jansen, devries = people()
    now = timezone.now()
    values: dict[str, Any] = {
        "title": "Drugssterfte 2016",
        "definition": "nl_broad",
        "year_from": 2016,
        "year_to": 2016,
        "cut_off": now,
        "target": target,
        "public": True,
        **changes,
    }
    with override_settings(PUBLIC_FIGURES=True):
        release = releases.draft(plan=Plan(**values), by=jansen, now=now)
    release = building.build(release_id=release.pk, now=now)
    release = releases.submit(release_id=release.pk, note="Klaar.", seen_version=release.row_version, by=jansen)
    return releases.approve(release_id=release.pk, seen_version=release.row_version, by=devries, now=timezone.now())


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_user("beheer", role="admin")


@pytest.fixture
def token(admin: User) -> str:
    _, plain = issue_token(organisation="NDM", by=admin, expires_at=timezone.now() + timedelta(days=1))
    return plain


@pytest.fixture
def get(token: str) -> Get:
    return _asking(token)


@pytest.fixture
def get_again(token: str) -> Get:
    """As the web server asks: what stands around the application first, and the usual way where that has no answer."""
    usual = _asking(token)

    def asked(path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return through(path, headers, lambda: usual(path, headers=headers, **options), **options)

    return asked


def _asking(token: str) -> Get:
    def _get(path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        method = options.pop("method", "get")
        return getattr(Client(), method)(path, headers=headers, **options)

    return _get


def through(path: str, headers: dict[str, str], usual: Callable[[], Any], **options: Any) -> Any:
    """The answer to a request that passes what is remembered, and then takes the usual way."""
    method, secure = options.get("method", "get").upper(), options.get("secure", False)
    request = RequestFactory().generic(method, path, headers=headers, secure=secure)
    found: list[Any] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        found.append(usual())
        return []

    def start_response(status: str, given: list[tuple[str, str]]) -> None:
        found.append(HttpResponse(status=int(status.split()[0]), headers=dict(given)))

    body = b"".join(again.Again(application)(request.environ, start_response))
    (answer,) = found
    if body:
        answer.content = body
    return answer


@pytest.fixture
def publish(transactional_db: None) -> Publish:
    """Publish releases of the same cases, one after the other."""
    store(CASES)
    return publish_release


@pytest.fixture(scope="module")
def release(django_db_setup: None, django_db_blocker: Any) -> Iterator[Release]:
    """One release for a whole module that only reads."""
    with django_db_blocker.unblock():
        store(CASES)
        yield publish_release()
        TransactionTestCase._fixture_teardown(None)  # type: ignore[attr-defined]

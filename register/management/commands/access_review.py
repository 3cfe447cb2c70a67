"""``manage.py access_review``: who has what since when, granted by whom, as tab-separated lines for a spreadsheet."""

import csv
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils import timezone

from register.access.accounts import AccountState
from register.access.review import Holding, holdings
from register.audit import Event, acting_as, log_access

HEAD = (
    "user", "name", "role", "region", "service", "state", "ends_on", "since", "granted_by", "last_login", "attention",
)  # fmt: skip


class Command(BaseCommand):
    help = "Print every account with its role and region, since when, by whom, and what needs attention."

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects.select_related("region", "forensic_service").order_by("username")
        now = timezone.now()
        with acting_as("system:access_review"):
            found = holdings(users, today=timezone.localdate(now), now=now)
            log_access(Event.USER_LIST, object_type="user", objects=[one.user.pk for one in found])
        lines = csv.writer(self.stdout, delimiter="\t", lineterminator="\n")
        lines.writerow(HEAD)
        lines.writerows(_line(one) for one in found)


def _line(one: Holding) -> list[str]:
    user = one.user
    return [
        user.username,
        user.display_name,
        user.role,
        user.region_id or "",
        user.forensic_service_id or "",
        one.state.value,
        str(user.ends_on or ""),
        timezone.localtime(one.since).date().isoformat(),
        one.granted_by.username if one.granted_by else "operator",
        timezone.localtime(user.last_login).date().isoformat() if user.last_login else "never",
        _attention(one),
    ]


def _attention(one: Holding) -> str:
    if one.state is AccountState.ENDED:
        return "end date passed"
    return "not used for 90 days" if one.unused else ""

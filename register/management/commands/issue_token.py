"""``manage.py issue_token ORGANISATION --by USER [--days N]``: a read-only token for the API, shown once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from register.access import issue_token, may
from register.access.errors import InvalidError
from register.access.tokens import MOST_DAYS, READ, SCOPES, USUAL_DAYS
from register.audit import Event, acting_as, log_access
from register.workflow.verbs import Verb


class Command(BaseCommand):
    help = "Issue a read-only token with which an organisation reads published figures. It is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="who will use the token")
        parser.add_argument("--by", required=True, metavar="USER", help="the administrator who issues it")
        parser.add_argument(
            "--days",
            type=int,
            default=USUAL_DAYS,
            help=f"how long it is valid (default {USUAL_DAYS}, at most {MOST_DAYS})",
        )
        parser.add_argument("--scope", default=READ, choices=SCOPES, help=f"what it opens (default {READ})")

    def handle(self, *args: Any, **options: Any) -> None:
        by = get_user_model().objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"There is no user {options['by']!r}.")
        verdict = may(by, Verb.MANAGE_TOKENS)
        if not verdict:
            raise CommandError(verdict.en)
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"Choose from 1 to {MOST_DAYS} days.")
        try:
            with acting_as(by):
                token, plain = issue_token(
                    organisation=options["organisation"],
                    by=by,
                    expires_at=timezone.now() + timedelta(days=options["days"]),
                    scope=options["scope"],
                )
                log_access(Event.TOKEN_ISSUE, object_type="token", objects=[token.pk])
        except InvalidError as invalid:
            raise CommandError(str(invalid)) from None
        self.stdout.write(plain)
        self.stderr.write(
            f"Token {token.pk} for {token.organisation}, valid until {token.expires_at:%Y-%m-%d %H:%M} UTC. "
            "Keep it secret: it cannot be shown again."
        )

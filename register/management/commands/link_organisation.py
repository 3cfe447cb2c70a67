"""``manage.py link_organisation PROVIDER SUBJECT --user USER --by USER``: a login elsewhere for an account here."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from register.access import may, organisations
from register.audit import acting_as
from register.workflow.verbs import Verb


class Command(BaseCommand):
    help = "Link the login that a person has at their own organisation to the account they have here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", help="short name of the organisation in OIDC_PROVIDERS")
        parser.add_argument("subject", help="what the organisation calls the person in its tokens (sub)")
        parser.add_argument("--user", required=True, help="the person")
        parser.add_argument("--by", required=True, metavar="USER", help="the administrator who links")

    def handle(self, *args: Any, **options: Any) -> None:
        by, person = self._user(options["by"]), self._user(options["user"])
        verdict = may(by, Verb.MANAGE_USERS)
        if not verdict:
            raise CommandError(verdict.en)
        known = [app["provider_id"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]]
        if options["provider"] not in known:
            raise CommandError(f"OIDC_PROVIDERS names no {options['provider']!r}.")
        try:
            with acting_as(by):
                organisations.link(provider=options["provider"], subject=options["subject"], person=person)
        except IntegrityError:
            raise CommandError("This subject leads to an account already.") from None
        self.stdout.write(f"{person.get_username()} signs in by {options['provider']} from now on.")

    def _user(self, username: str) -> Any:
        found = get_user_model().objects.filter(username=username).first()
        if found is None:
            raise CommandError(f"There is no user {username!r}.")
        return found

"""``manage.py make_trail_keys``: the keys of the seals, when there are none yet."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from register.audit import make_keys


class Command(BaseCommand):
    help = "Make the signing key of the trail when there is none, and add its public half to the trusted keys."

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_keys(settings.TRAIL_SIGNING_KEY, settings.TRAIL_TRUSTED_KEYS)
        self.stdout.write("A signing key was made." if made else "There is a signing key already.")

"""``manage.py seal_trail``: seal what happened since the last seal, now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from register.audit import AnchorError, KeysMissingError, seal


class Command(BaseCommand):
    help = "Seal what happened since the last seal and write its line to the anchor. The keeper does so every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        if "keeper" not in settings.DATABASES:
            raise CommandError("DATABASE_KEEPER_URL is not set: only the role register_keeper seals.")
        try:
            made = seal(now=timezone.now(), signing=settings.TRAIL_SIGNING_KEY, anchored=settings.TRAIL_ANCHOR)
        except (AnchorError, KeysMissingError) as missing:
            raise CommandError(str(missing)) from None
        self.stdout.write(f"Seal {made.id}: {made.changes} changes, {made.accesses} looks." if made else "Nothing new.")

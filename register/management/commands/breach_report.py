"""``manage.py breach_report --user USER --from DAY --to DAY``: every case an account touched, for a data breach."""

import csv
from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from register.audit import Event, acting_as, log_access, reading

HEADER = ("case_number", "case_id", "first", "last", "events", "kinds")
ACTOR = "command:breach_report"


class Command(BaseCommand):
    help = (
        "List every case that an account looked at, listed, changed or was refused, between two days, both included, "
        "as CSV on standard output. It holds no content of a case. That it was asked is noted in the access log."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, metavar="USER", help="the user name of the account")
        parser.add_argument("--from", required=True, type=_day, dest="first", metavar="DAY", help="as 2026-03-01")
        parser.add_argument("--to", required=True, type=_day, dest="last", metavar="DAY", help="as 2026-03-31")

    def handle(self, *args: Any, **options: Any) -> None:
        person = get_user_model().objects.filter(username=options["user"]).first()
        if person is None:
            raise CommandError(f"There is no user {options['user']!r}.")
        first, last = options["first"], options["last"]
        if first > last:
            raise CommandError("The last day lies before the first.")
        if not reading.connected():
            raise CommandError("The log cannot be read here: set DATABASE_VIEWER_URL.")
        with acting_as(ACTOR):
            asked = {"page": "breach_report", "from": first.isoformat(), "to": last.isoformat()}
            log_access(Event.LOG_EXPORT, objects=[person.pk], filters=asked)
        touched = reading.touched_by(str(person.pk), since=_midnight(first), until=_midnight(last + timedelta(days=1)))
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(HEADER)
        for case in touched:
            times = (case.first.isoformat(), case.last.isoformat(), case.times, " ".join(case.codes))
            writer.writerow([case.number or "", case.case_id, *times])
        self.stderr.write(f"{len(touched)} cases touched by {person.username} from {first} up to and including {last}.")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

"""``manage.py make_release``: prepare and build a release without a worker, ready for a colleague's approval."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from register.reporting import building, plans, releases
from register.reporting.codelists import DEFINITION_CODES
from register.reporting.errors import InvalidError, RefusedError
from register.reporting.profiles import ALIKE, DOMINANT, Profile
from register.workflow.release_transitions import PUBLISHED, ReleaseState

STATUSES = {
    state.value.removeprefix("published_").replace("_", "-"): state for state in ReleaseState if state in PUBLISHED
}


class Command(BaseCommand):
    help = "Prepare a release of the figures as they are now and build its tables. A colleague still has to approve it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year_from", type=int, help="first year of death")
        parser.add_argument("year_to", type=int, help="last year of death")
        parser.add_argument(
            "--by", required=True, metavar="USER", help="the member of the register's staff who makes it"
        )
        parser.add_argument("--definition", choices=DEFINITION_CODES, default="nl_broad")
        parser.add_argument("--status", choices=sorted(STATUSES), default="provisional")
        parser.add_argument("--threshold", type=int, choices=plans.THRESHOLDS, default=5)
        parser.add_argument(
            "--alike", type=int, choices=ALIKE, help="protect groups of which all but so many share an answer"
        )
        parser.add_argument(
            "--dominant", type=int, choices=DOMINANT, help="hide counts of one forensic service beyond this per cent"
        )
        parser.add_argument("--title", default="", help="title that is published with the figures")
        parser.add_argument("--public", action="store_true", help="for everybody, where figures are open")
        parser.add_argument("--submit", metavar="NOTE", help="submit it for approval with this note")
        parser.add_argument("--approve-by", metavar="USER", help="the colleague who approves it at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            release = self._make(options)
        except InvalidError as error:
            raise CommandError(str(error)) from None
        except RefusedError as error:
            raise CommandError(" ".join([error.en, *(one.en for one in error.obstacles)])) from None
        self.stdout.write(f"{release.identifier}: {ReleaseState(release.status).en}")

    def _make(self, options: dict[str, Any]) -> Any:
        by, now = _person(options["by"]), timezone.now()
        years = f"{options['year_from']}-{options['year_to']}"
        release = releases.draft(
            plan=plans.Plan(
                title=options["title"] or f"Drug-related deaths {years}",
                definition=options["definition"],
                year_from=options["year_from"],
                year_to=options["year_to"],
                cut_off=now,
                target=STATUSES[options["status"]],
                threshold=options["threshold"],
                public=options["public"],
                profile=Profile(alike=options["alike"], dominant=options["dominant"]),
            ),
            by=by,
            now=now,
        )
        release = building.build(release_id=release.pk, now=timezone.now())
        if release.build != release.Build.BUILT:
            raise CommandError(release.build_message_en)
        if options["submit"] or options["approve_by"]:
            note = options["submit"] or "Made from the command line."
            release = releases.submit(release_id=release.pk, note=note, seen_version=release.row_version, by=by)
        if options["approve_by"]:
            colleague = _person(options["approve_by"])
            release = releases.approve(
                release_id=release.pk, seen_version=release.row_version, by=colleague, now=timezone.now()
            )
        return release


def _person(username: str) -> Any:
    person = get_user_model().objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is no user {username!r}.")
    return person

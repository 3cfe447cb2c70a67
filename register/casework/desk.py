"""What a worklist needs beside its cases: the lists of the person, their colleagues and the settings, in one statement.

Asked one by one they are three statements of a page that may take eight.
"""

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from register.casework import at_once, bulk
from register.casework.configuration import current as configuration
from register.casework.configuration.current import Configuration
from register.models import Case, SavedList, SubstanceFinding, SuspectedSubstance, ToxResult, User
from register.workflow.roles import Role

LISTS, COLLEAGUES, SETTINGS = "lists", "colleagues", "settings"
NAMES = ("id", "username", "first_name", "last_name")
ASKED = f"""
SELECT '{LISTS}', to_jsonb(one)::text FROM {SavedList._meta.db_table} one WHERE owner_id = %s
UNION ALL SELECT '{COLLEAGUES}', to_jsonb(one)::text
  FROM (SELECT {", ".join(NAMES)} FROM {User._meta.db_table}
        WHERE role = %s AND is_active AND (ends_on IS NULL OR ends_on >= %s)) one
UNION ALL SELECT '{SETTINGS}', {configuration.STATE}
"""  # noqa: S608 - names of tables and columns


@dataclass(frozen=True, slots=True)
class Desk:
    """The own lists by name, who may be given a case by name, and the settings as they stand."""

    lists: tuple[SavedList, ...]
    colleagues: tuple[tuple[str, str], ...]
    settings: Configuration


def desk_of(person: User) -> Desk:
    """What the desk of this person looks like now."""
    found: dict[str, list[str]] = {LISTS: [], COLLEAGUES: [], SETTINGS: []}
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [person.pk, Role.REGISTER_STAFF.value, timezone.localdate()])
        for kind, text in cursor.fetchall():
            found[kind].append(text)
    lists = [at_once.row_of(SavedList, at_once.parsed(text)) for text in found[LISTS]]
    return Desk(
        lists=tuple(sorted(lists, key=lambda one: one.name)),
        colleagues=bulk.by_name(User(**json.loads(text)) for text in found[COLLEAGUES]),
        settings=configuration.at(found[SETTINGS][0]),
    )


def with_suspicions(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Read along what was suspected in each case, with its substances, in one more statement."""
    rows = SuspectedSubstance.objects.select_related("substance").order_by("id")
    return cases.prefetch_related(Prefetch("suspectedsubstance_rows", queryset=rows))


def naming(substance: str) -> Q:
    """The condition on cases that this substance is suspected, found or concluded in them."""
    found = Q()
    for model in (SuspectedSubstance, ToxResult, SubstanceFinding):
        rows = model._default_manager.filter(case=OuterRef("pk"), substance=substance, removed_at=None)
        found |= Q(Exists(rows))
    return found

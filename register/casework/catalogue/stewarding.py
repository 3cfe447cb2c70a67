"""What a steward does to the catalogue: each act with a reason, a row of its history, and the version that was seen.

Codes are never reused and names are ended, not deleted. No case changes: what was answered stays as it was answered,
and a closed case keeps what it was closed with.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from register.access import may
from register.audit import acting_as, doing
from register.casework.catalogue import checks, requests
from register.casework.errors import InvalidError, NotFoundError, RefusedError, refuse_unless
from register.models import Substance, SubstanceChange, SubstanceSynonym, User
from register.quality.problems import Problem
from register.workflow.verbs import Verb

Act = SubstanceChange.Act
Status = Substance.Status
MOVES: Mapping[Act, tuple[frozenset[Status], Status]] = {
    Act.CONFIRMED: (frozenset({Status.PROVISIONAL}), Status.ACTIVE),
    Act.RETIRED: (frozenset({Status.ACTIVE, Status.PROVISIONAL}), Status.RETIRED),
    Act.RESTORED: (frozenset({Status.RETIRED}), Status.ACTIVE),
}
CHANGED_SINCE = (
    "substance_changed",
    "Dit middel is intussen gewijzigd. Bekijk het zoals het nu is en sla opnieuw op.",
    "This substance was changed in the meantime. Look at it as it is now and save again.",
)
NOTHING_CHANGED = Problem("Er is niets gewijzigd.", "Nothing was changed.")
UNKNOWN_NAME = Problem("Kies een naam uit de lijst.", "Choose a name from the list.")
DAY_NEEDED = Problem("Geef dag, maand en jaar: vandaag of later.", "Give day, month and year: today or later.")
# One steward at a time decides what names mean, so that no text becomes a name of two substances at once.
NAMES = "register:names of substances"


def add(
    *, code: str, raw: Mapping[str, str], reason: str, by: User, now: datetime, asked: UUID | None = None
) -> Substance:
    """A new substance: provisional and marked for early warning, from today. InvalidError says by field what is wrong.

    ``raw`` holds ``name_nl``, ``name_en`` (the Dutch name when empty) and what ``change`` takes. ``asked`` is the
    request of the desk that it answers.
    """
    nl = checks.words(raw.get("name_nl", ""))
    en = checks.words(raw.get("name_en", "")) or nl
    with acting_as(by):
        _require(by)
        _names_stand_still()
        columns, problems = checks.description(code, {**raw, "early_warning": "yes"})
        problems |= checks.code(code) | checks.preferred("name_nl", nl)
        if nl != en:
            problems |= checks.preferred("name_en", en)
        words = _settled(problems, reason)
        columns |= {"name_nl": nl, "name_en": en, "status": Status.PROVISIONAL, "valid_from": timezone.localdate(now)}
        substance = Substance.objects.create(code=code, **columns)
        _remember(substance, Act.ADDED, words, by, now, {}, columns)
        if asked is not None:
            requests.settle(asked, substance=substance, by=by, now=now)
    return substance


def change(*, code: str, raw: Mapping[str, str], reason: str, seen_version: int, by: User, now: datetime) -> Substance:
    """Other groups, ATC code, metabolites or mark of early warning."""
    with _opened(code, seen_version, by) as substance:
        columns, problems = checks.description(code, raw)
        changed = {name: value for name, value in columns.items() if getattr(substance, name) != value}
        if not changed and not problems:
            problems["group"] = NOTHING_CHANGED
        words = _settled(problems, reason)
        _set(substance, Act.CHANGED, words, by, now, changed)
    return substance


def name(*, code: str, raw: Mapping[str, str], reason: str, seen_version: int, by: User, now: datetime) -> Substance:
    """Another name: ``raw`` holds ``text``, ``kind`` and ``language``. A name that ended begins again."""
    with _opened(code, seen_version, by) as substance:
        _names_stand_still()
        words = _settled(checks.another_name(substance, raw), reason)
        text = checks.words(raw["text"])
        told = {"kind": raw["kind"], "language": raw["language"]}
        SubstanceSynonym.objects.update_or_create(substance=substance, text=text, defaults={**told, "valid_to": None})
        _touch(substance)
        _remember(substance, Act.NAMED, words, by, now, {}, {"text": text, **told})
    return substance


def end_name(
    *, code: str, name: str, day: date | None, reason: str, seen_version: int, by: User, now: datetime
) -> Substance:
    """From ``day`` on, today or later, the name with the key ``name`` is a name of the substance no more."""
    with _opened(code, seen_version, by) as substance:
        key = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
        row = substance.synonyms.filter(pk=key, valid_to=None).first()
        problems = checks.Problems()
        if row is None:
            problems["name"] = UNKNOWN_NAME
        if day is None or day < timezone.localdate(now):
            problems["day"] = DAY_NEEDED
        words = _settled(problems, reason)
        if row is not None and day is not None:
            row.valid_to = day
            row.save(update_fields=["valid_to"])
            _touch(substance)
            told = {"text": row.text, "kind": row.kind, "language": row.language}
            _remember(substance, Act.NAME_ENDED, words, by, now, {}, {**told, "valid_to": day})
    return substance


def move(*, code: str, act: Act, reason: str, seen_version: int, by: User, now: datetime) -> Substance:
    """Confirm a provisional substance, retire one, or take a retired one into use again."""
    with _opened(code, seen_version, by) as substance:
        begins, ends = MOVES[act]
        if Status(substance.status) not in begins:
            raise RefusedError(*CHANGED_SINCE)
        problems = checks.Problems()
        if act is Act.RESTORED:
            _names_stand_still()
            names = substance.synonyms.filter(valid_to=None)
            if problem := checks.names_in_use(substance, names):
                problems["reason"] = problem
        words = _settled(problems, reason)
        ended = timezone.localdate(now) if ends is Status.RETIRED else None
        _set(substance, act, words, by, now, {"status": ends, "valid_to": ended})
    return substance


@contextmanager
def _opened(code: str, seen_version: int, by: User) -> Iterator[Substance]:
    """The substance, locked, as the person saw it."""
    with acting_as(by):
        _require(by)
        substance = Substance.objects.select_for_update().filter(pk=code).first()
        if substance is None:
            raise NotFoundError
        if substance.row_version != seen_version:
            raise RefusedError(*CHANGED_SINCE)
        yield substance


def _require(by: User) -> None:
    refuse_unless(may(by, Verb.STEWARD_CATALOGUE))


def _names_stand_still() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [NAMES])


def _settled(problems: checks.Problems, reason: str) -> str:
    """The reason, told to the trail; InvalidError when it or anything else is wrong."""
    problems = checks.reason(reason) | problems
    if problems:
        raise InvalidError(problems)
    words = checks.words(reason)
    doing(Verb.STEWARD_CATALOGUE, reason=words)
    return words


def _set(substance: Substance, act: Act, reason: str, by: User, now: datetime, columns: Mapping[str, Any]) -> None:
    before = {name: getattr(substance, name) for name in columns}
    for column, value in columns.items():
        setattr(substance, column, value)
    substance.save(update_fields=list(columns))
    _remember(substance, act, reason, by, now, before, columns)


def _touch(substance: Substance) -> None:
    """A name is part of what a page of the substance shows, so its version rises with it."""
    Substance.objects.filter(pk=substance.pk).update(row_version=F("row_version") + 1)


def _remember(
    substance: Substance,
    act: Act,
    reason: str,
    by: User,
    now: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    SubstanceChange.objects.create(
        substance=substance, act=act, at=now, by=by, reason=reason, before=_plain(before), after=_plain(after)
    )


def _plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}

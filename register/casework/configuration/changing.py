"""Changing a setting: with a reason, on the version that was seen, as a new version that holds from then or a day on.

Another severity, set by somebody who reviews cases, asks for a second person. A later version takes the place of one
that does not hold yet. Findings that a person accepted keep the words they had, and no answer of a case changes.
Another severity decides which cases can be closed, so the worker looks at those in review again (``following``).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from register.access import may
from register.audit import acting_as, doing
from register.casework.catalogue.checks import reason as reason_problems
from register.casework.catalogue.checks import words
from register.casework.configuration import agreement_mail, following
from register.casework.configuration.current import Kind, Values, current
from register.casework.configuration.entries import Entry, entries, find, rule_values, text_code, version
from register.casework.errors import InvalidError, RefusedError, refuse_unless
from register.models import ConfigurationChange, User
from register.quality import configuring, standard_texts, terms
from register.quality.problems import Problem
from register.quality.standard_texts import OWN, USES
from register.workflow.verbs import Verb

CHANGED_SINCE = (
    "setting_changed",
    "Deze instelling is intussen gewijzigd. Bekijk haar zoals zij nu is en sla opnieuw op.",
    "This setting was changed in the meantime. Look at it as it is now and save again.",
)
OWN_CHANGE = (
    "own_change",
    "U hebt deze wijziging zelf voorgesteld. Een collega of de beheerder stemt ermee in.",
    "You proposed this change yourself. A colleague or the administrator agrees to it.",
)
NOTHING_ASKED = ("nothing_asked", "Hier wacht geen wijziging op instemming.", "No change waits for agreement here.")
NOTHING_CHANGED = Problem("Er is niets gewijzigd.", "Nothing was changed.")
NOTHING_PLANNED = Problem("Er is niets voorgenomen.", "Nothing is planned.")
FARTHEST = timedelta(days=366)
DAY_WRONG = Problem(
    "Geef dag, maand en jaar: vandaag of later, binnen een jaar. Laat leeg voor meteen.",
    "Give day, month and year: today or later, within a year. Leave empty for at once.",
)
UNKNOWN_USE = Problem("Kies waarvoor de tekst is.", "Choose what the text is for.")
# The name of a form under which a problem stands that belongs to no field of it.
WHOLE = {Kind.RULE: "severity", Kind.TEXT: "nl", Kind.TERM: "days"}
ONE_AT_A_TIME = "register:settings"


def change(
    *,
    kind: Kind,
    code: str,
    raw: Mapping[str, str],
    reason: str,
    seen_version: int,
    by: User,
    now: datetime,
    day: date | None = None,
) -> ConfigurationChange:
    """Give a setting new values from the texts of a form, from ``day`` on or at once. InvalidError says by name what is
    wrong."""
    with acting_as(by):
        entry = _opened(kind, code, seen_version, by)
        values, problems = _read(entry, raw)
        if not problems and values == entry.values and entry.planned is None:
            problems = {WHOLE[kind]: NOTHING_CHANGED}
        today = timezone.localdate(now)
        if day is not None and not today <= day <= today + FARTHEST:
            problems = {**problems, "day": DAY_WRONG}
        return _keep(entry, {} if values == entry.delivered else values, problems, reason, by, now, day)


def restore(*, kind: Kind, code: str, reason: str, seen_version: int, by: User, now: datetime) -> ConfigurationChange:
    """Let a setting be as it was delivered; a text that people added is offered no more."""
    with acting_as(by):
        entry = _opened(kind, code, seen_version, by)
        problems = {} if entry.changed else {"reason": NOTHING_CHANGED}
        after = {**entry.values, "offered": False} if entry.own else {}
        if kind == Kind.TERM:
            problems |= _read(entry, {"days": str(entry.delivered["days"])})[1]
        return _keep(entry, after, problems, reason, by, now)


def withdraw(*, kind: Kind, code: str, reason: str, seen_version: int, by: User, now: datetime) -> ConfigurationChange:
    """Let a setting stay as it stands: what was planned will not hold."""
    with acting_as(by):
        entry = _opened(kind, code, seen_version, by)
        problems = {} if entry.planned else {"reason": NOTHING_PLANNED}
        return _keep(entry, entry.values if entry.changed else {}, problems, reason, by, now)


def agree(*, kind: Kind, code: str, seen_version: int, by: User, now: datetime) -> ConfigurationChange:
    """Agree, as a second person, to the change that asks for it: it holds from now on, or from its day."""
    with acting_as(by):
        entry = _opened(kind, code, seen_version, by)
        if entry.planned is None or not entry.planned.asks:
            raise RefusedError(*NOTHING_ASKED)
        asked = version(entry, entry.planned.number)
        if asked.by_id == by.pk:
            raise RefusedError(*OWN_CHANGE)
        doing(Verb.SET_RULES, reason=asked.reason)
        asked.agreed_by, asked.agreed_at = by, now
        asked.save(update_fields=["agreed_by", "agreed_at"])
        following.ask(asked, today=timezone.localdate(now))
    return asked


def add_text(*, use: str, raw: Mapping[str, str], reason: str, by: User, now: datetime) -> ConfigurationChange:
    """Offer a standard text of the register's own, behind the others of its use."""
    with acting_as(by):
        _require(by)
        _one_at_a_time()
        number = sum(one.own for one in entries(Kind.TEXT)) + 1
        entry = Entry(Kind.TEXT, text_code(use, f"{OWN}{number}"), None, {}, {}, 0, changed=False)
        problems: dict[str, Problem] = {} if use in USES else {"use": UNKNOWN_USE}
        values = _text_values({**raw, "offered": "yes"})
        problems |= standard_texts.problems_of(use, values["nl"], values["en"])
        return _keep(entry, values, problems, reason, by, now)


def _opened(kind: Kind, code: str, seen_version: int, by: User) -> Entry:
    _require(by)
    _one_at_a_time()
    entry = find(kind, code)
    if entry.row_version != seen_version:
        raise RefusedError(*CHANGED_SINCE)
    return entry


def _require(by: User) -> None:
    refuse_unless(may(by, Verb.SET_RULES))


def _one_at_a_time() -> None:
    """Terms are judged beside each other, so no two are changed at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [ONE_AT_A_TIME])


def _read(entry: Entry, raw: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Problem]]:
    """The values that a form asks for, and what is wrong with them."""
    match entry.kind:
        case Kind.RULE:
            setting, problems = configuring.read(entry.about, {**_as_typed(entry.values), **raw})
            return rule_values(setting), problems
        case Kind.TEXT:
            use = entry.code.partition("-")[0]
            values = _text_values({**_as_typed(entry.values), **raw})
            return values, standard_texts.problems_of(use, values["nl"], values["en"])
        case Kind.TERM:
            found = current()
            days, problem = terms.read(entry.code, raw.get("days", ""), found.terms)
            # What holds later lies in order as well.
            problem = problem or terms.read(entry.code, raw.get("days", ""), found.planned_terms)[1]
            return {"days": days}, {"days": problem} if problem else {}


def _as_typed(values: Values) -> dict[str, str]:
    """Stored values as the texts of a form."""
    said = {True: "yes", False: "no"}
    return {
        name: said.get(value, str(value)) if isinstance(value, bool) else str(value) for name, value in values.items()
    }


def _text_values(raw: Mapping[str, str]) -> dict[str, Any]:
    return {"nl": words(raw.get("nl", "")), "en": words(raw.get("en", "")), "offered": raw.get("offered") == "yes"}


def _keep(
    entry: Entry,
    after: Values,
    problems: Mapping[str, Problem],
    reason: str,
    by: User,
    now: datetime,
    day: date | None = None,
) -> ConfigurationChange:
    found = {**reason_problems(reason), **problems}
    if found:
        raise InvalidError(found)
    said, today, weighs = words(reason), timezone.localdate(now), _weighs(entry, after)
    doing(Verb.SET_RULES, reason=said)
    made: ConfigurationChange = ConfigurationChange.objects.create(
        kind=entry.kind,
        code=entry.code,
        number=entry.number + 1,
        at=now,
        by=by,
        reason=said,
        before=dict(entry.values),
        after=dict(after),
        holds_from=day or today,
        # Who reviews does not loosen alone the rule that stops them; who meets no case may.
        asks=weighs and bool(may(by, Verb.REVIEW_CASE)),
    )
    if made.asks:
        agreement_mail.announce(made)
    elif weighs:
        following.ask(made, today=today)
    return made


def _weighs(entry: Entry, after: Values) -> bool:
    """Whether a rule would ask more or less of people than it does, or than was settled that it will."""
    planned = entry.planned
    settled = [planned.values or entry.delivered] if planned is not None and not planned.asks else []
    then = (after or entry.delivered).get("severity")
    return any(said.get("severity") != then for said in (entry.values, *settled))

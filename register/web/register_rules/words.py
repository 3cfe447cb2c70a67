"""The words of the settings: their kinds, what each value is called, and what was changed in sentences."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from register.access import may
from register.casework.configuration import entries
from register.casework.configuration.current import Kind
from register.casework.configuration.entries import Entry
from register.casework.configuration.following import Progress
from register.quality.rule import LABELS, Severity
from register.quality.standard_texts import ACCEPTANCE, ANSWER, QUESTION
from register.web.language import active
from register.workflow.verbs import Verb

KINDS: dict[str, Kind] = {"kwaliteit": Kind.RULE, "teksten": Kind.TEXT, "termijnen": Kind.TERM}
SLUGS = {kind: slug for slug, kind in KINDS.items()}
TITLES: dict[Kind, Promise] = {
    Kind.RULE: gettext_lazy("Quality rules"),
    Kind.TEXT: gettext_lazy("Standard texts"),
    Kind.TERM: gettext_lazy("Terms"),
}
DEFINITIONS = gettext_lazy("Case definitions")
LEDES: dict[Kind, Promise] = {
    Kind.RULE: gettext_lazy("What the register checks, how much a finding asks of people, and in which words."),
    Kind.TEXT: gettext_lazy("Sentences that forms offer: questions, answers, and reasons to accept a warning."),
    Kind.TERM: gettext_lazy("The days that the register counts with."),
}
USES: dict[str, Promise] = {
    QUESTION: gettext_lazy("Question"),
    ANSWER: gettext_lazy("Answer"),
    ACCEPTANCE: gettext_lazy("Reason to accept a warning"),
}
VALUES: dict[str, Promise] = {
    "severity": gettext_lazy("Severity"),
    "nl": gettext_lazy("Sentence in Dutch"),
    "en": gettext_lazy("Sentence in English"),
    "question_nl": gettext_lazy("Question to the reporter, in Dutch"),
    "question_en": gettext_lazy("Question to the reporter, in English"),
    "by_itself": gettext_lazy("The register asks by itself"),
    "offered": gettext_lazy("Offered in forms"),
    "days": gettext_lazy("Days"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One version of a setting in the history: what was changed, why, when and by whom.

    ``note`` says from which day it was to hold and who agreed; ``url`` shows the version whole.
    """

    what: tuple[str, ...]
    reason: str
    at: datetime
    who: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """The version that does not hold yet, and whether the person who looks may agree to it or withdraw it."""

    title: str
    told: Told
    may_agree: bool
    own: bool
    may_withdraw: bool


def tabs(user: Any, current: Kind | None) -> list[dict[str, Any]]:
    """The kinds of settings, and the case definitions for who adopts a version of them."""
    shown: list[dict[str, Any]] = [
        {
            "url": reverse("register_rules:listing", args=[slug]),
            "label": TITLES[kind],
            "current": kind == current,
            "count": None,
        }
        for slug, kind in KINDS.items()
    ]
    if may(user, Verb.ADOPT_RULES):
        url = reverse("register_rules:versions")
        shown.append({"url": url, "label": DEFINITIONS, "current": current is None, "count": None})
    return shown


def progress(found: Progress | None) -> str:
    """How far the cases in review were looked at again after a change; empty when they all were."""
    if found is None:
        return ""
    if found.parked:
        return _("The cases in review could not be looked at again. The administrator sees why under “Waiting work”.")
    if not found.parts:
        return _("The cases in review will be looked at again: some may be ready to close now, and others no more.")
    told = {"part": found.done + 1, "parts": max(found.parts, found.done + 1)}
    return _("The cases in review are being looked at again: part %(part)d of %(parts)d.") % told


def name_of(entry: Entry) -> str:
    """What a setting is called: the code of a rule, the use of a text, the purpose of a term."""
    match entry.kind:
        case Kind.RULE:
            return _("Rule %(code)s") % {"code": entry.code}
        case Kind.TEXT:
            return str(USES[entry.code.partition("-")[0]])
        case Kind.TERM:
            return str(entry.about[active() != "nl"])


def value(name: str, said: Any) -> str:
    """One value in words."""
    if name == "severity":
        return severity(said)
    if name == "days":
        return ngettext("%(days)d day", "%(days)d days", said) % {"days": said}
    if isinstance(said, bool):
        return _("Yes") if said else _("No")
    return str(said) or _("none")


def severity(code: str) -> str:
    return LABELS[Severity(code)][active() != "nl"]


def told(changes: Iterable[Any], entry: Entry) -> list[Told]:
    """The history in sentences, in the order given."""
    here = reverse("register_rules:entry", args=[SLUGS[entry.kind], entry.code])
    return [
        Told(
            tuple(_sentences(change, entry.delivered)),
            change.reason,
            change.at,
            change.by.display_name,
            _note(change),
            f"{here}?versie={change.number}",
        )
        for change in changes
    ]


def planned(entry: Entry, by: Any, *, changes: bool) -> Awaited:
    """The version of an entry that does not hold yet; ``changes``: who looks may set it."""
    latest = entries.history(entry)[:1]
    (change,), (said,) = latest, told(latest, entry)
    own, asks = change.by_id == by.pk, entry.planned is not None and entry.planned.asks
    title = _("Waits for a second person") if asks else _("Holds from %(day)s") % {"day": _day(change.holds_from)}
    return Awaited(title, said, may_agree=changes and asks and not own, own=asks and own, may_withdraw=changes)


def tag(entry: Entry) -> str:
    """What a list says beside a setting with a version that does not hold yet; empty for any other."""
    if entry.planned is None:
        return ""
    if entry.planned.asks:
        return _("waits for a second person")
    return _("other from %(day)s") % {"day": _day(entry.planned.holds_from)}


def done(made: Any) -> str:
    """What comes of a change that was just written down or agreed to."""
    if made.asks and made.agreed_by_id is None:
        return _("The change is proposed. It holds when a colleague or the administrator agrees.")
    if made.holds_from > timezone.localdate():
        return _("The setting holds from %(day)s.") % {"day": _day(made.holds_from)}
    return _("The setting holds from now on.")


def _note(change: Any) -> str:
    said = []
    if change.holds_from > timezone.localdate(change.at):
        said.append(_("Holds from %(day)s.") % {"day": _day(change.holds_from)})
    if change.agreed_by is not None:
        moment = date_format(timezone.localtime(change.agreed_at), "j F Y, H:i")
        said.append(_("%(who)s agreed on %(moment)s.") % {"who": change.agreed_by.display_name, "moment": moment})
    elif change.asks:
        said.append(_("Needs a second person who agrees."))
    return " ".join(said)


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _sentences(change: Any, delivered: Mapping[str, Any]) -> Iterator[str]:
    after = change.after or delivered
    if not change.before:
        yield _("Added.")
        return
    if not change.after:
        yield _("As it was delivered.")
    for name in delivered:
        said = after[name]
        if change.before.get(name) != said:
            yield _("%(label)s: %(before)s, now %(after)s.") % {
                "label": VALUES[name],
                "before": value(name, change.before.get(name, "")),
                "after": value(name, said),
            }

"""What a line of the log notes beside its cases, in words: the list, the period, the table, why it was refused.

The log holds codes, for people and for programs; a code that has no words here is shown as it stands.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.access import log_review
from register.access.emergency import REASONS
from register.audit import catalogue
from register.quality import dictionary, value_sets
from register.reporting.headings import HEADINGS
from register.web.language import active, sentence
from register.web.physician.lists import LISTS
from register.web.register_data.quality import WORK_LABELS
from register.web.register_desk.worklists import BY_SLUG
from register.workflow.roles import Role

NAMES: dict[str, Promise] = {
    "page": gettext_lazy("page"),
    "list": gettext_lazy("list"),
    "from": gettext_lazy("from"),
    "to": gettext_lazy("up to and including"),
    "table": gettext_lazy("table"),
    "release": gettext_lazy("release"),
    "format": gettext_lazy("form"),
    "reason": gettext_lazy("reason"),
    "region": gettext_lazy("region"),
    "line": gettext_lazy("line"),
    "decided": gettext_lazy("decided"),
    "number": gettext_lazy("digest of the number"),
    "words": gettext_lazy("digest of the words"),
    "organisation": gettext_lazy("organisation"),
    "gebeurtenis": gettext_lazy("event"),
    "uitkomst": gettext_lazy("outcome"),
    "rol": gettext_lazy("role"),
    "grant": gettext_lazy("emergency access"),
    "outcome": gettext_lazy("outcome"),
}
PAGES: dict[str, Promise] = {
    "overview": gettext_lazy("Oversight"),
    "log": gettext_lazy("Log"),
    "reports": gettext_lazy("Reports"),
    "case": gettext_lazy("Who saw this case?"),
    "person": gettext_lazy("What did this user see?"),
    "find_case": gettext_lazy("finding a case"),
    "find_person": gettext_lazy("finding a user"),
    "emergencies": gettext_lazy("Emergency access"),
}
OTHER_LISTS: dict[str, Promise] = {
    "own": gettext_lazy("an own list"),
    "name": gettext_lazy("cases with a name"),
    "names": gettext_lazy("names to link"),
    "duplicates": gettext_lazy("possible duplicates"),
    "quality": gettext_lazy("data quality"),
    "questions": gettext_lazy("questions of the register"),
    "panel": gettext_lazy("panel"),
    "earlier": gettext_lazy("an earlier draft that looks like it"),
    "bulk_review": gettext_lazy("review of several"),
    "emergency": gettext_lazy("own emergency access"),
    "emergencies": gettext_lazy("emergency access of others"),
}
ROWS: dict[str, Promise] = {
    "case": gettext_lazy("case"),
    "decedent": gettext_lazy("deceased"),
    "death": gettext_lazy("death"),
    "circumstances": gettext_lazy("circumstances"),
    "history": gettext_lazy("earlier history"),
    "causeofdeath": gettext_lazy("cause of death"),
    "assessment": gettext_lazy("assessment"),
    "suspectedsubstance": gettext_lazy("suspected substance"),
    "substancefinding": gettext_lazy("substance of the conclusion"),
    "toxrequest": gettext_lazy("request for toxicology"),
    "toxsample": gettext_lazy("specimen"),
    "toxresult": gettext_lazy("result of toxicology"),
    "naloxonegiven": gettext_lazy("naloxone"),
    "knownuse": gettext_lazy("known use"),
    "sourcedocument": gettext_lazy("source document"),
    "query": gettext_lazy("question"),
    "querymessage": gettext_lazy("message of a question"),
    "panelvote": gettext_lazy("vote of the panel"),
    "acceptedfinding": gettext_lazy("accepted warning"),
    "definitionresult": gettext_lazy("result of a definition"),
    "statuschange": gettext_lazy("step of the case"),
    "unfinishedform": gettext_lazy("unfinished form"),
    "unreadanswer": gettext_lazy("answer kept as typed"),
}
OUTCOMES: dict[str, Promise] = {
    "ok": gettext_lazy("Succeeded"),
    "denied": gettext_lazy("Refused"),
    "error": gettext_lazy("Failed"),
}
WHY: dict[str, Promise] = {
    "not_found": gettext_lazy("not there, or not for this person"),
    "csrf": gettext_lazy("form of another page or too old"),
    "second_factor": gettext_lazy("second factor not given yet"),
    "not_signed_in": gettext_lazy("not signed in"),
    "role": gettext_lazy("not with this role"),
    "region": gettext_lazy("case of another region"),
    "draft_of_another": gettext_lazy("draft of somebody else"),
    "not_own_case": gettext_lazy("case of somebody else"),
    "own_case": gettext_lazy("own case"),
    "own_release": gettext_lazy("own release"),
}


def filters_in_words(filters: Mapping[str, Any]) -> list[str]:
    """Each choice that was noted, such as "list: New", in the order of NAMES: the log keeps none."""
    places = {name: place for place, name in enumerate(NAMES)}
    ordered = sorted(filters.items(), key=lambda each: places.get(each[0], len(places)))
    return [f"{NAMES.get(name, name)}: {_value(name, value)}" for name, value in ordered if value != ""]


def why(detail: str) -> str:
    """Why something was refused or failed; empty when nothing was noted."""
    return str(WHY.get(detail, detail))


def event(code: str) -> str:
    return sentence(catalogue.KINDS[code]) if code in catalogue.KINDS else code


def outcome(code: str) -> str:
    return str(OUTCOMES.get(code, code))


def role(code: str) -> str:
    return Role(code).label(active()) if code in {one.value for one in Role} else code


def row(kind: str) -> str:
    """A kind of row and what happened to it, such as "result of toxicology (added)"."""
    operation, _space, table = kind.partition(" ")
    name = table.removeprefix("register_")
    words = {"I": _("added"), "U": _("changed"), "D": _("removed"), "B": _("was there")}
    return f"{ROWS.get(name, name)} ({words.get(operation, operation)})"


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = str(value)
    return VALUES[name](text) if name in VALUES else text


def _list(code: str) -> str:
    if code in BY_SLUG:
        return str(BY_SLUG[code].label)
    if code in LISTS:
        return str(LISTS[code].title)
    return str(OTHER_LISTS.get(code, code))


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "j F Y")
    except ValueError:
        return text


def _table(code: str) -> str:
    number, nl, en = HEADINGS.get(code, ("", code, code))
    return f"{number} {nl if active() == 'nl' else en}".strip()


def _line(code: str) -> str:
    if code in WORK_LABELS:
        return str(WORK_LABELS[code])
    return next((spec.label(active()) for spec in dictionary.all_fields() if spec.key == code), code)


def _reason(code: str) -> str:
    known = [*value_sets.values(value_sets.MISSING), *value_sets.values(REASONS)]
    return next((value.label(active()) for value in known if value.code == code), code)


def _reviewed(code: str) -> str:
    nl, en = log_review.OUTCOMES.get(code, (code, code))
    return nl if active() == "nl" else en


VALUES: dict[str, Callable[[str], str]] = {
    "page": lambda code: str(PAGES.get(code, code)),
    "list": _list,
    "from": _day,
    "to": _day,
    "table": _table,
    "format": str.upper,
    "reason": _reason,
    "line": _line,
    "gebeurtenis": event,
    "uitkomst": outcome,
    "rol": role,
    "grant": lambda key: key[:8],
    "outcome": _reviewed,
}

"""The words of the catalogue: states, kinds of names, and what was done to a substance in sentences."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.casework import choices
from register.web.language import active


@dataclass(frozen=True, slots=True)
class State:
    """The state of a substance as glyph, colour and word."""

    glyph: str
    tone: str
    word: Promise


@dataclass(frozen=True, slots=True)
class Told:
    """One act in the history: what was done, in one or more sentences, why, when and by whom."""

    what: tuple[str, ...]
    reason: str
    at: datetime
    who: str


STATES: dict[str, State] = {
    "active": State("done", "is-done", gettext_lazy("In use")),
    "provisional": State("wait", "is-wait", gettext_lazy("Provisional")),
    "retired": State("minus", "muted", gettext_lazy("Retired")),
}
KINDS: dict[str, Promise] = {
    "street": gettext_lazy("street name"),
    "brand": gettext_lazy("brand name"),
    "abbreviation": gettext_lazy("abbreviation"),
    "spelling": gettext_lazy("other spelling"),
    "chemical": gettext_lazy("chemical name"),
}
LANGUAGES: dict[str, Promise] = {"nl": gettext_lazy("Dutch"), "en": gettext_lazy("English")}
COLUMNS: dict[str, Promise] = {
    "group_id": gettext_lazy("Group"),
    "euda_group_id": gettext_lazy("EUDA group"),
    "atc": gettext_lazy("ATC code"),
    "metabolites": gettext_lazy("Metabolites"),
    "early_warning": gettext_lazy("Early warning"),
}
ACTS: dict[str, Promise] = {
    "added": gettext_lazy("Added to the catalogue, provisionally."),
    "confirmed": gettext_lazy("Confirmed: no longer provisional."),
    "retired": gettext_lazy("Retired."),
    "restored": gettext_lazy("Taken into use again."),
}


def told(changes: Iterable[Any]) -> list[Told]:
    """The history in sentences, in the order given."""
    groups = dict(choices.substance_groups(active())), dict(choices.euda_groups(active()))
    names = {"group_id": groups[0], "euda_group_id": groups[1]}
    return [
        Told(tuple(_sentences(change, names)), change.reason, change.at, change.by.display_name) for change in changes
    ]


def day(value: date) -> str:
    return date_format(value, "j F Y")


def _sentences(change: Any, names: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    after = change.after
    match change.act:
        case "named":
            kind = KINDS.get(after["kind"], after["kind"])
            yield _("Name ‘%(text)s’ added (%(kind)s).") % {"text": after["text"], "kind": kind}
        case "name_ended":
            ends = day(date.fromisoformat(after["valid_to"]))
            yield _("‘%(text)s’ is no name any more from %(day)s.") % {"text": after["text"], "day": ends}
        case "changed":
            for column, label in COLUMNS.items():
                if column in after:
                    words = [_value(values[column], names.get(column, {})) for values in (change.before, after)]
                    yield _("%(label)s: %(before)s, now %(after)s.") % {
                        "label": label,
                        "before": words[0],
                        "after": words[1],
                    }
        case act:
            yield str(ACTS[act])


def _value(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(value) or _("none")
    return names.get(value, value) if value else _("none")

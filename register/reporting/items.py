"""The circumstances and the history that table T9 counts, each on its own, and what else is counted as such an item.

An item with one answer has answers that exclude each other; one with several answers counts a death under each of
them. An answer of ``NONE_OF_THEM`` stands alone.
"""

from dataclasses import dataclass
from functools import lru_cache

from register.quality import dictionary, value_sets
from register.reporting.codelists import TOTAL, UNKNOWN, Code

KNOWN = "known"
NONE_OF_THEM = frozenset({"none", "no"})


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the record as it is counted. ``code`` names it in files, ``value_set`` holds its answers."""

    code: str
    model: str
    field: str
    value_set: str
    several: bool
    nl: str
    en: str

    @property
    def answers(self) -> tuple[str, ...]:
        return value_sets.codes(self.value_set) if self.value_set else ()

    @property
    def alone(self) -> str:
        """The answer that excludes all others; empty when there is none."""
        return next((code for code in self.answers if self.several and code in NONE_OF_THEM), "")

    def codes(self, *, in_full: bool = True) -> tuple[Code, ...]:
        """The item as a whole (whose answer is known), its answers, and the unknown.

        ``in_full``: each names the item, since in a file or a list it may stand alone.
        """
        nl, en = (f"{self.nl}: ", f"{self.en}: ") if in_full else ("", "")
        answers = (
            Code(f"{self.code}.{value.code}", f"{nl}{value.label_nl}", f"{en}{value.label_en}", self.code)
            for value in (value_sets.values(self.value_set) if self.value_set else ())
        )
        unknown = ("onbekend", "unknown") if in_full else ("Onbekend", "Unknown")
        return (
            Code(self.code, f"{self.nl}: bekend", f"{self.en}: known", TOTAL),
            *answers,
            Code(f"{self.code}.{UNKNOWN}", f"{nl}{unknown[0]}", f"{en}{unknown[1]}", TOTAL),
        )

    def place(self, code: str) -> str:
        """The answer that a code of ``codes`` stands for."""
        return KNOWN if code == self.code else code.removeprefix(f"{self.code}.")


NAMES = (
    "Circumstances.used_alone",
    "Circumstances.bystanders",
    "Circumstances.use_witnessed",
    "Circumstances.emergency_called",
    "Circumstances.first_responder",
    "Circumstances.cpr",
    "Circumstances.transported",
    "NaloxoneGiven.given_by",
    "Circumstances.use_setting",
    "Circumstances.use_features",
    "Circumstances.purchase_route",
    "Circumstances.scene_items",
    "Circumstances.routes",
    "History.injecting",
    "History.previous_overdose",
    "History.relapse",
    "History.treatment",
    "History.recent_release",
    "History.recent_care_contact",
    "History.mental_health",
    "History.somatic",
    "History.prescribed",
)
SCOPE_FIELD = "ToxRequest.panel_scope"
# The days themselves are frozen as counts of each number of days.
DAYS_OF = "tox_days.days"
# Forensic or clinical, of all that was done to examine the body; an older extract does not tell.
AUTOPSY = Item("autopsy", "CauseOfDeath", "autopsy", "VS-YN", False, "Sectie", "Autopsy")
AUTOPSIES = frozenset({"forensic", "clinical"})
DAYS = Item("tox_days", "ToxRequest", "", "", False, "Dagen tot de uitslag", "Days to the result")


@lru_cache(maxsize=1)
def circumstances() -> tuple[Item, ...]:
    """The items of T9, in the order of the record."""
    return tuple(_item(name) for name in NAMES)


@lru_cache(maxsize=1)
def scope() -> Item:
    """What toxicology looked for, over all requests of a death."""
    return _item(SCOPE_FIELD)


@lru_cache(maxsize=1)
def every() -> tuple[Item, ...]:
    """Every item that is counted on its own."""
    return (*circumstances(), scope(), DAYS)


def _item(name: str) -> Item:
    spec = dictionary.field(name)
    several = spec.kind == "codes" or not spec.on_case
    return Item(spec.field, spec.model, spec.field, spec.value_set, several, spec.label_nl, spec.label_en)

"""What the files of a release say of it in words: its definition, years, completeness, and by which rules it hides.

A release that was made from an older extract than of format ``SAID`` has files that say less; they stay as they are.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from register.reporting.codelists import Code, day, definition
from register.reporting.headings import HEADINGS

# The format of the extract from which on every file says all of this.
SAID = 5
STATUS_WORDS = {
    "provisional": Code("", "Voorlopig", "Provisional"),
    "further_provisional": Code("", "Nader voorlopig", "Further provisional"),
    "final": Code("", "Definitief", "Final"),
}


def says_all(facts: Mapping[str, Any]) -> bool:
    """Whether the files of this release say it. ``facts``: those of its JSON files or of its manifest."""
    return int(facts.get("extractFormat", 0)) >= SAID


def rules(told: Mapping[str, Any] | None) -> tuple[Code, ...]:
    """The rules beside the smallest count, each as a sentence; none where the smallest count is the only one."""
    return tuple(_rules(told)) if told else ()


def about(facts: Mapping[str, Any]) -> tuple[tuple[Code, Code], ...]:
    """What is to know of the release: what it is, and how it stands with it."""
    years = f"{facts['periodFrom']}", f"{facts['periodTo']}"
    return (
        (Code("id", "Publicatie", "Release"), Code("", facts["id"], facts["id"])),
        (Code("status", "Status", "Status"), STATUS_WORDS[facts["status"]]),
        (Code("definition", "Definitie", "Case definition"), definition(facts["definition"])),
        (
            Code("period", "Jaren van overlijden", "Years of death"),
            Code("", " tot en met ".join(years), " to ".join(years)),
        ),
        (Code("extractedOn", "Peildatum", "Cut-off date"), day(facts["extractedOn"])),
        (
            Code("ruleVersion", "Versie van de regels", "Version of the rules"),
            Code("", facts["ruleVersion"], facts["ruleVersion"]),
        ),
        (
            Code("completeness", "Waarover is beslist", "Decided"),
            decided(facts),
        ),
        (
            Code("toxCompleteness", "Toxicologie definitief", "Toxicology final"),
            _per_cent(facts["toxCompleteness"], "van de getelde sterfgevallen", "of the counted deaths"),
        ),
        (
            Code("threshold", "Kleinste aantal dat wordt getoond", "Smallest count that is shown"),
            Code("", str(facts["threshold"]), str(facts["threshold"])),
        ),
        *((Code("rules", "Regel", "Rule"), sentence) for sentence in rules(facts.get("rules"))),
    )


def moment(text: str) -> Code:
    """A moment in words, by the clock of the register: of 2018-07-01T10:00:00Z, 1 juli 2018, 12:00."""
    at = localtime(datetime.fromisoformat(text))
    named = day(at.date().isoformat())
    return Code(text, f"{named.nl}, {at:%H:%M}", f"{named.en}, {at:%H:%M}")


def decided(facts: Mapping[str, Any]) -> Code:
    """How many of the cases of the period are decided."""
    return _per_cent(facts["completeness"], "van de zaken van de periode", "of the cases of the period")


def in_one(facts: Mapping[str, Any]) -> Code:
    """The same as one text."""
    lines = about(facts)
    return Code(
        "",
        " ".join(f"{name.nl}: {text.nl.removesuffix('.')}." for name, text in lines),
        " ".join(f"{name.en}: {text.en.removesuffix('.')}." for name, text in lines),
    )


def _rules(told: Mapping[str, Any]) -> Iterator[Code]:
    if groups := told["groupsSharingAnAnswer"]:
        but = groups["allBut"]
        nl, en = (f", of alle op {but} na,", f", or all but {but},") if but else ("", "")
        yield Code(
            "groupsSharingAnAnswer",
            f"Groepen waarvan alle sterfgevallen{nl} een middel of intentie delen, worden beschermd als kleine "
            "aantallen, waar verbergen helpt naast getoonde nullen.",
            f"Groups of which all deaths{en} share a substance or an intent are protected like small counts, where "
            "suppressing helps beside shown zeros.",
        )
    if dominance := told["dominance"]:
        share = dominance["percent"]
        yield Code(
            "dominance",
            f"Aantallen waarvan één forensische dienst meer dan {share} procent onderzocht, zijn verborgen. Niet "
            "gevraagd van gebieden, maanden, omstandigheden en besluiten.",
            f"Counts of which one forensic service examined more than {share} per cent are suppressed. Not asked of "
            "areas, months, circumstances and decisions.",
        )
    for waiver in told["waivers"]:
        number, nl, en = HEADINGS.get(waiver["table"], ("", waiver["table"], waiver["table"]))
        yield Code(
            "waivers",
            f"Kleine aantallen van {f'{number} {nl}'.strip()} worden getoond, omdat: {waiver['reason']}",
            f"Small counts of {f'{number} {en}'.strip()} are shown, because: {waiver['reason']}",
        )


def _per_cent(value: int | None, nl: str, en: str) -> Code:
    return (
        Code("", "niet te zeggen", "cannot be said") if value is None else Code("", f"{value}% {nl}", f"{value}% {en}")
    )

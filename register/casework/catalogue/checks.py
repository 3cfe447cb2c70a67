"""What a steward may write: codes, names, groups and reasons, each with the sentence that says what is wrong."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from register.casework import reference
from register.coding import lookup
from register.coding.folding import fold
from register.coding.terms import name_variants
from register.models import EudaGroup, Substance, SubstanceGroup, SubstanceSynonym
from register.quality.problems import Problem

KINDS = ("street", "brand", "abbreviation", "spelling", "chemical")
LANGUAGES = ("nl", "en")
SHORTEST_REASON, LONGEST_REASON, LONGEST_NAME, LONGEST_CODE = 10, 500, 120, 60
LONGEST_METABOLITE, MOST_METABOLITES = 80, 40
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
# A level of the ATC index, from the second on: N02, N02A, N02AB or N02AB03.
ATC = re.compile(r"[A-Z][0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?", re.ASCII)
# A word of the address of the page for a new substance.
NO_CODES = frozenset({"nieuw"})

REASON_NEEDED = Problem(
    f"Geef de reden, in {SHORTEST_REASON} tot {LONGEST_REASON} tekens.",
    f"Give the reason, in {SHORTEST_REASON} to {LONGEST_REASON} characters.",
)
CODE_WRONG = Problem(
    "Een code bestaat uit kleine letters en cijfers, met een streepje ertussen: 3-mmc.",
    "A code is made of small letters and digits, with a hyphen between: 3-mmc.",
)
CODE_TAKEN = Problem(
    "Deze code bestaat al. Een code wordt nooit opnieuw gebruikt.", "This code exists. A code is never used again."
)
NAME_WRONG = Problem(
    f"Schrijf de naam met letters of cijfers, in ten hoogste {LONGEST_NAME} tekens.",
    f"Write the name with letters or digits, in at most {LONGEST_NAME} characters.",
)
NO_BRACKETS = Problem(
    "Schrijf de naam zonder haakjes: wat ertussen staat, wordt niet herkend.",
    "Write the name without brackets: what stands between them is not recognised.",
)
KNOWN_ALREADY = Problem("Dit is al een naam van dit middel.", "This is a name of this substance already.")
UNKNOWN_KIND = Problem("Kies de soort naam uit de lijst.", "Choose the kind of name from the list.")
UNKNOWN_LANGUAGE = Problem("Kies Nederlands of Engels.", "Choose Dutch or English.")
UNKNOWN_GROUP = Problem("Kies een groep uit de lijst.", "Choose a group from the list.")
ATC_WRONG = Problem("Een ATC-code ziet eruit als N02AB03.", "An ATC code looks like N02AB03.")
METABOLITES_WRONG = Problem(
    f"Geef per regel één afbraakproduct, in ten hoogste {LONGEST_METABOLITE} tekens,"
    f" en niet meer dan {MOST_METABOLITES}.",
    f"Give one metabolite on each line, in at most {LONGEST_METABOLITE} characters, and no more than"
    f" {MOST_METABOLITES}.",
)
ITS_OWN_METABOLITE = Problem(
    "Een middel is geen afbraakproduct van zichzelf.", "A substance is no metabolite of itself."
)
YES_OR_NO = Problem("Kies ja of nee.", "Choose yes or no.")

Problems = dict[str, Problem]


def words(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def reason(text: str) -> Problems:
    said = words(text)
    right = SHORTEST_REASON <= len(said) <= LONGEST_REASON and said.isprintable()
    return {} if right else {"reason": REASON_NEEDED}


def code(text: str) -> Problems:
    """What is wrong with the code of a new substance."""
    if not CODE.fullmatch(text) or len(text) > LONGEST_CODE or text in NO_CODES:
        return {"code": CODE_WRONG}
    return {"code": CODE_TAKEN} if Substance.objects.filter(pk=text).exists() else {}


def preferred(field: str, text: str) -> Problems:
    """What is wrong with a preferred name of a new substance: no name in it may mean another one."""
    if not text.isprintable() or not fold(text) or len(text) > LONGEST_NAME:
        return {field: NAME_WRONG}
    others = meant_by(name_variants(text))
    return {field: taken(text, others)} if others else {}


def another_name(substance: Substance, raw: Mapping[str, str]) -> Problems:
    """What is wrong with another name of a substance."""
    text, found = words(raw.get("text", "")), Problems()
    if not text.isprintable() or not fold(text) or len(text) > LONGEST_NAME:
        found["text"] = NAME_WRONG
    elif "(" in text or ")" in text:
        found["text"] = NO_BRACKETS
    elif others := meant_by([text], but=substance.code):
        found["text"] = taken(text, others)
    elif substance.code in lookup.resolve(text, reference.current().catalogue):
        found["text"] = KNOWN_ALREADY
    if raw.get("kind") not in KINDS:
        found["kind"] = UNKNOWN_KIND
    if raw.get("language") not in LANGUAGES:
        found["language"] = UNKNOWN_LANGUAGE
    return found


def names_in_use(substance: Substance, names: Iterable[SubstanceSynonym]) -> Problem | None:
    """Why a retired substance cannot come back: one of its names means another one by now."""
    texts = [*name_variants(substance.name_nl), *name_variants(substance.name_en), *(name.text for name in names)]
    for text in texts:
        if others := meant_by([text], but=substance.code):
            return taken(text, others)
    return None


def meant_by(texts: Iterable[str], *, but: str = "") -> list[Substance]:
    """The substances in use that a text names exactly, ``but`` one."""
    catalogue = reference.current().catalogue
    codes = {found for text in texts for found in lookup.resolve(text, catalogue)} - {but}
    return list(Substance.objects.filter(pk__in=codes).exclude(status=Substance.Status.RETIRED).order_by("code"))


def taken(text: str, others: Iterable[Substance]) -> Problem:
    """The sentence that says whose name it is."""
    nl, en = (", ".join(getattr(other, name) for other in others) for name in ("name_nl", "name_en"))
    return Problem(f"‘{text}’ is al een naam van {nl}.", f"‘{text}’ is already a name of {en}.")


def description(code: str, raw: Mapping[str, str]) -> tuple[dict[str, Any], Problems]:
    """Groups, ATC code, metabolites and the mark of early warning as columns, and what is wrong with them."""
    group, euda, atc = (raw.get(name, "").strip() for name in ("group", "euda_group", "atc"))
    lines = [words(line) for line in raw.get("metabolites", "").splitlines()]
    metabolites = list(dict.fromkeys(line for line in lines if line))
    found = Problems()
    if group not in set(SubstanceGroup.objects.values_list("pk", flat=True)):
        found["group"] = UNKNOWN_GROUP
    if euda and euda not in set(EudaGroup.objects.values_list("pk", flat=True)):
        found["euda_group"] = UNKNOWN_GROUP
    if atc and not ATC.fullmatch(atc):
        found["atc"] = ATC_WRONG
    if code in metabolites:
        found["metabolites"] = ITS_OWN_METABOLITE
    elif len(metabolites) > MOST_METABOLITES or not all(map(_is_metabolite, metabolites)):
        found["metabolites"] = METABOLITES_WRONG
    if raw.get("early_warning") not in ("yes", "no"):
        found["early_warning"] = YES_OR_NO
    columns = {
        "group_id": group,
        "euda_group_id": euda or None,
        "atc": atc,
        "metabolites": metabolites,
        "early_warning": raw.get("early_warning") == "yes",
    }
    return columns, found


def _is_metabolite(text: str) -> bool:
    return text.isprintable() and bool(fold(text)) and len(text) <= LONGEST_METABOLITE

"""Rules on manner, intent, cause and inclusion: conclusions that contradict each other or lack their reason."""

from collections.abc import Iterator

from register.quality.record import Record
from register.quality.rule import Hit, Rule, Severity
from register.quality.rules.substances import contributors

# Blocks of external causes in ICD-10 chapter XX: first and last category, and the intent they stand for.
_INTENT_BLOCKS = (
    ("X40", "X49", "accident"),
    ("X60", "X84", "suicide"),
    ("X85", "Y09", "homicide"),
    ("Y10", "Y34", "undetermined"),
)
_INTENT_NAMES = {
    "accident": ("ongeval", "accident"),
    "suicide": ("zelfdoding", "suicide"),
    "homicide": ("doding door een ander", "homicide"),
    "undetermined": ("onbepaalde intentie", "undetermined intent"),
}


def _intent_of(code: str) -> str:
    category = code.strip().upper()[:3]
    return next((intent for first, last, intent in _INTENT_BLOCKS if first <= category <= last), "")


def _final_or_provisional(record: Record, name: str) -> str:
    return record.text(f"CauseOfDeath.{name}_final") or record.text(f"CauseOfDeath.{name}_provisional")


def intent_against_code(record: Record) -> Iterator[Hit]:
    code = record.text("CauseOfDeath.icd10_ucod")
    stands_for, intent = _intent_of(code), _final_or_provisional(record, "intent")
    if stands_for and intent and stands_for != intent:
        yield Hit({"code": code, "intent": _INTENT_NAMES[stands_for]})


def natural_with_poisoning(record: Record) -> Iterator[Hit]:
    poisoned = (
        bool(contributors(record))
        or record.text("CauseOfDeath.tox_contribution") == "very_likely"
        or record.text("CauseOfDeath.relation_to_drugs") == "direct"
        or bool(_intent_of(record.text("CauseOfDeath.icd10_ucod")))
    )
    if poisoned and _final_or_provisional(record, "manner") == "natural":
        final = record.text("CauseOfDeath.manner_final")
        yield Hit(field="CauseOfDeath.manner_final" if final else "")


def misfit_without_note(record: Record) -> Iterator[Hit]:
    no_note = not record.text("CauseOfDeath.tox_consistent_note")
    if record.text("CauseOfDeath.tox_consistent") == "no" and no_note:
        yield Hit()


def excluded_without_reason(record: Record) -> Iterator[Hit]:
    if record.text("Assessment.inclusion") == "excluded" and not record.text("Assessment.exclusion_reason"):
        yield Hit()


def code_replaced_without_reason(record: Record) -> Iterator[Hit]:
    suggested, chosen = record.text("CauseOfDeath.icd10_ucod_suggested"), record.text("CauseOfDeath.icd10_ucod")
    if suggested and chosen and suggested != chosen and not record.text("CauseOfDeath.icd10_override_reason"):
        yield Hit({"chosen": chosen, "suggested": suggested})


def declaration_against_manner(record: Record) -> Iterator[Hit]:
    manner, route = record.text("CauseOfDeath.manner_provisional"), record.text("CauseOfDeath.wlb_route")
    natural = manner == "natural"
    if manner and route and natural != (route == "declaration_a"):
        yield Hit()


def note_with_accident(record: Record) -> Iterator[Hit]:
    if "note" in record.codes("Circumstances.scene_items") and _final_or_provisional(record, "intent") == "accident":
        yield Hit()


RULES: tuple[Rule, ...] = (
    Rule(
        "Q06c",
        Severity.WARNING,
        "CauseOfDeath.icd10_ucod",
        "Code {code} staat voor {intent}, en dat is niet de vastgelegde intentie. Klopt dit?",
        "Code {code} stands for {intent}, which is not the intent on record. Is this right?",
        intent_against_code,
    ),
    Rule(
        "Q09",
        Severity.WARNING_AT_SUBMIT,
        "CauseOfDeath.manner_provisional",
        "De aard is 'natuurlijk', maar de conclusie wijst op middelen als oorzaak. Klopt dit?",
        "The manner is 'natural', but the conclusion points to substances as the cause. Is this right?",
        natural_with_poisoning,
    ),
    Rule(
        "Q19",
        Severity.ERROR_AT_SUBMIT,
        "CauseOfDeath.tox_consistent_note",
        "Leg uit waarom de toxicologie niet bij de conclusie past.",
        "Explain why the toxicology does not fit the conclusion.",
        misfit_without_note,
    ),
    Rule(
        "Q21",
        Severity.ERROR_AT_SUBMIT,
        "Assessment.exclusion_reason",
        "Kies de reden waarom deze zaak is uitgesloten.",
        "Choose the reason why this case is excluded.",
        excluded_without_reason,
    ),
    Rule(
        "Q30",
        Severity.TASK,
        "CauseOfDeath.icd10_override_reason",
        "Geef de reden om {chosen} te kiezen in plaats van het voorstel {suggested}.",
        "Give the reason to choose {chosen} instead of the suggestion {suggested}.",
        code_replaced_without_reason,
    ),
    Rule(
        "Q31",
        Severity.WARNING_AT_SUBMIT,
        "CauseOfDeath.wlb_route",
        "De verklaring past niet bij de aard van overlijden: een A-verklaring hoort bij natuurlijk. Klopt dit?",
        "The declaration does not fit the manner of death: declaration A belongs to a natural death. Is this right?",
        declaration_against_manner,
    ),
    Rule(
        "Q34",
        Severity.WARNING,
        "CauseOfDeath.intent_provisional",
        "Er is een afscheidsbrief aangetroffen en de intentie is 'ongeval'. Klopt dit?",
        "A suicide note was found and the intent is 'accident'. Is this right?",
        note_with_accident,
    ),
)

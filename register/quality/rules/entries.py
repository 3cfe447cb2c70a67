"""Rules on single answers: identifying text, answers that exclude each other, and answers that are still to come."""

from collections.abc import Iterator, Sequence

from register.quality import identifiers, value_sets
from register.quality.dictionary import FieldSpec, all_fields, find
from register.quality.record import Answered, Record
from register.quality.rule import Hit, Rule, Severity

OLDEST_USUAL_AGE = 110

_TEXTS = tuple(spec for spec in all_fields() if spec.kind == "text" and spec.level != "derived")
_CODES = tuple(spec for spec in all_fields() if spec.kind == "codes" and spec.value_set)
_CORE = tuple(spec for spec in all_fields() if spec.level == "core" and spec.on_case)

_KIND_NAMES = {
    "bsn": ("een burgerservicenummer", "a citizen service number"),
    "phone": ("een telefoonnummer", "a telephone number"),
    "email": ("een e-mailadres", "an e-mail address"),
    "address": ("een adres", "an address"),
    "birth_date": ("een geboortedatum", "a date of birth"),
    "name": ("een naam", "a name"),
}
# The word before the last of several, in both languages.
AND = ("en", "and")


def _holders(record: Record, specs: tuple[FieldSpec, ...]) -> Iterator[tuple[Answered, FieldSpec, str]]:
    for spec in specs:
        if spec.on_case:
            yield record, spec, ""
        else:
            for row in record.rows_of(spec.model):
                yield row, spec, row.key


def identifying_text(record: Record) -> Iterator[Hit]:
    for holder, spec, row in _holders(record, _TEXTS):
        text = holder.text(spec.key)
        kinds = dict.fromkeys(part.kind for part in identifiers.find(text)) if text else {}
        if kinds:
            said = tuple(_enumerated([_KIND_NAMES[kind][at] for kind in kinds], word) for at, word in enumerate(AND))
            words = {"label": (spec.label_nl, spec.label_en), "kinds": (said[0], said[1])}
            yield Hit(words, field=spec.key, row=row)


def _enumerated(names: Sequence[str], word: str) -> str:
    """One, two and three in a sentence, with ``word`` before the last."""
    *others, last = names
    return f"{', '.join(others)} {word} {last}" if others else last


def very_old(record: Record) -> Iterator[Hit]:
    age = record.number("Decedent.age_years")
    if age is not None and age > OLDEST_USUAL_AGE:
        yield Hit({"age": str(age)})


def other_region(record: Record) -> Iterator[Hit]:
    place = record.lookups.municipalities.get(record.text("Death.death_municipality"))
    region = record.text("Case.region")
    if place and region and place.region != region:
        names = record.lookups.region_names
        yield Hit({"region": names.get(region, region), "other": names.get(place.region, place.region)})


def alone_with_company(record: Record) -> Iterator[Hit]:
    if record.text("Circumstances.used_alone") == "yes" and (
        "co_user" in record.codes("Circumstances.bystander_relation")
        or record.text("Circumstances.use_witnessed") == "yes"
    ):
        yield Hit()


def none_beside_others(record: Record) -> Iterator[Hit]:
    for holder, spec, row in _holders(record, _CODES):
        chosen = holder.codes(spec.key)
        if "none" in chosen and len(chosen) > 1:
            none = (value_sets.label(spec.value_set, "none", "nl"), value_sets.label(spec.value_set, "none", "en"))
            yield Hit({"label": (spec.label_nl, spec.label_en), "none": none}, field=spec.key, row=row)


def same_reference(record: Record) -> Iterator[Hit]:
    if record.same_reference > 0:
        yield Hit({"count": str(record.same_reference)})


def core_not_asked(record: Record) -> Iterator[Hit]:
    for spec in _CORE:
        if record.answer(spec.key).missing == "NASK":
            yield Hit({"label": (spec.label_nl, spec.label_en)}, field=spec.key)


def still_pending(record: Record) -> Iterator[Hit]:
    holders: list[tuple[Answered, str]] = [(record, "")]
    holders += [(row, row.key) for rows in record.rows.values() for row in rows]
    for holder, row_key in holders:
        for key, answer in holder.answers.items():
            spec = find(key) if answer.missing == "PEND" else None
            if spec:
                yield Hit({"label": (spec.label_nl, spec.label_en)}, field=key, row=row_key)


RULES: tuple[Rule, ...] = (
    Rule(
        "Q02a",
        Severity.WARNING_AT_SUBMIT,
        "Decedent.age_years",
        "Leeftijd {age} jaar komt weinig voor. Klopt dit?",
        "An age of {age} years is unusual. Is this right?",
        very_old,
    ),
    Rule(
        "Q04",
        Severity.WARNING_AT_SUBMIT,
        "Case.narrative",
        "'{label}' lijkt {kinds} te bevatten. Haal dat weg, of geef aan dat het geen persoon aanwijst.",
        "'{label}' seems to hold {kinds}. Remove it, or say that it points to no person.",
        identifying_text,
    ),
    Rule(
        "Q11a",
        Severity.WARNING,
        "Case.external_reference",
        "Dit dossiernummer staat ook bij een andere zaak ({count}). Is dit dezelfde zaak?",
        "This file number also belongs to another case ({count}). Is this the same case?",
        same_reference,
    ),
    Rule(
        "Q11b",
        Severity.WARNING,
        "Case.narrative",
        "'{label}' is niet nagegaan. Is het nog te achterhalen?",
        "'{label}' was not asked. Can it still be found out?",
        core_not_asked,
    ),
    Rule(
        "Q16",
        Severity.WARNING_AT_SUBMIT,
        "Death.death_municipality",
        "De gemeente van overlijden hoort bij {other}, de zaak bij {region}. Klopt dit?",
        "The municipality of death belongs to {other}, the case to {region}. Is this right?",
        other_region,
    ),
    Rule(
        "Q20",
        Severity.TASK,
        "Case.narrative",
        "'{label}' staat op 'Nog niet bekend'. Vul het antwoord in vóór de zaak wordt gesloten.",
        "'{label}' says 'Not known yet'. Fill in the answer before the case is closed.",
        still_pending,
    ),
    Rule(
        "Q33",
        Severity.WARNING,
        "Circumstances.used_alone",
        "Alleen bij gebruik staat op ja, maar iemand gebruikte mee of zag het gebruik. Klopt dit?",
        "Alone while using says yes, but someone used as well or saw the use. Is this right?",
        alone_with_company,
    ),
    Rule(
        "Q35",
        Severity.ERROR_AT_SUBMIT,
        "Case.narrative",
        "'{label}': '{none}' kan niet samen met een ander antwoord. Kies een van beide.",
        "'{label}': '{none}' does not go with another answer. Choose one of the two.",
        none_beside_others,
    ),
)

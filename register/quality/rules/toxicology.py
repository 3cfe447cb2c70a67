"""Rules on toxicology: what was asked, what came back, and what a result can carry."""

from collections.abc import Iterator

from register.quality.record import Record, Row
from register.quality.rule import Hit, Rule, Severity
from register.quality.rules.substances import RESULT, detected, names

HIGH_FACTOR = 10
CONFIRMING_STAGES = frozenset({"screen", "confirmed", "quantified"})
WAITING = frozenset({"requested", "sampled", "partial"})

_BY_VOLUME = frozenset({"ug_l", "ng_ml", "mg_l", "ug_ml", "g_l", "promille", "mmol_l"})
_BY_MASS = frozenset({"ug_kg", "mg_kg"})
_FLUIDS = frozenset(
    {
        "blood_femoral",
        "blood_subclavian",
        "blood_heart",
        "blood_unspecified",
        "serum",
        "urine",
        "vitreous",
        "bile",
        "csf",
    }
)
_TISSUES = frozenset({"liver", "muscle", "brain", "hair", "larvae"})


def far_above_highest(record: Record) -> Iterator[Hit]:
    for row in record.rows_of(RESULT):
        value = row.quantity(f"{RESULT}.normalised_value")
        seen = record.lookups.highest_seen.get((row.text(f"{RESULT}.substance"), row.text(f"{RESULT}.normalised_unit")))
        if value is not None and seen is not None and value > seen * HIGH_FACTOR:
            yield Hit({"substance": names(record, row), "factor": str(HIGH_FACTOR)}, row=row.key)


def _matrix(record: Record, row: Row) -> str:
    sample = record.row("ToxSample", row.links.get("sample", ""))
    return sample.text("ToxSample.matrix") if sample else ""


def unlikely_unit(record: Record) -> Iterator[Hit]:
    for row in record.rows_of(RESULT):
        unit, code, matrix = row.text(f"{RESULT}.unit"), row.text(f"{RESULT}.substance"), _matrix(record, row)
        only = record.lookups.units_of.get(unit)
        wrong_substance = only is not None and bool(code) and code not in only
        wrong_matrix = (unit in _BY_MASS and matrix in _FLUIDS) or (unit in _BY_VOLUME and matrix in _TISSUES)
        if wrong_substance or wrong_matrix:
            yield Hit({"substance": names(record, row)}, row=row.key)


def overdue(record: Record) -> Iterator[Hit]:
    for row in record.rows_of("ToxRequest"):
        due = row.dated("ToxRequest.due_on")
        waiting = row.text("ToxRequest.status") in WAITING and row.dated("ToxRequest.received_on") is None
        if waiting and due and due.ends_before(record.today):
            yield Hit({"due": due.written()}, row=row.key)


def confirmed_without_laboratory(record: Record) -> Iterator[Hit]:
    if record.text("Assessment.inclusion") != "confirmed":
        return
    stages = {row.text(f"{RESULT}.stage") for row in detected(record)}
    if not stages & CONFIRMING_STAGES and "rapid" in stages:
        yield Hit()


def confirmed_without_result(record: Record) -> Iterator[Hit]:
    if record.text("Assessment.inclusion") != "confirmed":
        return
    stages = {row.text(f"{RESULT}.stage") for row in detected(record)}
    if not stages & (CONFIRMING_STAGES | {"rapid"}):
        yield Hit()


def not_requested_without_reason(record: Record) -> Iterator[Hit]:
    requests = record.rows_of("ToxRequest")
    without = [
        row
        for row in requests
        if row.text("ToxRequest.status") == "not_requested" and row.answer("ToxRequest.not_requested_reason").blank
    ]
    if without:
        yield Hit(row=without[0].key)
    elif record.text("Case.tox_status") == "not_requested" and not requests:
        yield Hit()


def negative_outside_scope(record: Record) -> Iterator[Hit]:
    for row in record.rows_of(RESULT):
        needed = record.lookups.scope_needed.get(row.text(f"{RESULT}.substance"))
        request = record.row("ToxRequest", row.links.get("request", ""))
        scope = request.codes("ToxRequest.panel_scope") if request else ()
        if needed and row.text(f"{RESULT}.outcome") == "not_detected" and scope and needed not in scope:
            yield Hit({"substance": names(record, row)}, row=row.key)


RULES: tuple[Rule, ...] = (
    Rule(
        "Q08a",
        Severity.WARNING_AT_SUBMIT,
        f"{RESULT}.value",
        "{substance}: de waarde is meer dan {factor} keer de hoogste eerdere. Klopt de waarde en de eenheid?",
        "{substance}: the value is more than {factor} times the highest before. Are value and unit right?",
        far_above_highest,
    ),
    Rule(
        "Q08b",
        Severity.WARNING_AT_SUBMIT,
        f"{RESULT}.unit",
        "{substance}: deze eenheid past niet bij het middel of het materiaal. Klopt dit?",
        "{substance}: this unit does not fit the substance or the specimen. Is this right?",
        unlikely_unit,
    ),
    Rule(
        "Q10",
        Severity.TASK,
        "ToxRequest.received_on",
        "De toxicologie werd verwacht op {due} en is nog niet ontvangen. Vraag het laboratorium naar de uitslag.",
        "The toxicology was expected on {due} and has not been received. Ask the laboratory for the result.",
        overdue,
        "Is er nieuws van het laboratorium, en wanneer verwacht u de uitslag? {finding}",
        "Is there news from the laboratory, and when do you expect the result? {finding}",
        by_itself=True,
    ),
    Rule(
        "Q18a",
        Severity.ERROR,
        "Assessment.inclusion",
        "'Bevestigd' kan niet op een sneltest alleen. Voeg een laboratoriumuitslag toe, of kies 'Waarschijnlijk'.",
        "'Confirmed' cannot rest on a rapid test alone. Add a laboratory result, or choose 'Probable'.",
        confirmed_without_laboratory,
    ),
    Rule(
        "Q18b",
        Severity.ERROR,
        "Assessment.inclusion",
        "'Bevestigd' vraagt een laboratoriumuitslag met het soort test. Voeg die toe, of kies 'Waarschijnlijk'.",
        "'Confirmed' needs a laboratory result with its kind of test. Add it, or choose 'Probable'.",
        confirmed_without_result,
    ),
    Rule(
        "Q25",
        Severity.ERROR_AT_SUBMIT,
        "ToxRequest.not_requested_reason",
        "Kies de reden waarom geen toxicologie is aangevraagd.",
        "Choose the reason why no toxicology was requested.",
        not_requested_without_reason,
    ),
    Rule(
        "Q27",
        Severity.WARNING,
        f"{RESULT}.outcome",
        "{substance} staat op 'niet aangetoond', maar het onderzoek was er niet op gericht. "
        "Dat telt niet als afwezig; kies 'Niet onderzocht'.",
        "{substance} says 'not detected', but the panel did not look for it. "
        "That does not count as absent; choose 'Not tested'.",
        negative_outside_scope,
    ),
)

"""Rules on suspected and found substances, their roles and their metabolites."""

from collections.abc import Iterator

from register.quality.record import Record, Row
from register.quality.rule import Hit, Rule, Severity

SUSPECTED, FINDING, RESULT = "SuspectedSubstance", "SubstanceFinding", "ToxResult"
ROLE = f"{FINDING}.role"
SOLE, JOINT, METABOLITE = "sole_cause", "joint_cause", "metabolite_or_adulterant"
CONTRIBUTING = frozenset({SOLE, JOINT})
CHILD_AGE = 12


def names(record: Record, row: Row) -> tuple[str, str]:
    """What a row of substances is called: the name in the catalogue, or the words it was reported in."""
    code = row.text(f"{row.model}.substance")
    reported = row.text(f"{row.model}.reported_as")
    return record.lookups.substance_name(code) if code else (reported, reported)


def keys(row: Row) -> frozenset[str]:
    """The code and the folded name of a row, under which the catalogue may know it as a metabolite or marker."""
    texts = (row.text(f"{row.model}.substance"), row.text(f"{row.model}.reported_as"))
    return frozenset(text.strip().lower() for text in texts if text.strip())


def contributors(record: Record) -> list[Row]:
    """The findings that count as a cause, alone or with others."""
    return [row for row in record.rows_of(FINDING) if row.text(ROLE) in CONTRIBUTING]


def detected(record: Record) -> list[Row]:
    """The results that found their substance."""
    return [row for row in record.rows_of(RESULT) if row.text(f"{RESULT}.outcome") == "detected"]


def _found(record: Record) -> frozenset[str]:
    return frozenset(key for row in record.rows_of(FINDING) for key in keys(row))


def no_row_and_no_reason(record: Record) -> Iterator[Hit]:
    said = not record.answer("Circumstances.suspected_none").blank
    none_named = record.truth("Circumstances.suspected_none") is not False
    if not record.rows_of(SUSPECTED) and not record.rows_of(FINDING) and not (said and none_named):
        yield Hit()


def row_beside_none(record: Record) -> Iterator[Hit]:
    if record.truth("Circumstances.suspected_none") and record.rows_of(SUSPECTED):
        yield Hit({"count": str(len(record.rows_of(SUSPECTED)))})


def child_with_drug(record: Record) -> Iterator[Hit]:
    age = record.number("Decedent.age_years")
    rows = (*record.rows_of(SUSPECTED), *contributors(record))
    drugs = [row for row in rows if row.text(f"{row.model}.substance") in record.lookups.drugs_of_abuse]
    if age is not None and age < CHILD_AGE and drugs:
        yield Hit({"age": str(age), "substance": names(record, drugs[0])})


def metabolite_without_parent(record: Record) -> Iterator[Hit]:
    found = _found(record)
    parents = record.lookups.metabolite_parents
    as_metabolite = [row for row in record.rows_of(FINDING) if row.text(ROLE) == METABOLITE]
    # A result that stands among the findings in its own right (morphine given as such) was judged by a person.
    unjudged = [row for row in detected(record) if not keys(row) & found]
    for row in (*as_metabolite, *unjudged):
        possible = {parent for key in keys(row) for parent in parents.get(key, ())}
        if possible and not possible & found and not any(key in record.lookups.proves for key in keys(row)):
            yield Hit({"substance": names(record, row)}, field=f"{row.model}.substance", row=row.key)


def marker_without_its_drug(record: Record) -> Iterator[Hit]:
    found = _found(record)
    rows = {row.key: row for row in (*record.rows_of(FINDING), *detected(record))}
    for row in rows.values():
        for key in sorted(keys(row)):
            proved = record.lookups.proves.get(key)
            if proved and proved not in found:
                words = {"marker": names(record, row), "substance": record.lookups.substance_name(proved)}
                yield Hit(words, field=f"{row.model}.substance", row=row.key)
                break


def _care_was_given(record: Record) -> bool:
    naloxone = {row.text("NaloxoneGiven.given_by") for row in record.rows_of("NaloxoneGiven")} - {"", "no"}
    helped = ("Circumstances.cpr", "Circumstances.transported", "Circumstances.emergency_called")
    return bool(naloxone) or any(record.text(key) == "yes" for key in helped)


def care_drug_contributing(record: Record) -> Iterator[Hit]:
    care = _care_was_given(record)
    for row in contributors(record):
        code = row.text(f"{FINDING}.substance")
        if code in record.lookups.antidotes or (care and code in record.lookups.care_drugs):
            yield Hit({"substance": names(record, row)}, row=row.key)


def unusual_route(record: Record) -> Iterator[Hit]:
    for model in (SUSPECTED, FINDING):
        for row in record.rows_of(model):
            usual = record.lookups.usual_routes.get(row.text(f"{model}.substance"))
            route = row.text(f"{model}.route")
            if usual and route and route != "other" and route not in usual:
                yield Hit({"substance": names(record, row)}, field=f"{model}.route", row=row.key)


def contributing_but_not_detected(record: Record) -> Iterator[Hit]:
    outcomes: dict[str, set[str]] = {}
    for result in record.rows_of(RESULT):
        outcomes.setdefault(result.text(f"{RESULT}.substance"), set()).add(result.text(f"{RESULT}.outcome"))
    outcomes.pop("", None)
    for row in contributors(record):
        if outcomes.get(row.text(f"{FINDING}.substance"), set()) - {"not_tested"} == {"not_detected"}:
            yield Hit({"substance": names(record, row)}, row=row.key)


def several_sole_causes(record: Record) -> Iterator[Hit]:
    sole = [row for row in contributors(record) if row.text(ROLE) == SOLE]
    if len(sole) > 1:
        yield Hit({"count": str(len(sole))}, row=sole[1].key)


def sole_cause_beside_others(record: Record) -> Iterator[Hit]:
    sole = [row for row in contributors(record) if row.text(ROLE) == SOLE]
    joint = [row for row in contributors(record) if row.text(ROLE) == JOINT]
    if sole and joint:
        yield Hit({"sole": names(record, sole[0]), "joint": names(record, joint[0])}, row=sole[0].key)


def role_not_set(record: Record) -> Iterator[Hit]:
    for row in record.rows_of(FINDING):
        if not row.text(ROLE):
            yield Hit({"substance": names(record, row)}, row=row.key)


def not_mapped(record: Record) -> Iterator[Hit]:
    for model in (SUSPECTED, FINDING, RESULT):
        for row in record.rows_of(model):
            # A metabolite such as 6-MAM is known by its own name and is no substance of the catalogue.
            known = model == RESULT and bool(keys(row) & record.lookups.analytes)
            if not row.text(f"{model}.substance") and not known:
                yield Hit({"text": row.text(f"{model}.reported_as")}, field=f"{model}.substance", row=row.key)


RULES: tuple[Rule, ...] = (
    Rule(
        "Q02b",
        Severity.WARNING_AT_SUBMIT,
        "Decedent.age_years",
        "Leeftijd {age} jaar komt weinig voor bij {substance}. Klopt dit?",
        "An age of {age} years is unusual with {substance}. Is this right?",
        child_with_drug,
    ),
    Rule(
        "Q05a",
        Severity.ERROR_AT_SUBMIT,
        "Circumstances.suspected_none",
        "Voeg een vermoed middel toe, of leg vast dat er geen vermoeden is.",
        "Add a suspected substance, or record that none is suspected.",
        no_row_and_no_reason,
    ),
    Rule(
        "Q05b",
        Severity.ERROR_AT_SUBMIT,
        "Circumstances.suspected_none",
        "'Geen middel vermoed' staat op ja, maar er zijn vermoede middelen ({count}). Pas een van beide aan.",
        "'No substance suspected' says yes, but there are suspected substances ({count}). Change one of the two.",
        row_beside_none,
    ),
    Rule(
        "Q06a",
        Severity.WARNING,
        f"{FINDING}.substance",
        "{substance} kan een metaboliet zijn; het middel waar het van komt staat niet bij de bevindingen.",
        "{substance} may be a metabolite; the substance it comes from is not among the findings.",
        metabolite_without_parent,
        "{finding} Hoort dat middel erbij?",
        "{finding} Should that substance be added?",
    ),
    Rule(
        "Q06b",
        Severity.WARNING,
        f"{FINDING}.substance",
        "{marker} bewijst gebruik van {substance}, maar {substance} staat niet bij de bevindingen.",
        "{marker} proves the use of {substance}, but {substance} is not among the findings.",
        marker_without_its_drug,
        "{finding} Hoort dat middel erbij?",
        "{finding} Should that substance be added?",
    ),
    Rule(
        "Q06d",
        Severity.WARNING,
        ROLE,
        "{substance} wordt ook bij hulpverlening gegeven. Droeg het echt bij aan het overlijden?",
        "{substance} is also given during care. Did it really contribute to the death?",
        care_drug_contributing,
    ),
    Rule(
        "Q06e",
        Severity.WARNING,
        f"{FINDING}.route",
        "De toedieningsweg is ongewoon voor {substance}. Klopt dit?",
        "The route of administration is unusual for {substance}. Is this right?",
        unusual_route,
    ),
    Rule(
        "Q07",
        Severity.WARNING_AT_SUBMIT,
        ROLE,
        "{substance} heeft de rol oorzaak of mede-oorzaak, maar is niet aangetoond. Klopt dit?",
        "{substance} has the role of a cause, but was tested and not detected. Is this right?",
        contributing_but_not_detected,
    ),
    Rule(
        "Q17a",
        Severity.ERROR,
        ROLE,
        "Er kan maar één middel de enige doodsoorzaak zijn; nu zijn het er {count}.",
        "Only one substance can be the sole cause; now there are {count}.",
        several_sole_causes,
    ),
    Rule(
        "Q17b",
        Severity.ERROR,
        ROLE,
        "{sole} is enige doodsoorzaak, maar {joint} is mede-oorzaak. Kies tweemaal 'Mede-oorzaak', of pas er een aan.",
        "{sole} is the sole cause, but {joint} is a joint cause. Choose 'Joint cause' for both, or change one.",
        sole_cause_beside_others,
    ),
    Rule(
        "Q22",
        Severity.TASK,
        ROLE,
        "Kies de rol van {substance}.",
        "Choose the role of {substance}.",
        role_not_set,
    ),
    Rule(
        "Q23",
        Severity.TASK,
        f"{FINDING}.substance",
        "'{text}' is nog niet aan een middel gekoppeld.",
        "'{text}' is not linked to a substance yet.",
        not_mapped,
        "{finding} Weet u welk middel dit is?",
        "{finding} Do you know which substance this is?",
    ),
)

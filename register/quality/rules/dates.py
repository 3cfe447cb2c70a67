"""Rules on the order of days: no event before the one it follows, nothing after today."""

from collections.abc import Iterator
from datetime import timedelta

from register.quality.dictionary import field
from register.quality.record import Answered, Record
from register.quality.rule import Hit, Rule, Severity

DATE_OF_DEATH = "Death.date_of_death"
OLD_ENTRY = timedelta(days=60)

_PAST_ON_CASE = ("Death.last_seen_alive", "Death.found_at", "Case.date_notified", "Case.date_examined")
_PAST_ON_ROWS = {
    "SourceDocument": ("SourceDocument.state_on",),
    "ToxRequest": ("ToxRequest.requested_on", "ToxRequest.received_on"),
    "ToxSample": ("ToxSample.sampled_at",),
}
_MUNICIPALITIES = ("Death.death_municipality", "Death.use_municipality", "Decedent.residence_municipality")


def _label(key: str) -> tuple[str, str]:
    spec = field(key)
    return spec.label_nl, spec.label_en


def death_in_future(record: Record) -> Iterator[Hit]:
    died = record.dated(DATE_OF_DEATH)
    if died and died.starts_after(record.today):
        yield Hit()


def other_day_in_future(record: Record) -> Iterator[Hit]:
    places: list[tuple[Answered, str, str]] = [(record, key, "") for key in _PAST_ON_CASE]
    for model, keys in _PAST_ON_ROWS.items():
        places += [(row, key, row.key) for row in record.rows_of(model) for key in keys]
    for holder, key, row_key in places:
        day = holder.dated(key)
        if day and day.starts_after(record.today):
            yield Hit({"label": _label(key)}, field=key, row=row_key)


def found_before_seen(record: Record) -> Iterator[Hit]:
    seen, found = record.moment("Death.last_seen_alive"), record.moment("Death.found_at")
    if seen and found and found < seen:
        yield Hit()


def long_ago(record: Record) -> Iterator[Hit]:
    died = record.dated(DATE_OF_DEATH)
    if died and record.entered_on and died.ends_before(record.entered_on - OLD_ENTRY):
        yield Hit({"days": str(OLD_ENTRY.days)})


def place_not_valid(record: Record) -> Iterator[Hit]:
    died = record.dated(DATE_OF_DEATH)
    if died is None:
        return
    for key in _MUNICIPALITIES:
        place = record.lookups.municipalities.get(record.text(key))
        if place is None:
            continue
        too_early = place.valid_from is not None and died.ends_before(place.valid_from)
        too_late = place.valid_to is not None and died.starts_after(place.valid_to)
        if too_early or too_late:
            successor = (f" Kies {place.successor}.", f" Choose {place.successor}.") if place.successor else ""
            yield Hit({"label": _label(key), "place": place.name, "successor": successor}, field=key)


def born_after_death(record: Record) -> Iterator[Hit]:
    died, born = record.dated(DATE_OF_DEATH), record.number("Decedent.birth_year")
    if died and born is not None and born > died.date_to.year:
        yield Hit({"born": str(born)})


def age_does_not_fit(record: Record) -> Iterator[Hit]:
    died, born = record.dated(DATE_OF_DEATH), record.number("Decedent.birth_year")
    age = record.number("Decedent.age_years")
    if died is None or born is None or age is None or born > died.date_to.year:
        return
    youngest, oldest = died.date_from.year - born - 1, died.date_to.year - born
    if not youngest <= age <= oldest:
        yield Hit({"age": str(age), "born": str(born), "low": str(max(youngest, 0)), "high": str(oldest)})


def _before_death(record: Record, key: str) -> Iterator[Hit]:
    died, day = record.dated(DATE_OF_DEATH), record.dated(key)
    if died and day and day.ends_before(died):
        yield Hit()


def examined_before_death(record: Record) -> Iterator[Hit]:
    return _before_death(record, "Case.date_examined")


def notified_before_death(record: Record) -> Iterator[Hit]:
    return _before_death(record, "Case.date_notified")


def seen_after_death(record: Record) -> Iterator[Hit]:
    died, seen = record.dated(DATE_OF_DEATH), record.dated("Death.last_seen_alive")
    if died and seen and seen.starts_after(died):
        yield Hit()


def received_before_requested(record: Record) -> Iterator[Hit]:
    for row in record.rows_of("ToxRequest"):
        asked, received = row.dated("ToxRequest.requested_on"), row.dated("ToxRequest.received_on")
        if asked and received and received.ends_before(asked):
            yield Hit(row=row.key)


def sampled_before_death(record: Record) -> Iterator[Hit]:
    died = record.dated(DATE_OF_DEATH)
    for row in record.rows_of("ToxSample"):
        day = row.dated("ToxSample.sampled_at")
        if died and day and row.text("ToxSample.timing") == "post_mortem" and day.ends_before(died):
            yield Hit(row=row.key)


RULES: tuple[Rule, ...] = (
    Rule(
        "Q01a",
        Severity.ERROR,
        DATE_OF_DEATH,
        "De datum van overlijden ligt na vandaag. Pas de datum aan.",
        "The date of death lies after today. Change the date.",
        death_in_future,
    ),
    Rule(
        "Q01b",
        Severity.ERROR,
        "Death.found_at",
        "Gevonden ligt vóór laatst in leven gezien. Pas een van beide tijden aan.",
        "The time found lies before the time last seen alive. Change one of the two.",
        found_before_seen,
    ),
    Rule(
        "Q01c",
        Severity.ERROR,
        DATE_OF_DEATH,
        "'{label}' ligt na vandaag. Pas de datum aan.",
        "'{label}' lies after today. Change the date.",
        other_day_in_future,
    ),
    Rule(
        "Q01d",
        Severity.WARNING,
        DATE_OF_DEATH,
        "Het overlijden was meer dan {days} dagen vóór de invoer. Klopt dit?",
        "The death was more than {days} days before the entry. Is this right?",
        long_ago,
    ),
    Rule(
        "Q03",
        Severity.ERROR,
        "Death.death_municipality",
        "'{label}': {place} bestond niet op de datum van overlijden.{successor}",
        "'{label}': {place} did not exist on the date of death.{successor}",
        place_not_valid,
    ),
    Rule(
        "Q12",
        Severity.ERROR,
        "Decedent.birth_year",
        "Het geboortejaar {born} ligt na het overlijden. Pas het jaar of de datum van overlijden aan.",
        "The year of birth {born} lies after the death. Change the year or the date of death.",
        born_after_death,
    ),
    Rule(
        "Q13",
        Severity.WARNING_AT_SUBMIT,
        "Decedent.age_years",
        "Leeftijd {age} past niet bij geboortejaar {born}; verwacht wordt {low} tot {high} jaar. Klopt dit?",
        "An age of {age} does not fit a birth in {born}; {low} to {high} years is expected. Is this right?",
        age_does_not_fit,
    ),
    Rule(
        "Q14a",
        Severity.WARNING_AT_SUBMIT,
        "Case.date_examined",
        "De schouw ligt vóór de datum van overlijden. Klopt dit?",
        "The examination lies before the date of death. Is this right?",
        examined_before_death,
    ),
    Rule(
        "Q14b",
        Severity.WARNING_AT_SUBMIT,
        "Case.date_notified",
        "De melding ligt vóór de datum van overlijden. Klopt dit?",
        "The notification lies before the date of death. Is this right?",
        notified_before_death,
    ),
    Rule(
        "Q15",
        Severity.WARNING_AT_SUBMIT,
        "Death.last_seen_alive",
        "Laatst in leven gezien ligt na de datum van overlijden. Klopt dit?",
        "Last seen alive lies after the date of death. Is this right?",
        seen_after_death,
    ),
    Rule(
        "Q29a",
        Severity.WARNING_AT_SUBMIT,
        "ToxRequest.received_on",
        "De uitslag is ontvangen vóór de aanvraag. Klopt dit?",
        "The result was received before the request. Is this right?",
        received_before_requested,
    ),
    Rule(
        "Q29b",
        Severity.WARNING_AT_SUBMIT,
        "ToxSample.sampled_at",
        "Een postmortaal monster is afgenomen vóór de datum van overlijden. Klopt dit?",
        "A post-mortem sample was taken before the date of death. Is this right?",
        sampled_before_death,
    ),
)

"""Answers, rows and records for the tests of the quality rules."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from register.quality import value_sets
from register.quality.answers import Answer
from register.quality.dictionary import FieldSpec, all_fields, field
from register.quality.partial_dates import PartialDate
from register.quality.reading import reasons
from register.quality.record import Lookups, Municipality, Record, Row

TODAY = date(2024, 6, 15)

LOOKUPS = Lookups(
    municipalities={
        "GM0363": Municipality("Amsterdam", "GG3406"),
        "GM0599": Municipality("Rotterdam", "GG4607"),
        "GM0457": Municipality("Weesp", "GG3606", valid_to=date(2022, 3, 23), successor="Amsterdam"),
        "GM1999": Municipality("Nieuwstad", "GG3406", valid_from=date(2024, 1, 1)),
    },
    region_names={"GG3406": "GGD Amsterdam", "GG4607": "GGD Rotterdam-Rijnmond"},
    substance_names={"heroin": ("heroïne", "heroin"), "cocaine": ("cocaïne", "cocaine")},
    metabolite_parents={
        "benzoylecgonine": ("cocaine",),
        "norfentanyl": ("fentanyl",),
        "6-mam": ("heroin",),
        "morphine": ("heroin", "codeine"),
    },
    proves={"6-mam": "heroin"},
    care_drugs=frozenset({"naloxone", "midazolam", "ketamine", "lidocaine"}),
    antidotes=frozenset({"naloxone"}),
    drugs_of_abuse=frozenset({"heroin", "cocaine"}),
    usual_routes={"heroin": frozenset({"smoked", "injected", "nasal"})},
    highest_seen={("cocaine", "ug_l"): Decimal(2000)},
    units_of={"promille": frozenset({"ethanol"}), "pct_cohb": frozenset({"carbon-monoxide"})},
    scope_needed={"metonitazene": "nitazenes"},
)


def answer(value: Any) -> Answer:
    """A value as an answer; an upper-case reason code as a missing reason; text of a date field as a date."""
    if isinstance(value, Answer):
        return value
    if value in value_sets.codes(value_sets.MISSING):
        return Answer(missing=value)
    return Answer(tuple(value) if isinstance(value, list) else value)


def row(model: str, key: str = "r1", links: dict[str, str] | None = None, **answers: Any) -> Row:
    return Row(model, key, {f"{model}.{name}": answer(value) for name, value in answers.items()}, links or {})


def record(*rows: Row, lookups: Lookups = LOOKUPS, facts: dict[str, Any] | None = None, **answers: Any) -> Record:
    """A record; answers are given as ``Model__field=value``."""
    grouped: dict[str, tuple[Row, ...]] = {}
    for one in rows:
        grouped[one.model] = (*grouped.get(one.model, ()), one)
    return Record(
        today=TODAY,
        answers={name.replace("__", "."): answer(value) for name, value in answers.items()},
        rows=grouped,
        lookups=lookups,
        **(facts or {}),
    )


DATES = st.dates(date(1890, 1, 1), date(2100, 12, 31))
PARTIAL_DATES = st.one_of(
    DATES.map(lambda day: PartialDate.of(day.year, day.month, day.day)),
    DATES.map(lambda day: PartialDate.of(day.year, day.month)),
    DATES.map(lambda day: PartialDate.of(day.year)),
)
MOMENTS = st.builds(
    lambda day, seconds: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds),
    st.dates(date(1940, 1, 1), date(2099, 12, 31)),
    st.integers(0, 86_399) | st.integers(0, 1439).map(lambda minutes: minutes * 60),
)
# What the database can hold of a text: no control characters, no half of a surrogate pair.
LINES = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t"), min_size=1, max_size=40)


def values_of(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that the field can hold."""
    if spec.kind == "code" and spec.value_set:
        return st.sampled_from(value_sets.codes(spec.value_set))
    if spec.kind == "codes" and spec.value_set:
        codes = value_sets.codes(spec.value_set)
        chosen = st.sets(st.sampled_from(codes), min_size=1)
        return chosen.map(lambda picked: tuple(code for code in codes if code in picked))
    if spec.vocabulary or spec.kind == "code":
        return st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,20}", fullmatch=True)
    if spec.kind == "codes":
        return st.lists(st.sampled_from(["T40.1", "T40.5", "T43.6"]), min_size=1, unique=True).map(tuple)
    match spec.kind:
        case "int":
            low = -2_147_483_647 if spec.minimum is None else spec.minimum
            return st.integers(low, 2_147_483_647 if spec.maximum is None else spec.maximum)
        case "decimal":
            return st.decimals(0, 999_999_999_999, places=6, allow_nan=False, allow_infinity=False)
        case "bool":
            return st.booleans()
        case "date":
            return DATES
        case "partial_date":
            return PARTIAL_DATES
        case "datetime":
            return MOMENTS
        case _:
            return LINES.map(lambda text: text[: spec.maximum or 40])


def answers_of(spec: FieldSpec) -> st.SearchStrategy[Answer]:
    """Blank, a value that the field can hold, or one of its reasons."""
    options = [st.just(Answer()), values_of(spec).map(Answer)]
    if reasons(spec):
        options.append(st.sampled_from(reasons(spec)).map(lambda reason: Answer(missing=reason)))
    return st.one_of(options)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Arbitrary partial records: some answers, some rows, lookups or none."""
    on_case = [spec for spec in all_fields() if spec.on_case]
    keys = draw(st.sets(st.sampled_from([spec.key for spec in on_case]), max_size=12))
    rows: dict[str, tuple[Row, ...]] = {}
    models = sorted({spec.model for spec in all_fields() if not spec.on_case})
    for model in draw(st.sets(st.sampled_from(models), max_size=3)):
        specs = [spec for spec in all_fields() if spec.model == model]
        rows[model] = tuple(
            Row(model, f"r{number}", {spec.key: draw(answers_of(spec)) for spec in specs}, {"sample": "r0"})
            for number in range(draw(st.integers(1, 3)))
        )
    return Record(
        today=draw(DATES),
        answers={key: draw(answers_of(field(key))) for key in keys},
        rows=rows,
        lookups=draw(st.sampled_from([LOOKUPS, Lookups()])),
        entered_on=draw(st.none() | DATES),
        same_reference=draw(st.integers(0, 2)),
    )

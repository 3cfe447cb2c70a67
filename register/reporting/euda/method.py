"""What the workbook says of itself: where its figures come from, and which it does not have, and why."""

from collections.abc import Iterator
from collections.abc import Mapping as Dictionary

from register.reporting import codelists
from register.reporting.codelists import DECIMALS, FINAL, TOTAL
from register.reporting.euda.figures import CANNOT_OCCUR, NOT_PUBLISHED, SUPPRESSED, Figures, Shown
from register.reporting.euda.mapping import Mapping
from register.reporting.euda.template import Template
from register.reporting.formats import said
from register.reporting.formats.sdmx_json import SENDER
from register.reporting.published import Released

LEGEND = (
    (SUPPRESSED, "suppressed: a small count, or one from which a small count would follow; not zero"),
    (CANNOT_OCCUR, "cannot occur"),
    (
        NOT_PUBLISHED,
        "no published figure counts exactly these deaths; where two numbers stand beside it, it lies between",
    ),
)
STATUSES = {
    "provisional": "Provisional",
    "further_provisional": "Further provisional",
    "final": "Final",
    "superseded": "Superseded by a newer release",
}
# What differs between a release that counts substances by sex and by age, and an older one that does not.
MEANS = {True: "all, of men and of women", False: "both sexes together"}
NOT_TOLD = {
    True: "substances by age and sex at once, opioids only{polydrug} by age{sex}",
    False: "substances by age and sex, mean age by sex",
}
IN_PART_K = (
    "part K: substances among the deaths with a final result of toxicology, as the agency asks, beside all deaths; "
    "parts E and G to J count among all deaths, whatever is known of toxicology"
)
PART_G = (
    "part G: each line that is a group of the agency, opioids together and only, and polydrug, as far as it is told"
)
PEOPLE = (
    ("Substances by sex", PART_G),
    (
        "Substances by age",
        "part H: opioids together, and polydrug as far as it is told, in the bands of the Dutch National Drug Monitor",
    ),
    (
        "Each death once",
        "parts I and J: by sex and by age, every death at the first of opioids, cocaine, other stimulants and other "
        "substances; these add up, and are no line of the template: a death with cocaine and an opioid is with opioids",
    ),
    (
        "Why not the ages of each line",
        "in a country with some hundreds of deaths a year many bands of most lines hold one to four deaths; "
        "suppressing them takes further cells with them, of the ages of all deaths too",
    ),
)
WHY_NOT_BY_SEX = (
    "Why not opioids only and polydrug by sex or age",
    "this release was made before its tables held them by sex; their totals stand in part E",
)
WHY_NOT_BY_AGE = (
    "Why not opioids only by age",
    "most bands hold one to four such deaths; their total stands in part E, and by sex in part G",
)


def lines(
    release: Released, tables: Dictionary[str, Figures], mapping: Mapping, template: Template
) -> tuple[tuple[str, str], ...]:
    """The sheet *Method*: a name and a text in each row."""
    crossed, by_sex = "sex-group" in tables, "substances-number-sex" in tables
    untold = {
        "sex": "" if by_sex else " or sex",
        "polydrug": "" if "substances-number-age" in tables else " and polydrug",
    }
    facts = next(iter(tables.values())).cube.release
    autopsies = "" if "autopsy" in tables else ", autopsies"
    return (
        ("Release", release.id),
        ("Status", STATUSES[release.status]),
        ("Case definition", codelists.definition(release.definition).en),
        ("Years of death", f"{release.period_from} to {release.period_to}"),
        ("Cut-off", f"{release.cut_off:%Y-%m-%d}; cases closed later do not count"),
        ("Version of the rules", release.rule_version),
        ("Reports decided", said.decided(facts).en),
        ("Toxicology received", _per_cent(release.tox_completeness)),
        *_rates(tables),
        ("Smallest count that is shown", str(release.threshold)),
        *(("Rule", sentence.en) for sentence in said.rules(facts.get("rules"))),
        (
            "Template",
            f"{template.version}; our reading of ST5 and ST6, to be confirmed against the template of the year",
        ),
        ("Mapping of substances to groups", mapping.version),
        ("Source", f"{SENDER['en']}: a special register of deaths that forensic physicians report"),
        ("Changes", _changes(release)),
        ("Coverage", "the whole country; a death counts when its case is closed as confirmed or probable"),
        ("Substances", "every substance that contributed; counts overlap and do not add up"),
        ("Only", "no other substance contributed than those of the line, by the rules of the release"),
        (
            "Toxicology and substances",
            IN_PART_K
            if "euda-group-toxicology" in tables
            else "substances are counted among all deaths, whatever is known of toxicology",
        ),
        ("Polydrug", "two or more substances contributed, alcohol and medicines among them"),
        ("Mean age", f"in whole years, of {MEANS[crossed]}; from ten deaths with a known age on"),
        *((*PEOPLE, WHY_NOT_BY_AGE if by_sex else WHY_NOT_BY_SEX) if crossed else ()),
        ("Not published", NOT_TOLD[crossed].format(**untold) + autopsies),
        *LEGEND,
    )


def _rates(tables: Dictionary[str, Figures]) -> Iterator[tuple[str, str]]:
    """The part of the deaths with known toxicology, and with an autopsy, in each year, where it is published."""
    if table := tables.get("toxicology"):
        yield "Toxicology rate", "; ".join(_toxicology_rate(table, year) for year in table.years)
    if table := tables.get("toxicology-sex"):
        yield "Toxicology rate by sex", "; ".join(_toxicology_by_sex(table, year) for year in table.years)
    if table := tables.get("autopsy"):
        yield "Autopsy rate", "; ".join(_autopsy_rate(table, year) for year in table.years)


def _toxicology_rate(table: Figures, year: str) -> str:
    at = {"time_period": year, "tox": FINAL}
    rate, known = (table.shown(**at, measure=measure) for measure in ("percent", "deaths"))
    whole = table.shown(time_period=year, tox=TOTAL, measure="deaths")
    return f"{year}: {rate} % of the deaths have a final result ({known} of {whole})"


def _toxicology_by_sex(table: Figures, year: str) -> str:
    """Of each sex of which anybody died: a per cent of two published counts, where both are."""
    parts = []
    for sex in table.codes("sex"):
        at = {"time_period": year, "sex": sex.code, "measure": "deaths"}
        known, whole = (table.shown(**at, toxicology_known=state) for state in (FINAL, TOTAL))
        if sex.code != TOTAL and whole != 0:
            parts.append(f"{sex.en.lower()} {_rate(known, whole)} % ({known} of {whole})")
    return f"{year}: {', '.join(parts) or 'nobody died'}"


def _rate(part: Shown, whole: Shown) -> Shown:
    if isinstance(part, str) or isinstance(whole, str):
        return SUPPRESSED
    return round(100 * part / whole, DECIMALS["percent"])


def _autopsy_rate(table: Figures, year: str) -> str:
    yes, known, whole = (
        table.shown(time_period=year, item=code, measure="deaths") for code in ("autopsy.yes", "autopsy", TOTAL)
    )
    rate = table.shown(time_period=year, item="autopsy.yes", measure="percent")
    return (
        f"{year}: {rate} % of the deaths of which it is known had a forensic or clinical autopsy "
        f"({yes} of {known}; {whole} deaths in all)"
    )


def _changes(release: Released) -> str:
    """What the makers of the release say that changed."""
    told = release.note.strip() or "nothing is told with this release"
    return f"{told} (replaces {release.supersedes})" if release.supersedes else told


def standing(release: Released) -> str:
    """How final the release is."""
    return f"{STATUSES[release.status]}. Toxicology received: {_per_cent(release.tox_completeness)}."


def legend() -> str:
    """The signs in one line."""
    return "; ".join(f"{sign} {text}" for sign, text in LEGEND)


def _per_cent(value: int | None) -> str:
    return "cannot be said" if value is None else f"{value} % of the deaths"

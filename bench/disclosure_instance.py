"""Tables in the shape of a release, made from the open Connecticut file or a published table."""

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from register.coding.catalogue import load
from register.disclosure import Dimension, Link, Overlap, Table, containment_links, overlap_links

REFERENCE = Path(os.environ.get("REGISTER_REFERENCE_DIR", Path(__file__).resolve().parents[2] / "shared" / "reference"))
BANDS = ("<15", *(f"{low}-{low + 4}" for low in range(15, 65, 5)), "65+", "_U")
WIDER = {"0-14": BANDS[:1], "15-24": BANDS[1:3], "25-34": BANDS[3:5], "35-49": BANDS[5:8], "50-64": BANDS[8:11]}
AGES = Dimension("age", ("_T", *BANDS, *WIDER), (("_T", BANDS), *WIDER.items()))
CLASSES = ("opioid", "cocaine", "stimulant", "other", "medicine", "alcohol")
NONE = frozenset({("group", "_U")})
RANKED = tuple(("group", f"class:{name}") for name in CLASSES)


class Death:
    """What the tables need of one row of the file."""

    def __init__(self, row: dict[str, str], names: list[tuple[str, re.Pattern[str]]], groups: dict[str, str]) -> None:
        self.year = row["Date"][-4:]
        self.sex = {"Male": "M", "Female": "F"}.get(row["Sex"], "_U")
        age = int(row["Age"]) if row["Age"].isdigit() else None
        self.band = "_U" if age is None else BANDS[0 if age < 15 else min((age - 10) // 5, len(BANDS) - 2)]
        text = row["Cause of Death"].lower()
        self.substances = {code for code, pattern in names if pattern.search(text)}
        self.groups = {groups[code] for code in self.substances}


def deaths(years: tuple[str, str] = ("2012", "2018")) -> list[Death]:
    """Read the deaths of these years, with substances found by whole words only."""
    catalogue = load()
    names = []
    for substance in catalogue.substances.values():
        words = {substance.name_en.lower(), substance.name_nl.lower()}
        words |= {synonym.text.lower() for synonym in substance.synonyms if len(synonym.text) > 4}
        names.append(
            (substance.code, re.compile(r"\b(" + "|".join(re.escape(word) for word in sorted(words)) + r")\b"))
        )
    groups = {substance.code: substance.group for substance in catalogue.substances.values()}
    with (REFERENCE / "connecticut_drug_deaths_2012_2019.csv").open(encoding="utf-8", newline="") as file:
        rows = [Death(row, names, groups) for row in csv.DictReader(file)]
    return [row for row in rows if years[0] <= row.year <= years[1]]


def release(rows: list[Death]) -> tuple[list[Table], list[Link]]:
    """Return the tables T1-T5 of one release and the relations between them."""
    catalogue = load()
    class_of = {group.code: f"class:{group.class_}" for group in catalogue.groups.values()}
    years = Dimension.flat("year", sorted({row.year for row in rows}))
    sexes = Dimension.flat("sex", ("M", "F", "_U"))
    groups = sorted({*class_of.values(), *class_of})
    substances = [substance.code for substance in catalogue.substances.values()]
    members = {"nl_broad": rows, "sel_d": [r for r in rows if r.groups & DRUGS], "sel_b": [r for r in rows if _b(r)]}
    tables = [
        Table("T1", name, (years, sexes), Counter((row.year, row.sex) for row in chosen))
        for name, chosen in members.items()
    ]
    nodes = [({*row.groups, *(class_of[group] for group in row.groups)}, row) for row in members["sel_d"]]
    tables += [
        Table(
            "T2",
            "sel_d",
            (years, AGES, sexes),
            Counter((row.year, row.band, row.sex) for row in members["sel_d"]),
        ),
        Table(
            "T3",
            "sel_d",
            (years, Dimension.flat("group", [code for _, code in RANKED] + ["_U"])),
            Counter((row.year, _best(found)) for found, row in nodes),
            "hierarchical",
            "group",
        ),
        Table(
            "T4",
            "sel_d",
            (years, Dimension.listed("group", groups)),
            Counter((row.year, node) for found, row in nodes for node in found),
            "any",
            "group",
        ),
        Table(
            "T4",
            "sel_d",
            (years, Dimension.listed("group", groups)),
            Counter((row.year, node) for found, row in nodes for node in _sole(found)),
            "sole",
            "group",
        ),
        Table(
            "T5",
            "sel_d",
            (years, Dimension.listed("substance", substances)),
            Counter((row.year, code) for row in members["sel_d"] for code in row.substances),
            "any",
            "substance",
        ),
    ]
    keys = {table.key(codes) for table in tables for codes in table.rows()}
    parents = {("group", group): ("group", above) for group, above in class_of.items()}
    parents |= {("substance", s.code): ("group", s.group) for s in catalogue.substances.values()}
    overlap = Overlap(parents=parents, complete=frozenset(parents.values()), ranked=RANKED, none=NONE)
    links = overlap_links(keys, ("group", "substance"), overlap)
    for smaller in ("sel_b", "sel_d"):
        links += containment_links(keys, larger="nl_broad", smaller=smaller)
    return tables, links


DRUGS = {"opioid-illicit", "opioid-synth-illicit", "opioid-rx", "opioid-synth-rx", "opioid-oat", "cocaine"}
DRUGS |= {"stim-amphetamine", "stim-mdma", "dissociative", "hallucinogen", "ghb", "cathinone", "cannabis"}


def _b(row: Death) -> bool:
    return bool(row.groups & (DRUGS - {"opioid-oat", "ghb"}))


def _best(found: set[str]) -> str:
    return next((code for _, code in RANKED if code in found), "_U")


def _sole(found: set[str]) -> Iterable[str]:
    """The class or group that is the only one of its level."""
    classes = [node for node in found if node.startswith("class:")]
    groups = [node for node in found if not node.startswith("class:")]
    return (*(classes if len(classes) == 1 else ()), *(groups if len(groups) == 1 else ()))


def dutch() -> list[Table]:
    """Return the two separate margins of the published Dutch deaths, 2013-2017."""
    with (REFERENCE / "nl_deaths_2013_2017.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = Dimension.flat("year", sorted({row["year"] for row in rows}))
    sex = {(row["year"], row["sex"]): int(row["deaths"]) for row in rows if row["sex"] != "_T"}
    age = {(row["year"], row["age_band"]): int(row["deaths"]) for row in rows if row["age_band"] != "_T"}
    bands = Dimension.flat("age", list(dict.fromkeys(code for _, code in age)))
    return [
        Table("year x sex", "sel_b", (years, Dimension.flat("sex", ("M", "F"))), sex),
        Table("year x age", "sel_b", (years, bands), age),
    ]


def cube(name: str) -> Table:
    """Return a reference instance (A, B, C or D) as one table."""
    folder = REFERENCE / "disclosure" / name
    with (folder / "hierarchies.csv").open(encoding="utf-8", newline="") as file:
        parents: dict[str, dict[str, str]] = {}
        for row in csv.DictReader(file):
            if row["parent"]:
                parents.setdefault(row["dimension"], {})[row["code"]] = row["parent"]
    dimensions = tuple(Dimension.tree(dimension, above) for dimension, above in parents.items())
    with (folder / "counts.csv").open(encoding="utf-8", newline="") as file:
        counts = {tuple(row[d.name] for d in dimensions): int(row["count"]) for row in csv.DictReader(file)}
    return Table(name, name, dimensions, counts)

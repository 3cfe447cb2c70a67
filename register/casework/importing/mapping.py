"""Reading a mapping: a TOML file that says how the file of another register is read, checked before the first row."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from register.casework.importing.folding import fold
from register.casework.importing.plans import (
    AnswerPlan,
    Exclusion,
    ImportMapping,
    ReviewPlan,
    SubstanceColumn,
    SubstancePlan,
)
from register.quality import dictionary, value_sets
from register.quality.dictionary import FieldSpec

FOLDER = Path(__file__).parent / "mappings"
REGION = "Case.region"
ANSWER_KEYS = {"field", "column", "columns", "values", "contains", "otherwise", "empty", "value", "order"}
ORDERS = {"day", "month", "year"}


class MappingError(Exception):
    """A mapping that does not exist or cannot be used; the message is one sentence."""


def names() -> tuple[str, ...]:
    """The mappings that are shipped."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load(name: str) -> ImportMapping:
    """The mapping of this name. Raises MappingError."""
    if name not in names():
        raise MappingError(f"There is no mapping '{name}'; there are: {', '.join(names())}.")
    return parse(name, (FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def parse(name: str, text: str) -> ImportMapping:
    """The mapping that a text describes. Raises MappingError when a key, a field or a code does not exist."""
    try:
        tables = tomllib.loads(text)
        return ImportMapping(
            name=name,
            title=tables["title"],
            encoding=tables["file"]["encoding"],
            delimiter=tables["file"]["delimiter"],
            region=_answer({"field": REGION, **tables["region"]}),
            service=tables["service"],
            answers=tuple(_asked(_answer(table)) for table in tables["answer"]),
            substances=_substances(tables["substances"]) if "substances" in tables else None,
            toxicology=tables.get("toxicology", {}),
            accept=tables.get("accept", {}),
            review=_review(tables.get("review", {})),
        )
    except tomllib.TOMLDecodeError as broken:
        raise MappingError(f"The mapping '{name}' is not TOML: {broken}.") from None
    except KeyError as missing:
        raise MappingError(f"The mapping '{name}' lacks the key {missing}.") from None
    except (dictionary.UnknownFieldError, ValueError) as wrong:
        raise MappingError(f"The mapping '{name}' cannot be used: {wrong.args[0]}.") from None


def _answer(table: Mapping[str, Any]) -> AnswerPlan:
    spec = dictionary.field(table["field"])
    unknown = set(table) - ANSWER_KEYS
    if unknown:
        raise ValueError(f"{spec.key} has an unknown key '{min(unknown)}'")
    columns = (table["column"],) if "column" in table else tuple(table.get("columns", ()))
    if not columns and "value" not in table:
        raise ValueError(f"{spec.key} has neither a column nor a value")
    plan = AnswerPlan(
        spec=spec,
        columns=columns,
        values={fold(words): code for words, code in table.get("values", {}).items()},
        contains=tuple((fold(part), code) for part, code in table.get("contains", ())),
        otherwise=table.get("otherwise", ""),
        empty=table.get("empty", ""),
        value=table.get("value", ""),
        order=tuple(table.get("order", ())),
    )
    if plan.order and set(plan.order) != ORDERS:
        raise ValueError(f"{spec.key} has an order that is not made of day, month and year")
    for code in (*plan.values.values(), *(code for _, code in plan.contains), plan.otherwise, plan.empty, plan.value):
        _check_code(spec, code)
    return plan


def _asked(plan: AnswerPlan) -> AnswerPlan:
    """Only what a physician's page asks may be filled in; the rest follows or is for the reviewer."""
    if not plan.spec.page or not plan.spec.on_case:
        raise ValueError(f"{plan.spec.key} is not a question of the physician's pages")
    return plan


def _check_code(spec: FieldSpec, code: str) -> None:
    if not code or (spec.may_be_missing and code in value_sets.codes(value_sets.MISSING)):
        return
    if spec.value_set:
        known = value_sets.codes(spec.value_set)
        for part in code.split(";") if spec.kind == "codes" else (code,):
            if part not in known:
                raise ValueError(f"'{part}' is not a code of {spec.key}")


def _substances(table: Mapping[str, Any]) -> SubstancePlan:
    roles = table["roles"]
    for role in roles.values():
        if role not in ("", *value_sets.codes("VS-ROLE")):
            raise ValueError(f"'{role}' is not a role")
    return SubstancePlan(
        text=table.get("text", ""),
        notes=tuple(table.get("notes", ())),
        columns=tuple(_substance_column(column, table["ticked"]) for column in table.get("column", ())),
        alone=roles["alone"],
        together=roles["together"],
        metabolite=roles["metabolite"],
        possible=roles["possible"],
        nothing_named=table.get("nothing_named", ""),
        evidence=tuple(table["evidence"]),
        finding=table.get("finding", {}),
        result=table.get("result", {}),
    )


def _substance_column(table: Mapping[str, Any], ticked: str) -> SubstanceColumn:
    return SubstanceColumn(
        column=table["name"],
        substance=table["substance"],
        ticked=fold(ticked),
        named_by=frozenset((table["substance"], *table.get("named_by", ()))),
    )


def _review(table: Mapping[str, Any]) -> ReviewPlan:
    exclusions: Sequence[Mapping[str, str]] = table.get("exclude", ())
    for exclusion in exclusions:
        if exclusion["reason"] not in value_sets.codes("VS-EXCL"):
            raise ValueError(f"'{exclusion['reason']}' is not a reason for exclusion")
    return ReviewPlan(
        conclusion=table.get("conclusion", {}),
        exclusions=tuple(
            Exclusion(dictionary.field(each["field"]), each["value"], each["reason"]) for each in exclusions
        ),
    )

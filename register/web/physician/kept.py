"""What a draft keeps as it was typed, as values and problems of the page that shows it again."""

from dataclasses import dataclass, field
from typing import Any

from register.casework import unread
from register.quality import dictionary
from register.quality.problems import Problem
from register.web.physician.row_kinds import IN_FORMS

SLUG_OF = {kind.model: kind.slug for kind in IN_FORMS}


@dataclass(slots=True)
class Kept:
    """``values`` by the names of the form, ``problems`` by field name, ``row_problems`` by kind and row."""

    values: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    row_problems: dict[tuple[str, str], dict[str, Problem]] = field(default_factory=dict)


NOTHING = Kept()


def of_page(case: Any, page: str) -> Kept:
    """What is kept of one page of a draft."""
    found = Kept()
    for held in unread.of_page(case, page):
        spec = dictionary.find(held.field)
        slug = SLUG_OF.get(spec.model, "") if spec and held.row else ""
        prefix = f"{slug}.{held.row}." if slug else ""
        found.values.update({prefix + name: list(texts) for name, texts in held.typed.items()})
        if spec is None or not held.problem_nl:
            continue
        problem = Problem(held.problem_nl, held.problem_en)
        if slug:
            found.row_problems.setdefault((slug, held.row), {})[spec.field] = problem
        else:
            found.problems[spec.field] = problem
    return found

"""What somebody typed in a draft that is no answer: kept as it was typed, with the sentence that says what is wrong.

It leaves when a readable answer to the question comes, and a draft that holds any is not handed in. A case that was
handed in keeps none: there an answer is changed with a reason, or not.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from register.casework.answers import Raw, form_names
from register.casework.dossier import Dossier, looked_at
from register.models import Case, UnreadAnswer
from register.quality import dictionary
from register.quality.dictionary import FieldSpec
from register.quality.problems import Problem
from register.workflow.case_transitions import CaseState
from register.workflow.transitions import Spot

# The row on a page that does not stand yet.
NEW = "new"
LONGEST = 20_000
NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
NOT_ADDED = Problem(
    "Hier staat iets dat u nog niet hebt vastgelegd. Open de pagina en kies 'Opslaan en doorgaan'.",
    "Something here was not recorded yet. Open the page and choose 'Save and continue'.",
)

Typed = Mapping[str, Sequence[str]]


def texts_of(spec: FieldSpec, raw: Raw) -> dict[str, list[str]]:
    """What was typed for one question, by its names in the form."""
    found = {name: raw[name] for name in form_names(spec) if name in raw}
    return {name: [texts] if isinstance(texts, str) else list(texts) for name, texts in found.items()}


def is_draft(dossier: Dossier) -> bool:
    return dossier.case.status == CaseState.DRAFT


def keep(
    dossier: Dossier, page: str, field: str, typed: Typed, *, row: str = "", problem: Problem | None = None
) -> bool:
    """Keep what was typed for a question; nothing is kept of blank text. Say whether it is kept."""
    texts = [text for several in typed.values() for text in several]
    if not is_draft(dossier) or any(map(NOT_STORABLE.search, texts)) or sum(map(len, texts)) > LONGEST:
        return False
    if not any(text.strip() for text in texts):
        forget(dossier, [field], row=row)
        return False
    nl, en = (problem.nl[:500], problem.en[:500]) if problem else ("", "")
    values = {"typed": {name: list(several) for name, several in typed.items()}, "problem_nl": nl, "problem_en": en}
    for held in dossier.rows(UnreadAnswer):
        if (held.page, held.field, held.row) == (page, field, row):
            dossier.change(held, **values)
            return True
    dossier.add(UnreadAnswer(page=page, field=field, row=row, **values))
    return True


def forget(dossier: Dossier, fields: Iterable[str], *, row: str = "") -> None:
    """A readable answer came to these questions, as ``Model.field``."""
    if is_draft(dossier):
        _drop(dossier, [held for held in dossier.rows(UnreadAnswer) if held.row == row and held.field in set(fields)])


def forget_model(dossier: Dossier, model: str, *, row: str) -> None:
    """The row of this model stands now, or is gone."""
    if is_draft(dossier):
        mine = [held for held in dossier.rows(UnreadAnswer) if held.row == row and held.field.startswith(f"{model}.")]
        _drop(dossier, mine)


def forget_page(dossier: Dossier, page: str) -> None:
    """What the questions of this page asked for stands now; its rows are told one by one."""
    if is_draft(dossier):
        _drop(dossier, [held for held in dossier.rows(UnreadAnswer) if held.page == page and not held.row])


def with_kept(dossier: Dossier, page: str, raw: Raw) -> Raw:
    """``raw`` with what is kept of the questions that it does not speak about: another answer may have mended it."""
    if not is_draft(dossier):
        return raw
    more: dict[str, Sequence[str]] = {}
    for held in dossier.rows(UnreadAnswer):
        spec = dictionary.find(held.field)
        if held.page == page and not held.row and spec and not texts_of(spec, raw) and spec.on_case:
            more.update(held.typed)
    return {**raw, **more}


def of_page(case: Case, page: str) -> list[UnreadAnswer]:
    """What is kept of one page of a draft that is looked at."""
    if case.status != CaseState.DRAFT:
        return []
    return [held for held in looked_at(case).rows(UnreadAnswer) if held.page == page]


def in_the_way(dossier: Dossier) -> tuple[Spot, ...]:
    """One line for each question, or row that does not stand yet, for which something unread is kept."""
    lines: dict[tuple[str, str], Spot] = {}
    for held in dossier.rows(UnreadAnswer) if is_draft(dossier) else ():
        spec = dictionary.find(held.field)
        label = (spec.label_nl, spec.label_en) if spec else ("", "")
        said = (held.problem_nl, held.problem_en) if held.problem_nl else (NOT_ADDED.nl, NOT_ADDED.en)
        place = held.page if not held.problem_nl else f"{held.field}@{held.row}"
        nl, en = (f"{name}: {words}" if name else words for name, words in zip(label, said, strict=True))
        lines.setdefault((held.page, place), Spot(nl, en, held.field, held.page))
    return tuple(lines.values())


def _drop(dossier: Dossier, rows: Iterable[UnreadAnswer]) -> None:
    for held in rows:
        dossier.drop(held)

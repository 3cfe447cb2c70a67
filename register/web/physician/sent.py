"""What the script of a page sent: sorted into answers of the page, answers in its rows, and what is no answer yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from register.casework import unread
from register.casework.answers import form_names
from register.casework.autosave import Unanswered
from register.casework.touching import Touched
from register.web import saves
from register.web.physician import toxicology, toxicology_question
from register.web.physician.pages import BY_SLUG
from register.web.physician.resuming import TOXICOLOGY_ASKED
from register.web.physician.row_kinds import IN_FORMS, RowKind

BY_SLUG_OF_ROW = {kind.slug: kind for kind in IN_FORMS}
TOUCHED, AFTER, PERSON = "touched", "after", "person"
# What a form holds besides answers.
CARRIED = frozenset(
    {"csrfmiddlewaretoken", saves.SAVE_ID, saves.VERSION, saves.BEGINS, "reason", TOUCHED, AFTER, PERSON}
)

Raw = dict[str, list[str]]


class UnreadableError(Exception):
    """The request is not one that a page sends."""


@dataclass(slots=True)
class Sent:
    """``answers`` by their names in the form, ``rows`` with kind and key, ``later`` of which nothing stands yet."""

    answers: Raw = field(default_factory=dict)
    rows: dict[tuple[str, str], Raw] = field(default_factory=dict)
    later: dict[tuple[str, str], Raw] = field(default_factory=dict)

    @property
    def of_rows(self) -> list[tuple[RowKind, str, Raw]]:
        return [(BY_SLUG_OF_ROW[slug], key, raw) for (slug, key), raw in self.rows.items()]

    @property
    def unanswered(self) -> list[Unanswered]:
        return [Unanswered(name, row, raw) for (name, row), raw in self.later.items()]


def sort(page: str, typed: Mapping[str, list[str]]) -> Sent:
    """UnreadableError for a name that is not on this page."""
    known = {name for spec in BY_SLUG[page].specs for name in form_names(spec)}
    questions = toxicology_question.question_names() if page == toxicology.PAGE.slug else {}
    sent = Sent()
    for name, texts in typed.items():
        slug, key, column = _parts(name)
        if name in known:
            sent.answers[name] = texts
        elif name in questions:
            sent.later.setdefault((questions[name], ""), {})[name] = texts
        elif slug in BY_SLUG_OF_ROW and column in (columns := _columns_on(BY_SLUG_OF_ROW[slug], page)):
            if key == unread.NEW:
                sent.later.setdefault((columns[column], key), {})[column] = texts
            elif _is_key(key):
                sent.rows.setdefault((slug, key), {})[column] = texts
            else:
                raise UnreadableError
        elif name not in CARRIED:
            raise UnreadableError
    return sent


def touched(page: str, name: str) -> str:
    """The question to which the control with this name belongs; the page alone when it is none of its questions."""
    for spec in BY_SLUG[page].specs:
        if name in form_names(spec):
            return str(Touched(page, spec.key))
    slug, key, column = _parts(name)
    if slug in BY_SLUG_OF_ROW and (key == unread.NEW or _is_key(key)):
        found = _columns_on(BY_SLUG_OF_ROW[slug], page).get(column)
        return str(Touched(page, found, key)) if found else str(Touched(page))
    questions = toxicology_question.question_names() if page == toxicology.PAGE.slug else {}
    return str(Touched(page, questions.get(name, "")))


def control_id(name: str) -> str:
    """The id of the first control of the field that sends this name."""
    slug, key, column = _parts(name)
    return f"{slug}-{key}-{column}" if key else f"f-{name}"


def name_of(question: str, row: str) -> str:
    """The name in the form of a question of the dictionary, as ``Model.field``."""
    model, _dot, name = question.partition(".")
    if question == TOXICOLOGY_ASKED:
        return "asked"
    slug = next((kind.slug for kind in IN_FORMS if row and kind.model == model), "")
    return f"{slug}.{row}.{name}" if slug else name


def _parts(name: str) -> tuple[str, str, str]:
    """Kind, key and column of a name in a row; the last two empty for any other name."""
    slug, _dot, rest = name.partition(".")
    key, _dot, column = rest.partition(".")
    return slug, key, column


def _columns_on(kind: RowKind, page: str) -> dict[str, str]:
    return {name: spec.key for spec in kind.specs if spec.page == page for name in form_names(spec)}


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

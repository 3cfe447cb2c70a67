"""Rows of which a case holds any number: reading them from a form, adding, changing and taking them away."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps

from register.casework import unread
from register.casework.answers import Raw, Vocabularies, apply_skip_rules, columns, read_fields
from register.casework.dossier import Dossier
from register.casework.editing import edited
from register.casework.errors import InvalidError, NotFoundError
from register.casework.merging import require_unchanged, settle
from register.models import Case, KnownUse, NaloxoneGiven, SourceDocument, User
from register.models.case import CaseChild
from register.quality import dictionary
from register.quality.answers import Answer
from register.quality.problems import Problem

Child = TypeVar("Child", bound=CaseChild)

# Small rows on the physician's pages, and the field without which a row says nothing.
KINDS: Mapping[str, tuple[type[CaseChild], str]] = {
    "naloxone": (NaloxoneGiven, "given_by"),
    "known_use": (KnownUse, "group"),
    "document": (SourceDocument, "kind"),
}
# Rows that may go for good; the others are kept.
REMOVABLE = frozenset({"naloxone", "known_use"})
# What a row gets anew when it is put back.
NOT_PUT_BACK = frozenset({"id", "case_id", "case_version", "row_version"})
ONCE_PER_GROUP = Problem("Deze middelengroep staat er al.", "This substance group is there already.")


def add_row(*, case_id: UUID | str, kind: str, raw: Raw, seen_version: int, by: User, reason: str = "") -> Case:
    """Add a row of ``kind`` (naloxone, known_use or document). Raises InvalidError with a problem for each field."""
    model, needed = _kind(kind)
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        row = add(dossier, model, raw, Vocabularies(), needed=(needed,))
        _once_per_group(dossier, row)
    return dossier.case


def change_row(
    *, case_id: UUID | str, kind: str, row_id: UUID | str, raw: Raw, seen_version: int, by: User, reason: str = ""
) -> Case:
    """Change what a row says; form names that ``raw`` does not hold stay as they are."""
    model, needed = _kind(kind)
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        row = find(dossier, model, row_id)
        change(dossier, row, raw, Vocabularies(), needed=(needed,))
        _once_per_group(dossier, row)
    return dossier.case


def remove_row(
    *, case_id: UUID | str, kind: str, row_id: UUID | str, seen_version: int, by: User, reason: str = ""
) -> Case:
    """Take a row away; its history stays. A source document is never taken away, its state changes."""
    model, _ = _kind(kind)
    if kind not in REMOVABLE:
        raise NotFoundError
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        row = find(dossier, model, row_id)
        require_unchanged(dossier, row)
        dossier.drop(row)
        unread.forget_model(dossier, model.__name__, row=str(row.pk))
    return dossier.case


def last_seen(*, case: Case, model: str, row_id: str, version: int) -> tuple[Any, Any] | None:
    """A row that is gone: as it stood when the case was at ``version``, and as the history ends. None when unknown."""
    try:
        key = UUID(row_id)
    except ValueError:
        return None
    history = apps.get_model("register", model).history.filter(case_id=case.pk, id=key)
    then = history.filter(case_version__lte=version).exclude(history_type="-").order_by("-history_id").first()
    last = history.select_related("history_user").order_by("-history_id").first()
    return (then, last) if then is not None else None


def taken_away(*, case: Case, model: type[Child], row_id: UUID | str) -> Any | None:
    """A row that went for good, as it last stood; None for any other, also when its words stand again since."""
    try:
        key = UUID(str(row_id))
    except ValueError:
        return None
    history = model.history.filter(case_id=case.pk)
    last = history.filter(id=key).order_by("-history_id").first()
    if last is None or last.history_type != "-":
        return None
    same = {"reported_as": last.reported_as, "substance_id": last.substance_id}
    back = history.filter(history_id__gt=last.history_id, history_type="+", **same).exists()
    return None if back else last


def put_back(dossier: Dossier, model: type[Child], row_id: UUID | str) -> Child:
    """Add a row that was taken away, as it last stood. It gets a key of its own: the trail of the old one has ended."""
    last = taken_away(case=dossier.case, model=model, row_id=row_id)
    if last is None:
        raise NotFoundError
    columns = [column.attname for column in model._meta.concrete_fields if column.attname not in NOT_PUT_BACK]
    return dossier.add(model(**{column: getattr(last, column) for column in columns}))


def find(dossier: Dossier, model: type[Child], row_id: UUID | str) -> Child:
    """The row of this case with this key; NotFoundError when there is none."""
    row = dossier.row(model, row_id)
    if row is None:
        raise NotFoundError
    return row


def add(
    dossier: Dossier,
    model: type[Child],
    raw: Raw,
    vocabularies: Vocabularies,
    *,
    needed: tuple[str, ...] = (),
    **fixed: Any,
) -> Child:
    """Read a new row and put it in the dossier. ``needed`` fields may not stay blank."""
    answers = _read(model, raw, vocabularies, needed, all_fields=True)
    row = dossier.add(model(**fixed, **_values(answers)))
    apply_skip_rules(dossier, model.__name__, row)
    unread.forget_model(dossier, model.__name__, row=unread.NEW)
    return row


def change(
    dossier: Dossier, row: CaseChild, raw: Raw, vocabularies: Vocabularies, *, needed: tuple[str, ...] = ()
) -> bool:
    """Read new answers for a row and put them in it; say whether anything changed.

    What somebody else answered since the person saw the row is a conflict of the dossier and stays.
    """
    answers = _read(type(row), raw, vocabularies, needed, all_fields=False)
    changed = dossier.change(row, **_values(settle(dossier, row, answers)))
    apply_skip_rules(dossier, type(row).__name__, row)
    unread.forget(dossier, answers, row=str(row.pk))
    return changed


def _read(
    model: type[CaseChild], raw: Raw, vocabularies: Vocabularies, needed: tuple[str, ...], *, all_fields: bool
) -> dict[str, Answer]:
    specs = [spec for spec in dictionary.fields_of(model.__name__) if spec.level != "derived"]
    answers, problems = read_fields(specs, raw, vocabularies)
    for spec in specs:
        asked = all_fields or spec.key in answers
        blank = spec.key not in answers or answers[spec.key].blank
        if spec.field in needed and asked and blank and spec.field not in problems:
            problems[spec.field] = Problem(f"Vul '{spec.label_nl}' in.", f"Fill in '{spec.label_en}'.")
    if problems:
        raise InvalidError(problems)
    return answers


def _values(answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {
        column: value
        for key, answer in answers.items()
        for column, value in columns(dictionary.field(key), answer).items()
    }


def _kind(kind: str) -> tuple[type[CaseChild], str]:
    if kind not in KINDS:
        raise NotFoundError
    return KINDS[kind]


def _once_per_group(dossier: Dossier, row: CaseChild) -> None:
    if isinstance(row, KnownUse) and any(
        other is not row and other.group_id == row.group_id for other in dossier.rows(KnownUse)
    ):
        raise InvalidError({"group": ONCE_PER_GROUP})

"""What a page has to say when it comes back: mistakes, and questions that somebody else answered meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from register.casework.answers import form_names
from register.casework.seen import Conflict
from register.quality.dictionary import FieldSpec
from register.web import saves
from register.web.differences import Difference, differences
from register.web.field_shapes import ErrorLine
from register.web.physician import forms
from register.web.physician.merging import merged
from register.web.physician.pages import Page
from register.web.physician.piecewise import Pieces

UNPROCESSABLE, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Told:
    """What the page has to say besides the stored answers; empty when it is only looked at.

    ``stored`` says that what can be stored is, so that the page goes on from the case as it is now.
    """

    values: Mapping[str, Sequence[str]] | None = None
    problems: Mapping[str, Any] = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    errors: Sequence[ErrorLine] = ()
    status: int = 200
    stored: bool = False


def mistaken(
    request: HttpRequest, case: Any, page: Page, typed: Mapping[str, Sequence[str]], found: Pieces, seen: int
) -> Told:
    """The page with its mistakes. What can be stored is, unless a reason is needed first."""
    if found.nothing:
        shown = merged(typed, forms.as_seen(case, page.specs, seen), forms.stored(case, page.specs), page.specs)
        return Told(shown, found.problems, status=UNPROCESSABLE)
    saves.keep(request, case.row_version)
    shown = _as_stored(case, page, typed, [spec for spec in page.specs if spec.field in found.problems])
    return Told(shown, found.problems, status=UNPROCESSABLE, stored=True)


def _as_stored(
    case: Any, page: Page, typed: Mapping[str, Sequence[str]], mine: Sequence[FieldSpec]
) -> dict[str, list[str]]:
    """The answers of a page as they are stored now, but for these questions as they were typed."""
    values = forms.stored(case, [spec for spec in page.specs if spec not in mine])
    names = {name for spec in mine for name in form_names(spec)}
    values.update({name: list(texts) for name, texts in typed.items() if name in names})
    return values


def to_choose(
    request: HttpRequest,
    case: Any,
    page: Page,
    typed: Mapping[str, Sequence[str]],
    conflicts: Sequence[Conflict],
    problems: Mapping[str, Any] | None = None,
) -> Told:
    """The page as it is stored now, with what was typed where somebody else answered the same question meanwhile, and
    where it cannot be read.
    """
    saves.keep(request, case.row_version)
    asked = {conflict.key for conflict in conflicts if not conflict.row}
    mine = [spec for spec in page.specs if spec.key in asked or spec.field in (problems or {})]
    values = _as_stored(case, page, typed, mine)
    told = ErrorLine(_("Choose for each question which answer stands."), "#verschil")
    return Told(values, problems or {}, differences(conflicts), [told], status=CONFLICT, stored=True)

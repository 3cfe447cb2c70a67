"""The questions of a page as fields, from what was typed or from what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register.casework import choices, merging
from register.quality.dictionary import FieldSpec
from register.web import fields
from register.web.answers import form_values
from register.web.field_shapes import Chip, ErrorLine, FieldView
from register.web.fields import Extras
from register.web.language import active
from register.web.physician import chips
from register.web.physician.pages import HINTS, UNITS, Group, Page
from register.web.physician.progress import answers_row

Values = Mapping[str, Sequence[str]]
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Fields under one heading."""

    slug: str
    title: Promise
    fields: tuple[FieldView, ...]
    rows: tuple[Any, ...] = ()


def typed(post: QueryDict) -> dict[str, list[str]]:
    """What the form sent, as lists of texts."""
    return {name: [str(text) for text in post.getlist(name)] for name in post}


def as_post(values: Values) -> QueryDict:
    """The same as a form would send it."""
    post = QueryDict(mutable=True)
    for name, texts in values.items():
        post.setlist(name, list(texts))
    return post


def stored(case: Any, specs: Sequence[FieldSpec]) -> dict[str, list[str]]:
    """The stored answers of a case to these questions, as form values."""
    values: dict[str, list[str]] = {}
    for spec in specs:
        values.update(form_values(answers_row(case, spec), [spec]))
    return values


def as_seen(case: Any, specs: Sequence[FieldSpec], version: int) -> dict[str, list[str]]:
    """The answers as they stood when the person saw the case; those of now when its history does not say."""
    values: dict[str, list[str]] = {}
    rows = {spec.model: answers_row(case, spec) for spec in specs}
    past = {model: merging.as_seen(row, version) or row for model, row in rows.items()}
    for spec in specs:
        values.update(form_values(past[spec.model], [spec]))
    return values


def groups(
    page: Page,
    values: Values,
    region: str | None,
    problems: Mapping[str, Any],
    same: Mapping[str, tuple[Chip, ...]] | None = None,
) -> list[ShownGroup]:
    """The groups of a page with their fields; ``problems`` by field name, ``same`` what can be copied to a question."""
    vocabularies = Choices(region, same)
    return [_group(group, values, vocabularies, problems) for group in page.groups]


def with_rows(group: ShownGroup, rows: tuple[Any, ...]) -> ShownGroup:
    """The same group with rows below its questions."""
    return replace(group, rows=rows)


def problems_elsewhere(page: Page, problems: Mapping[str, Any]) -> list[ErrorLine]:
    """Problems that belong to no field of this page."""
    here = {"reason", *(spec.field for spec in page.specs)}
    return [ErrorLine(fields.sentence(problem)) for name, problem in problems.items() if name not in here]


class Choices:
    """The vocabularies of one page; each is read once, and only when a question refers to it."""

    def __init__(self, region: str | None, same: Mapping[str, tuple[Chip, ...]] | None = None) -> None:
        self.region = region
        self.same = same or {}
        self._read: dict[str, Extras] = {}

    def extras(self, spec: FieldSpec) -> Extras:
        """Hint, unit and choices of a question."""
        hint = str(HINTS.get(spec.key, ""))
        unit = str(UNITS.get(spec.key, ""))
        if not spec.vocabulary:
            return Extras(hint=hint, unit=unit, chips=self._days if spec.key in chips.ABOUT_THE_PAST else ())
        if spec.vocabulary not in self._read:
            self._read[spec.vocabulary] = self._choices(spec.vocabulary)
        found = self._read[spec.vocabulary]
        same = self.same.get(spec.key, ())
        return Extras(hint=hint, options=found.options, groups=found.groups, widget="select", chips=same)

    @cached_property
    def _days(self) -> tuple[Chip, ...]:
        return chips.days(timezone.localtime())

    def _choices(self, vocabulary: str) -> Extras:
        match vocabulary:
            case "municipality":
                near, far = choices.municipalities(self.region)
                return Extras(options=(), groups=((_("In your region"), near), (_("Elsewhere"), far)))
            case "forensic_service":
                return Extras(options=choices.forensic_services(self.region))
            case "lab":
                return Extras(options=choices.laboratories())
            case "substance_group":
                return Extras(options=choices.substance_groups(active()))
            case _:
                return Extras(options=())


def _group(group: Group, values: Values, vocabularies: Choices, problems: Mapping[str, Any]) -> ShownGroup:
    shown = tuple(
        fields.view(spec, values, extras=vocabularies.extras(spec), problem=problems.get(spec.field))
        for spec in group.specs
    )
    return ShownGroup(group.slug, group.title, shown)

"""Building blocks of the record: an answer beside its missing reason, and constraints that follow from the dictionary.

An answer is two columns. ``x`` holds a typed value or null, ``x_missing`` holds one reason or null, and never both:
"no" is a value, "unknown" is a reason. What a column may hold stands in the data dictionary; ``answer_constraints``
turns each line of it into one check constraint, so that the database refuses what no form would send.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from register.quality import dictionary, value_sets


def code() -> "models.CharField[str | None, str | None]":
    """One code of a value set, or null."""
    return models.CharField(max_length=40, null=True, blank=True)


def codes() -> "ArrayField[list[str] | None, list[str] | None]":
    """Several codes of a value set, or null when not answered; an empty list is never stored."""
    return ArrayField(models.CharField(max_length=40), null=True, blank=True)


def reason() -> "models.CharField[str | None, str | None]":
    """Why an answer is missing: a code of VS-MISSING, or null."""
    return models.CharField(max_length=4, null=True, blank=True)


def number() -> "models.IntegerField[int | None, int | None]":
    return models.IntegerField(null=True, blank=True)


def quantity() -> "models.DecimalField":
    """A concentration or a limit as reported: 18 digits, 6 of them after the point."""
    return models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)


def text(length: int) -> "models.CharField[str | None, str | None]":
    return models.CharField(max_length=length, null=True, blank=True)


def day() -> "models.DateField":
    return models.DateField(null=True, blank=True)


def moment() -> "models.DateTimeField":
    return models.DateTimeField(null=True, blank=True)


def truth() -> "models.BooleanField[bool | None, bool | None]":
    return models.BooleanField(null=True, blank=True)


def refer(to: str, related_name: str = "+") -> "models.ForeignKey":
    """A reference to a vocabulary row; rows of vocabularies are retired, never deleted."""
    return models.ForeignKey(to, on_delete=models.PROTECT, null=True, blank=True, related_name=related_name)


def answer_constraints(model: str) -> list[models.BaseConstraint]:
    """One check constraint for each field of ``model`` in the data dictionary that can be checked in its own row."""
    constraints: list[models.BaseConstraint] = []
    for spec in dictionary.fields_of(model):
        rule = _rule(spec)
        if rule is not None:
            name = f"{model.lower()[:18]}_{spec.field[:34]}_answer"
            constraints.append(models.CheckConstraint(condition=rule, name=name))
    return constraints


def _rule(spec: dictionary.FieldSpec) -> Q | None:
    column = spec.field
    rule: Q | None = None
    if spec.kind == "partial_date":
        column = f"{spec.field}_from"
        rule = _and(rule, Q(**{f"{spec.field}_from__lte": models.F(f"{spec.field}_to")}) | _both_null(spec.field))
    if spec.value_set and spec.kind == "code":
        rule = _and(rule, _null(column) | Q(**{f"{column}__in": value_sets.codes(spec.value_set)}))
    if spec.value_set and spec.kind == "codes":
        allowed = list(value_sets.codes(spec.value_set))
        rule = _and(rule, _null(column) | (Q(**{f"{column}__contained_by": allowed}) & Q(**{f"{column}__len__gt": 0})))
    if spec.minimum is not None:
        rule = _and(rule, _null(column) | Q(**{f"{column}__gte": spec.minimum}))
    if spec.maximum is not None and spec.kind == "int":
        rule = _and(rule, _null(column) | Q(**{f"{column}__lte": spec.maximum}))
    if spec.may_be_missing:
        missing = f"{spec.field}_missing"
        rule = _and(rule, _null(missing) | (_null(column) & Q(**{f"{missing}__in": value_sets.codes("VS-MISSING")})))
    return rule


def _and(left: Q | None, right: Q) -> Q:
    return right if left is None else left & right


def _null(column: str) -> Q:
    return Q(**{f"{column}__isnull": True})


def _both_null(field: str) -> Q:
    return Q(**{f"{field}_from__isnull": True, f"{field}_to__isnull": True})

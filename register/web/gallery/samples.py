"""Every part of a page in every state, with words of the data dictionary and made-up answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register.quality import dictionary
from register.quality.problems import Problem
from register.web import fields
from register.web.differences import Difference
from register.web.facts import Fact
from register.web.field_shapes import ErrorLine, FieldView
from register.web.fields import Extras
from register.web.language import active
from register.web.physician.lines import Line
from register.web.physician.progress import BUSY, DONE, NOT_SUBMITTED, TODO, WAITS, Navigation, Step
from register.workflow.case_transitions import CaseState

NUMBER = "2026-000418"
Mark = tuple[str, str, Promise | str]
GROUPS = (("Amsterdam-Amstelland", (("GM0363", "Amsterdam"), ("GM0384", "Diemen"))), ("–", (("GM0599", "Rotterdam"),)))
# A question for each way of asking, with an answer to it under the names of the form.
ASKED: tuple[tuple[str, Extras, dict[str, str]], ...] = (
    ("Case.external_reference", Extras(), {"external_reference": "F-2026-88"}),
    ("Case.narrative", Extras(), {"narrative": "Gevonden op de bank."}),
    ("Decedent.age_years", Extras(), {"age_years": "34"}),
    ("Decedent.sex", Extras(), {"sex": "male"}),
    ("CauseOfDeath.relation_to_drugs", Extras(), {"relation_to_drugs": "direct"}),
    ("Decedent.housing", Extras(), {"housing": "own"}),
    ("Death.death_municipality", Extras(groups=GROUPS, options=()), {"death_municipality": "GM0363"}),
    ("Circumstances.scene_items", Extras(), {"scene_items": "powder"}),
    (
        "Death.date_of_death",
        Extras(),
        {"date_of_death_day": "21", "date_of_death_month": "11", "date_of_death_year": "2026"},
    ),
    ("Death.last_seen_alive", Extras(), {"last_seen_alive_day": "21", "last_seen_alive_time": "23:30"}),
)
WRONG = Problem("Vul dit in, of kies een reden.", "Fill this in, or choose a reason.")


@dataclass(frozen=True, slots=True)
class Sample:
    """One way of asking in each state; the state in words beside its field."""

    title: str
    shown: list[tuple[str, FieldView]]


def questions() -> Iterator[Sample]:
    """Each way of asking: as it is asked, filled in, with a reason, and with an error."""
    for key, extras, answer in ASKED:
        spec = dictionary.field(key)
        hint = Extras(
            hint=_("Help beside the question."), unit=extras.unit, options=extras.options, groups=extras.groups
        )
        filled = {name: [text] for name, text in answer.items()}
        states: list[tuple[str, dict[str, list[str]], Extras, Any]] = [
            (_("As it is asked"), {}, hint, None),
            (_("Filled in"), filled, extras, None),
            (_("With an error"), filled, hint, WRONG),
        ]
        if spec.may_be_missing:
            states.insert(2, (_("With a reason for no answer"), {f"{spec.field}_missing": ["UNK"]}, extras, None))
        shown = []
        for place, (words, values, more, problem) in enumerate(states):
            names = {"prefix": f"v{place}", "name_prefix": f"v{place}-"}
            shown.append((words, fields.view(spec, values, extras=more, problem=problem, **names)))
        yield Sample(f"{shown[0][1].widget} · {spec.label(active())}", shown)


def lines() -> list[Line]:
    """A line of a list with each mark."""
    return [
        Line("#", NUMBER, _("in progress"), "02:14", "busy", CaseState.DRAFT.label(active()), rest=" – 3/6"),
        Line("#", NUMBER, "", _("waits"), "wait", CaseState.AWAITING_TOX.label(active()), "is-wait"),
        Line("#", NUMBER, "", _("late"), "problem", _("Late"), "is-error", "is-error"),
        Line("#", NUMBER, "", "", "ask", _("Question"), "is-wait", "is-wait"),
        Line("#", NUMBER, "", "16-11", "done", CaseState.CLOSED.label(active()), "is-done"),
    ]


def navigation() -> Navigation:
    """The sections of a case with each state, one of them the current."""
    missing: Mark = ("problem", "is-error", _("1 answer is missing"))
    marks: tuple[Mark, ...] = (DONE, BUSY, TODO, WAITS, missing)
    steps = [
        Step(f"s{place}", _("Section %(number)d") % {"number": place}, "#", *mark, current=place == 2)
        for place, mark in enumerate(marks, start=1)
    ]
    last = Step("last", _("Check and submit"), "#", *NOT_SUBMITTED, last=True)
    return Navigation(_("Section %(number)d") % {"number": 2}, (*steps, last))


def facts() -> list[Fact]:
    """A line of a summary: answered, with a reason, and missing."""
    label = dictionary.field("Decedent.age_years").label(active())
    return [
        Fact(label, "34"),
        Fact(label, _("Unknown"), quiet=True),
        Fact(label, _("Still empty: fill in, or choose a reason"), missing=True),
    ]


def difference() -> Difference:
    """Two answers to one question."""
    label = dictionary.field("Decedent.age_years").label(active())
    return Difference(
        name="Decedent.age_years", label=label, seen=3, mine="34", theirs="43", who="J. Jansen", when="02:14", target=""
    )


def everything() -> dict[str, Any]:
    """What the page of parts shows."""
    table = {
        "title": _("A table"),
        "subtitle": _("with a total"),
        "columns": [{"text": _("Year")}, {"text": _("Cases"), "num": True}],
        "rows": [
            {"cells": [{"text": "2025"}, {"text": "12", "num": True}]},
            {"cells": [{"text": "2026"}, {"text": "0", "num": True, "zero": True}]},
            {"total": True, "cells": [{"text": _("Total")}, {"text": "12", "num": True}]},
        ],
    }
    found = [
        SimpleNamespace(code="ketamine", name="Ketamine", group="NPS", why="keta"),
        SimpleNamespace(code="mdma", name="MDMA", group="Stimulantia", why="xtc"),
    ]
    return {
        "shown_case": SimpleNamespace(
            case_number=NUMBER, status="draft", region=SimpleNamespace(name="GGD"), changed_at=timezone.now()
        ),
        "samples": list(questions()),
        "sample_errors": [ErrorLine(_("Fill this in, or choose a reason."), "#v3-age_years"), ErrorLine(_("A line."))],
        "kinds": ["", "plain", "done", "error"],
        "sample_messages": [SimpleMessage(_("Saved."), tag) for tag in ("done", "error", "plain")],
        "states": list(CaseState),
        "steps": [TODO, BUSY, DONE, WAITS, NOT_SUBMITTED],
        "lines": lines(),
        "navigation": navigation(),
        "facts": facts(),
        "sample_differences": [difference()],
        "table": table,
        "tabs": [
            {"url": "#", "label": _("New"), "count": 12, "current": True},
            {"url": "#", "label": _("Changed"), "count": 0, "current": False},
        ],
        "pages": Paginator(range(75), 25).page(2),
        "said": SimpleNamespace(text=_("Is this right?"), at=timezone.now()),
        "picker": SimpleNamespace(slug="suspicion"),
        "found": found,
        "term": "keta",
    }


@dataclass(frozen=True, slots=True)
class SimpleMessage:
    """A message as Django gives it to a page."""

    text: str
    extra_tags: str
    level_tag: str = "info"

    def __str__(self) -> str:
        return self.text

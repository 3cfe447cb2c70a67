"""How far each page of a case is: the marks in the margin of the section navigation and the task list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from register.casework.dossier import looked_at
from register.casework.whole import named
from register.quality import dictionary
from register.quality.dictionary import SECTIONS, FieldSpec
from register.web.physician.pages import PAGES, Page
from register.workflow.case_transitions import CaseState

SECTION_ROWS = tuple(f"{model.lower()}_section" for model in SECTIONS if model not in ("Case", "Assessment"))
NONE_SUSPECTED = dictionary.field("Circumstances.suspected_none")
CHECK = "controleren"
WAITING_FOR_RESULT = frozenset({"requested", "sampled", "partial"})

TODO = ("todo", "muted", gettext_lazy("Not started yet"))
BUSY = ("busy", "", gettext_lazy("In progress"))
DONE = ("done", "is-done", gettext_lazy("Done"))
NOT_SUBMITTED = ("todo", "muted", gettext_lazy("Not submitted yet"))
WAITS = ("wait", "is-wait", gettext_lazy("Awaiting toxicology"))


@dataclass(frozen=True, slots=True)
class Step:
    """One page in the navigation of a case, with its mark and its state in words."""

    slug: str
    label: Promise | str
    url: str
    glyph: str
    tone: str
    words: Promise | str
    current: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Navigation:
    """The pages of a case in order, the check page last."""

    title: str
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.glyph in ("done", "wait") for step in self.steps if not step.last)


def with_progress(case: Any) -> Any:
    """The same case with everything that ``navigation`` needs, and all its rows, in one statement."""
    dossier = looked_at(case)
    suspicions = named(dossier, "SuspectedSubstance")
    case.suspicions, case.unexplained = len(suspicions), sum(row.evidence is None for row in suspicions)
    case.tox_requests = len(named(dossier, "ToxRequest"))
    return case


def all_with_progress(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Several cases with everything that ``navigation`` needs, in the same query."""
    return cases.select_related(*SECTION_ROWS).annotate(
        suspicions=Count("suspectedsubstance_rows", filter=Q(suspectedsubstance_rows__removed_at=None), distinct=True),
        unexplained=Count(
            "suspectedsubstance_rows",
            filter=Q(suspectedsubstance_rows__removed_at=None, suspectedsubstance_rows__evidence=None),
            distinct=True,
        ),
        tox_requests=Count("toxrequest_rows", distinct=True),
    )


def answers_row(case: Any, spec: FieldSpec) -> Any:
    """The row of the case that holds the answer to ``spec``."""
    return case if spec.model == "Case" else getattr(case, f"{spec.model.lower()}_section")


def answered(case: Any, spec: FieldSpec) -> bool:
    """True when the question has a value or a reason."""
    row = answers_row(case, spec)
    column = {"partial_date": f"{spec.field}_from"}.get(
        spec.kind, f"{spec.field}_id" if spec.vocabulary else spec.field
    )
    if spec.may_be_missing and getattr(row, f"{spec.field}_missing"):
        return True
    return getattr(row, column) not in (None, "", [])


def navigation(case: Any, current: str = "", missing: Mapping[str, int] | None = None) -> Navigation:
    """The steps of a case read ``with_progress``. ``missing`` counts open core answers per page, on the check page."""
    missing = missing or {}
    steps = [_step(case, page, current, missing.get(page.slug, 0)) for page in PAGES]
    total = sum(missing.values())
    glyph, tone, words = ("problem", "is-error", _missing_words(total)) if total else NOT_SUBMITTED
    check = Step(
        slug=CHECK,
        label=_("Check and submit"),
        url=reverse("physician:check", args=[case.pk]),
        glyph=glyph,
        tone=tone,
        words=words,
        current=current == CHECK,
        last=True,
    )
    number = next((place for place, page in enumerate(PAGES, start=1) if page.slug == current), 0)
    title = (
        _("Section %(number)d of %(total)d: %(page)s")
        % {"number": number, "total": len(PAGES), "page": PAGES[number - 1].title}
        if number
        else _("Last step: check")
    )
    return Navigation(title, (*steps, check) if case.status == CaseState.DRAFT else tuple(steps))


def _step(case: Any, page: Page, current: str, missing: int) -> Step:
    glyph, tone, words = ("problem", "is-error", _missing_words(missing)) if missing else _mark(case, page)
    url = reverse("physician:section", args=[case.pk, page.slug])
    return Step(page.slug, page.title, url, glyph, tone, words, current=page.slug == current)


def _missing_words(count: int) -> str:
    return ngettext("%(count)d answer is missing", "%(count)d answers are missing", count) % {"count": count}


def _mark(case: Any, page: Page) -> tuple[str, str, Promise]:
    match page.slug:
        case "middelen":
            if case.suspicions:
                return BUSY if case.unexplained else DONE
            if case.circumstances_section.suspected_none is False:
                # Somebody said that a substance is suspected, and named none yet.
                return BUSY
            return DONE if answered(case, NONE_SUSPECTED) else _by_answers(case, page)
        case "toxicologie":
            if not case.tox_requests:
                return TODO
            return WAITS if case.tox_status in WAITING_FOR_RESULT else DONE
        case _:
            return _by_answers(case, page)


def _by_answers(case: Any, page: Page) -> tuple[str, str, Promise]:
    given = {spec.key for spec in page.specs if answered(case, spec)} - SET_AT_THE_START
    if not given:
        return TODO
    core = {spec.key for spec in page.specs if spec.level == "core"} - SET_AT_THE_START
    return DONE if core <= given else BUSY


# Known from the person who starts the case, so no sign that somebody worked on the page.
SET_AT_THE_START = frozenset({"Case.forensic_service"})

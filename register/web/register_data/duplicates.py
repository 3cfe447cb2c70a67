"""The list of pairs that may be one death, and of those that were decided on."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.audit import Event
from register.casework.duplicates import deciding
from register.quality.likeness import weights
from register.quality.partial_dates import PartialDate
from register.web.door import allowed, person
from register.web.facts import partial_date
from register.web.notes import looked
from register.workflow.verbs import Verb

PAGE = 25
DECIDED = "besloten"


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair in a list."""

    url: str
    first: str
    second: str
    regions: str
    died: str
    score: int
    probable: bool
    decision: str


@require_safe
@allowed(Verb.DECIDE_DUPLICATE)
def listing(request: HttpRequest) -> HttpResponse:
    """The pairs to decide on, the likeliest first, or those decided on, the latest first."""
    done = request.GET.get("lijst") == DECIDED
    lists = {"": deciding.waiting(by=person(request)), DECIDED: deciding.decided(by=person(request))}
    cases = [f"{side}__{name}" for side in ("first", "second") for name in ("region", "death_section")]
    paginators = {name: Paginator(pairs.select_related("decided_by", *cases), PAGE) for name, pairs in lists.items()}
    page = paginators[DECIDED if done else ""].get_page(request.GET.get("blad"))
    pairs = list(page)
    looked(
        request,
        Event.CASE_LIST,
        [key for pair in pairs for key in (pair.first_id, pair.second_id)],
        filters={"list": "duplicates", "decided": done},
    )
    home = reverse("register_data:duplicates")
    context = {
        "rows": [_row(pair) for pair in pairs],
        "page": page,
        "prefix": f"lijst={DECIDED}&" if done else "",
        "done": done,
        "tabs": [
            {"url": home, "label": _("To decide"), "current": not done, "count": paginators[""].count},
            {
                "url": f"{home}?lijst={DECIDED}",
                "label": _("Decided"),
                "current": done,
                "count": paginators[DECIDED].count,
            },
        ],
    }
    return render(request, "register_data/duplicates.html", context)


def is_probable(pair: Any) -> bool:
    """Whether the score says probable, and not only possible."""
    return bool(pair.score >= weights()["probable"] * 100)


def decision_of(pair: Any) -> str:
    """What was decided, by whom and when, in one line; empty while the pair waits."""
    if pair.decided_by is None:
        return ""
    words = _("One death, merged") if pair.state == "merged" else _("Not the same death")
    return f"{words} · {pair.decided_by.display_name}, {date_format(timezone.localtime(pair.decided_at), 'j F Y, H:i')}"


def _row(pair: Any) -> PairRow:
    first, second = pair.first, pair.second
    regions = dict.fromkeys(case.region.name.removeprefix("GGD ") for case in (first, second))
    days = dict.fromkeys(_died(case) for case in (first, second))
    return PairRow(
        url=reverse("register_data:pair", args=[pair.pk]),
        first=first.case_number,
        second=second.case_number,
        regions=" · ".join(regions),
        died=" · ".join(days),
        score=pair.score,
        probable=is_probable(pair),
        decision=decision_of(pair),
    )


def _died(case: Any) -> str:
    death = case.death_section
    if death.date_of_death_from is None:
        return "–"
    return partial_date(PartialDate(death.date_of_death_from, death.date_of_death_to))

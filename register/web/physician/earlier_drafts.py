"""A draft that may be about the same death as one the physician began before: it is offered first.

Three answers tell: sex, age and date of death. Whoever says that it is another case is not asked again.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from register.access import cases_for
from register.audit import Event
from register.web.door import load_case, person
from register.web.notes import looked
from register.web.physician import lines
from register.web.physician.pages import PAGES, Page
from register.web.physician.progress import all_with_progress, with_progress
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

# The pages that ask for the three answers.
TELLING = ("overledene", "overlijden")
# In the session of the physician: the keys of drafts of which they said that they are about somebody else.
ANOTHER_CASE = "another_case"


def offer(request: HttpRequest, case: Any, page: Page) -> str:
    """The address at which an earlier draft is offered after saving ``page``; empty when there is nothing to offer."""
    asked = page.slug in TELLING and case.status == CaseState.DRAFT
    if not asked or str(case.pk) in request.session.get(ANOTHER_CASE, ()) or not _earlier(request, case).exists():
        return ""
    return reverse("physician:earlier_draft", args=[case.pk, page.slug])


@load_case(Verb.EDIT_CASE, read=with_progress)
def choose(request: HttpRequest, case: Any, page: str) -> HttpResponse:
    """The earlier draft beside this one: go on with it, or say that this is another case."""
    if request.method == "POST":
        request.session[ANOTHER_CASE] = [*request.session.get(ANOTHER_CASE, ()), str(case.pk)]
        return redirect(_onward(case, page))
    found = (
        all_with_progress(_earlier(request, case)).select_related("decedent_section__residence_municipality").first()
    )
    if found is None:
        return redirect(_onward(case, page))
    looked(request, Event.CASE_LIST, [found.pk], filters={"list": "earlier"})
    context = {"case": case, "lines": [lines.draft(found)]}
    return render(request, "physician/earlier_draft.html", context)


def _earlier(request: HttpRequest, case: Any) -> Any:
    """Own drafts begun before this one, of a person of the same sex and age who died on the same day."""
    decedent, death = case.decedent_section, case.death_section
    known = (decedent.sex, decedent.age_years, death.date_of_death_from)
    if any(answer in (None, "") for answer in known):
        return cases_for(request.user).none()
    drafts = cases_for(request.user).filter(status=CaseState.DRAFT, reporter=person(request))
    return drafts.filter(
        created_at__lt=case.created_at,
        decedent_section__sex=decedent.sex,
        decedent_section__age_years=decedent.age_years,
        death_section__date_of_death_from=death.date_of_death_from,
        death_section__date_of_death_to=death.date_of_death_to,
    ).order_by("-changed_at")


def _onward(case: Any, page: str) -> str:
    slugs = [each.slug for each in PAGES]
    following = slugs[slugs.index(page) + 1] if page in TELLING else slugs[0]
    return reverse("physician:section", args=[case.pk, following])

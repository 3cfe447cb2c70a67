"""The sign of life of a review page: who else has this case open. Without a script nobody is shown."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.access import cases_for
from register.casework import presence
from register.casework.errors import NotFoundError
from register.web.door import person, require
from register.web.sending import for_sending
from register.workflow.verbs import Verb


@for_sending
@login_required
def beat(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Note that this person is here, or with ``leaves`` no longer; answer who else is, in one sentence.

    It shows nothing of the case, so that it is no look at it: the access log notes the page, not its signs of life.
    """
    case = cases_for(request.user).filter(pk=case_id).only("reporter", "region", "status").first()
    if case is None:
        raise NotFoundError
    require(request, Verb.TAKE_CASE, case)
    if request.POST.get("leaves"):
        presence.leave(case=case, by=person(request))
        return JsonResponse({"sentence": ""})
    others = presence.beat(case=case, by=person(request), now=timezone.now())
    return JsonResponse({"sentence": sentence_of(others)})


def sentence_of(others: list[str]) -> str:
    """Who else is looking; empty when nobody is."""
    if not others:
        return ""
    words = ngettext("%(who)s is looking at this case", "%(who)s are looking at this case", len(others))
    return words % {"who": f" {_('and')} ".join(others)}

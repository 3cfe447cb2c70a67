"""What every page knows: the name of the register, the language and theme, and the menu of the signed-in person."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from register.access import sessions
from register.web import desks, language, menu
from register.web.account import proof
from register.web.sending import way_back
from register.workflow.roles import Role


def register(request: HttpRequest) -> dict[str, Any]:
    """Context processor for all templates."""
    code = language.active()
    context: dict[str, Any] = {
        "demo": settings.DEMO,
        "language": code,
        "other_language": "en" if code == "nl" else "nl",
        "theme": language.theme(request),
        "here": way_back(request),
        "emergency": getattr(request, "emergency", None),
    }
    user = request.user
    if user.is_authenticated and proof.is_complete(request):
        context["session_seconds"] = int(sessions.left(request.session, now=timezone.now()).total_seconds())
        context["menu"] = menu.lines(request, desks.MENU)
        context["role"] = Role(user.role).label(code)
    return context

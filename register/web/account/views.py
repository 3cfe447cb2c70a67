"""What a person finds and chooses for themselves: a first page, help, language and theme."""

from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from register.web import desks, language, menu
from register.web.account import destination
from register.web.sending import for_sending


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first desk of the person's role; a page that says so when the role has none."""
    desk = menu.home_of(request.user.role, desks.MENU)  # type: ignore[union-attr]
    return redirect(desk) if desk else render(request, "account/no_desk.html")


@for_sending
@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """Dutch or English, kept with the person and in a cookie for the page before signing in."""
    return _keep(request, "language", language.COOKIE, language.LANGUAGES)


@for_sending
@login_not_required
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Day or night, kept with the person and in a cookie for the page before signing in."""
    return _keep(request, "theme", language.THEME_COOKIE, language.THEMES)


@require_safe
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """Where help is, and what people ask most."""
    return render(request, "account/help.html")


def _keep(request: HttpRequest, name: str, cookie: str, allowed: tuple[str, ...]) -> HttpResponse:
    value = request.POST.get(name, "")
    response = HttpResponseRedirect(destination.wanted(request) or reverse("home"))
    if value in allowed:
        if request.user.is_authenticated:
            setattr(request.user, name, value)
            request.user.save(update_fields=[name])
        language.remember(request, response, cookie, value)
    return response

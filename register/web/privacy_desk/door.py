"""The door of the privacy officer's pages: the verb, and a connection that may read the log."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from register.audit import reading
from register.web.door import View, allowed
from register.workflow.verbs import Verb


def reads_log(view: View) -> View:
    """A page for whoever may read the log; where this process cannot read it, the page says so."""

    @wraps(view)
    @allowed(Verb.READ_LOG)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not reading.connected():
            return render(request, "privacy_desk/not_connected.html", status=503)
        return view(request, *args, **kwargs)

    return checked

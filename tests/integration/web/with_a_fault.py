"""The addresses of the register and one page that fails."""

from typing import NoReturn

from django.http import HttpRequest
from django.urls import include, path

from config.urls import handler400, handler403, handler404, handler500


def fail(request: HttpRequest) -> NoReturn:
    raise ValueError("a fault of ours")


urlpatterns = [path("stuk/", fail), path("v1/stuk", fail), path("", include("config.urls"))]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

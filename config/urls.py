"""The addresses of this deployment: pages for people, the interface for machines."""

from django.urls import include, path

urlpatterns = [
    path("v1/", include("register.api.urls")),
    path("", include("register.web.urls")),
]

handler400 = "register.web.errors.bad_request"
handler403 = "register.web.errors.forbidden"
handler404 = "register.web.errors.not_found"
handler500 = "register.web.errors.server_error"

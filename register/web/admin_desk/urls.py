"""The addresses of the administrator's desk."""

from django.urls import path

from register.web.admin_desk import waiting

app_name = "admin_desk"
urlpatterns = [
    path("beheer/wachtend-werk/", waiting.page, name="waiting"),
]

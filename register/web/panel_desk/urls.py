"""The pages of the panel. An address holds the random key of a case."""

from django.urls import path

from register.web.panel_desk import voting

app_name = "panel_desk"
urlpatterns = [
    path("panel/", voting.listing, name="home"),
    path("panel/<uuid:case_id>/", voting.case, name="case"),
]

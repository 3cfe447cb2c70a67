"""The register's desk. No address holds a word about a case: only random keys and names of lists and steps."""

from django.urls import path

from register.web.register_desk import list_actions, lists, own_lists, presence, review, steps

app_name = "register_desk"
urlpatterns = [
    path("werkvoorraad/", lists.home, name="home"),
    path("werkvoorraad/eigen/", own_lists.own, name="own"),
    path("werkvoorraad/eigen/kolommen/", own_lists.columns, name="columns"),
    path("werkvoorraad/eigen/<uuid:list_id>/weg/", own_lists.drop, name="drop"),
    path("werkvoorraad/<slug:which>/", lists.worklist, name="worklist"),
    path("werkvoorraad/<slug:which>/gekozen/", list_actions.several, name="several"),
    path("beoordelen/<uuid:case_id>/", review.review, name="review"),
    path("beoordelen/<uuid:case_id>/aanwezig/", presence.beat, name="beat"),
    path("beoordelen/<uuid:case_id>/<slug:name>/", steps.step, name="step"),
]

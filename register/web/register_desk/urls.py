"""The register's desk. No address holds a word about a case: only its random key and the name of a step."""

from django.urls import path

from register.web.register_desk import lists, review, steps

app_name = "register_desk"
urlpatterns = [
    path("werkvoorraad/", lists.home, name="home"),
    path("werkvoorraad/<slug:which>/", lists.worklist, name="worklist"),
    path("beoordelen/<uuid:case_id>/", review.review, name="review"),
    path("beoordelen/<uuid:case_id>/<slug:name>/", steps.step, name="step"),
]

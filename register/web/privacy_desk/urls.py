"""The privacy officer's desk. No address holds the number of a case or the name of a person: only their random keys."""

from django.urls import path

from register.web.privacy_desk import cases, emergencies, exporting, logbook, overview, people, reports

app_name = "privacy_desk"
urlpatterns = [
    path("toezicht/", overview.overview, name="overview"),
    path("toezicht/zaak/", cases.find, name="find_case"),
    path("toezicht/zaak/<uuid:case_id>/", cases.who_saw, name="case"),
    path("toezicht/zaak/<uuid:case_id>/uitvoer/", exporting.of_case, name="export_case"),
    path("toezicht/gebruiker/", people.find, name="find_person"),
    path("toezicht/gebruiker/<uuid:person_id>/", people.what_saw, name="person"),
    path("toezicht/gebruiker/<uuid:person_id>/uitvoer/", exporting.of_person, name="export_person"),
    path("toezicht/meldingen/", reports.worklist, name="reports"),
    path("toezicht/meldingen/beoordelen/", reports.review, name="review"),
    path("toezicht/noodtoegang/", emergencies.emergencies, name="emergencies"),
    path("toezicht/noodtoegang/<uuid:access_id>/beoordelen/", emergencies.review, name="review_emergency"),
    path("toezicht/logboek/", logbook.logbook, name="logbook"),
]

"""The physician's desk. No address holds a word about a case: only its random key and the name of a page."""

from django.urls import path

from register.web.physician import lists

app_name = "physician"
urlpatterns = [
    path("zaken/", lists.my_cases, name="cases"),
    path("zaken/zoeken/", lists.find, name="find"),
    path("zaken/lijst/<slug:which>/", lists.listing, name="list"),
    path("vragen/", lists.questions, name="questions"),
]

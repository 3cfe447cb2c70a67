"""Emergency access. No address holds the number of a case: it travels in the body."""

from django.urls import path

from register.web.emergency import asking, given

app_name = "emergency"
urlpatterns = [
    path("noodtoegang/", asking.ask, name="home"),
    path("noodtoegang/gegeven/", given.given, name="given"),
    path("noodtoegang/<uuid:access_id>/beeindigen/", given.end, name="end"),
]

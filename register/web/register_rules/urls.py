"""The settings of the register. An address holds codes of rules, texts, terms and versions, and nothing of a case."""

from django.urls import path

from register.web.register_rules import definitions, settings

app_name = "register_rules"
urlpatterns = [
    path("regels/", settings.home, name="home"),
    path("regels/definities/", definitions.versions, name="versions"),
    path("regels/definities/<slug:version>/", definitions.comparison, name="comparison"),
    path("regels/definities/<slug:version>/vergelijken/", definitions.compare, name="compare"),
    path("regels/definities/<slug:version>/vaststellen/", definitions.adopt, name="adopt"),
    path("regels/teksten/nieuw/", settings.new_text, name="new_text"),
    path("regels/<slug:kind>/", settings.listing, name="listing"),
    path("regels/<slug:kind>/<slug:code>/", settings.entry, name="entry"),
    path("regels/<slug:kind>/<slug:code>/wijzigen/", settings.change, name="change"),
]

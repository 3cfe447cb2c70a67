"""The care for the data. No address holds a word about a case: only random keys, codes of substances and acts."""

from django.urls import path

from register.web.register_data import catalogue, duplicates, names, pairs, quality, substance

app_name = "register_data"
urlpatterns = [
    path("datakwaliteit/", quality.board, name="quality"),
    path("datakwaliteit/zaken/", quality.behind, name="behind"),
    path("mogelijke-dubbelen/", duplicates.listing, name="duplicates"),
    path("mogelijke-dubbelen/<uuid:pair_id>/", pairs.pair, name="pair"),
    path("mogelijke-dubbelen/<uuid:pair_id>/<slug:act>/", pairs.decide, name="decide"),
    path("middelen-koppelen/", names.listing, name="names"),
    path("middelen-koppelen/ongedaan-maken/<uuid:link_id>/", names.undo, name="undo_link"),
    path("middelen-koppelen/gevraagd/<uuid:request_id>/intrekken/", names.withdraw, name="withdraw_request"),
    path("middelen-koppelen/<slug:key>/", names.name, name="name"),
    path("middelencatalogus/", catalogue.listing, name="catalogue"),
    path("middelencatalogus/nieuw/", catalogue.new, name="new_substance"),
    path("middelencatalogus/gevraagd/<uuid:request_id>/afwijzen/", catalogue.decline, name="decline_request"),
    path("middelencatalogus/<slug:code>/", substance.substance, name="substance"),
    path("middelencatalogus/<slug:code>/<slug:act>/", substance.steward, name="steward"),
]

"""The care for the data. No address holds a word about a case: only random keys and the names of acts."""

from django.urls import path

from register.web.register_data import duplicates, names, pairs, quality

app_name = "register_data"
urlpatterns = [
    path("datakwaliteit/", quality.board, name="quality"),
    path("datakwaliteit/zaken/", quality.behind, name="behind"),
    path("mogelijke-dubbelen/", duplicates.listing, name="duplicates"),
    path("mogelijke-dubbelen/<uuid:pair_id>/", pairs.pair, name="pair"),
    path("mogelijke-dubbelen/<uuid:pair_id>/<slug:act>/", pairs.decide, name="decide"),
    path("middelen-koppelen/", names.listing, name="names"),
    path("middelen-koppelen/ongedaan-maken/<uuid:link_id>/", names.undo, name="undo_link"),
    path("middelen-koppelen/<slug:key>/", names.name, name="name"),
]

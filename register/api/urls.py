"""The addresses of the API below ``/v1``: kebab-case, no slash at the end."""

from django.urls import path

from register.api import description, views  # noqa: F401 - the description registers itself

app_name = "api"
urlpatterns = [
    path("releases", views.Releases.as_view(), name="releases"),
    path("releases/latest", views.Latest.as_view(), name="latest"),
    path("releases/<slug:release>", views.OneRelease.as_view(), name="release"),
    path("releases/<slug:release>/manifest", views.Manifest.as_view(), name="manifest"),
    path("releases/<slug:release>/tables/<slug:table>.<slug:extension>", views.TableFile.as_view(), name="table"),
    path("openapi.json", views.Description.as_view(), name="openapi"),
]

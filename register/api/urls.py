"""The addresses of the API below ``/v1``: kebab-case, no slash at the end."""

from django.urls import path

from register.api import catalog, description, euda, files, odata, views  # noqa: F401 - the description registers itself

app_name = "api"
urlpatterns = [
    path("releases", views.Releases.as_view(), name="releases"),
    path("releases/latest", views.Latest.as_view(), name="latest"),
    path("releases/<slug:release>", views.OneRelease.as_view(), name="release"),
    path("releases/<slug:release>/manifest", files.Manifest.as_view(), name="manifest"),
    path("releases/<slug:release>/euda-workbook", euda.EudaWorkbook.as_view(), name="euda"),
    path("releases/<slug:release>/<slug:name>.<str:extension>", files.WholeFile.as_view(), name="whole"),
    path("releases/<slug:release>/tables/<slug:table>", files.Table.as_view(), name="negotiated"),
    path("releases/<slug:release>/tables/<slug:table>.<str:extension>", files.TableFile.as_view(), name="table"),
    path("catalog", catalog.Catalog.as_view(), name="catalog"),
    path("odata/<path:address>", odata.OData.as_view(), name="odata"),
    path("codebook", files.Codebook.as_view(), name="codebook"),
    path("openapi.json", views.Description.as_view(), name="openapi"),
]

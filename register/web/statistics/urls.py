"""The addresses of the statistics desk. A published release goes by its identifier, which says nothing of a case."""

from django.urls import path

from register.web.statistics import euda, figures, looking, population, releases

app_name = "statistics"
urlpatterns = [
    path("releases/", releases.index, name="releases"),
    path("releases/nieuw/", releases.new, name="new"),
    path("releases/bevolking/", population.population, name="population"),
    path("releases/<uuid:release_id>/", releases.page, name="release"),
    path("releases/<uuid:release_id>/<slug:step>/", releases.take_step, name="step"),
    path("cijfers/", figures.index, name="figures"),
    path("cijfers/beeld/", looking.newest, name="charts"),
    path("cijfers/<slug:release>/", figures.release_page, name="published"),
    path("cijfers/<slug:release>/beeld/<slug:chart>/", looking.chart, name="chart"),
    path("cijfers/<slug:release>/beeld/<slug:chart>.<str:extension>", looking.chart_file, name="chart_file"),
    path("cijfers/<slug:release>/euda.xlsx", euda.workbook, name="euda"),
    path("cijfers/<slug:release>/<slug:table>/", figures.table_page, name="table"),
    path("cijfers/<slug:release>/<slug:table>.<str:extension>", figures.download, name="download"),
]

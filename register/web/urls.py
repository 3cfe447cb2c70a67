"""Every page of the register: one line for each desk."""

from django.urls import include, path

from register.web import codebook, csp_reports, health

urlpatterns = [
    path("", include("register.web.account.urls")),
    path("", include("register.web.admin_desk.urls")),
    path("", include("register.web.webhooks.urls")),
    path("", include("register.web.physician.urls")),
    path("", include("register.web.emergency.urls")),
    path("", include("register.web.register_desk.urls")),
    path("", include("register.web.register_data.urls")),
    path("", include("register.web.register_rules.urls")),
    path("", include("register.web.panel_desk.urls")),
    path("", include("register.web.statistics.urls")),
    path("", include("register.web.privacy_desk.urls")),
    path("", include("register.web.gallery.urls")),
    path("codeboek/", codebook.page, name="codebook"),
    path("codeboek.csv", codebook.as_csv, name="codebook_csv"),
    path("codeboek.json", codebook.as_json, name="codebook_json"),
    path("csp-melding/", csp_reports.report, name="csp_report"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("version", health.version_of_register, name="version"),
]

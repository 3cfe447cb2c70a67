"""One address, for whoever builds or judges the pages."""

from django.urls import path

from register.web.gallery import views

app_name = "gallery"
urlpatterns = [path("componenten/", views.show, name="parts")]

"""Signing in and out, and what a person chooses for themselves."""

from django.urls import path

from register.web.account import views

urlpatterns = [
    path("", views.home, name="home"),
    path("aanmelden/", views.sign_in, name="login"),
    path("aanmelden/demo/", views.sign_in_as_persona, name="persona"),
    path("afmelden/", views.sign_out, name="logout"),
    path("taal/", views.choose_language, name="language"),
    path("weergave/", views.choose_theme, name="theme"),
    path("mijn-profiel/", views.profile, name="profile"),
    path("hulp/", views.help_page, name="help"),
]

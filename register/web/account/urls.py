"""Signing in and out, and what a person chooses for themselves."""

from django.urls import path

from register.web.account import confirming, enrolling, organisation, profile, signing_in, views

urlpatterns = [
    path("", views.home, name="home"),
    path("aanmelden/", signing_in.sign_in, name="login"),
    path("aanmelden/demo/", signing_in.sign_in_as_persona, name="persona"),
    path("aanmelden/organisatie/<slug:provider_id>/", organisation.leave, name="organisation"),
    # django-allauth asks for this name when it tells the organisation where to send people back.
    path("aanmelden/organisatie/<slug:provider_id>/terug/", organisation.back, name="openid_connect_callback"),
    path("aanmelden/tweede-stap/", signing_in.second_step, name="second_step"),
    path("aanmelden/app/", enrolling.add_app, name="enrol"),
    path("aanmelden/passkey/", enrolling.add_passkey, name="add_passkey"),
    path("aanmelden/bevestigen/", confirming.confirm, name="confirm"),
    path("aanmelden/resterend/", profile.session_left, name="session_left"),
    path("aanmelden/terug/", profile.session_back, name="session_back"),
    path("aanmelden/blijven/", profile.session_stay, name="session_stay"),
    path("afmelden/", signing_in.sign_out, name="logout"),
    path("taal/", views.choose_language, name="language"),
    path("weergave/", views.choose_theme, name="theme"),
    path("mijn-profiel/", profile.profile, name="profile"),
    path("mijn-profiel/factor/<int:factor_id>/weg/", profile.remove_factor, name="remove_factor"),
    path("mijn-profiel/herstelcodes/", profile.renew_recovery_codes, name="recovery_codes"),
    path("mijn-profiel/sessie/<slug:handle>/einde/", profile.end_session, name="end_session"),
    path("hulp/", views.help_page, name="help"),
]

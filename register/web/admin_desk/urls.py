"""The addresses of the administrator's desk, and of the pages where somebody with a link chooses a password."""

from django.urls import path

from register.web.admin_desk import accepting, inviting, review, starting_anew, tokens, user, users, waiting

app_name = "admin_desk"
urlpatterns = [
    path("beheer/gebruikers/", users.home, name="users"),
    path("beheer/gebruikers/<uuid:user_id>/", user.page, name="user"),
    path("beheer/gebruikers/<uuid:user_id>/wijzigen/", user.change, name="change"),
    path("beheer/gebruikers/<uuid:user_id>/uitzetten/", user.switch_off, name="switch_off"),
    path("beheer/gebruikers/<uuid:user_id>/aanzetten/", user.switch_on, name="switch_on"),
    path("beheer/gebruikers/<uuid:user_id>/opnieuw-beginnen/", user.start_anew, name="start_anew"),
    path("beheer/gebruikers/<slug:which>/", users.listing, name="listing"),
    path("beheer/uitnodigingen/nieuw/", inviting.new, name="invite"),
    path("beheer/uitnodigingen/<uuid:invitation_id>/", inviting.page, name="invitation"),
    path("beheer/uitnodigingen/<uuid:invitation_id>/opnieuw/", inviting.send_anew, name="send_anew"),
    path("beheer/uitnodigingen/<uuid:invitation_id>/intrekken/", inviting.revoke, name="revoke_invitation"),
    path("beheer/toegang/", review.index, name="review"),
    path("beheer/tokens/", tokens.index, name="tokens"),
    path("beheer/tokens/nieuw/", tokens.new, name="new_token"),
    path("beheer/tokens/<uuid:token_id>/intrekken/", tokens.revoke, name="revoke_token"),
    path("uitnodiging/", accepting.accept, name="accept"),
    # Whatever stands behind it, slashes too: a page that is not found is logged with its address.
    path("uitnodiging/<path:token>", accepting.open_link, name="open_invitation"),
    path("opnieuw-beginnen/", starting_anew.choose, name="new_start"),
    path("opnieuw-beginnen/<path:token>", starting_anew.open_link, name="open_new_start"),
    path("beheer/wachtend-werk/", waiting.page, name="waiting"),
]

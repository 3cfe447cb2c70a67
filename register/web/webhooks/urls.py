"""The addresses of webhooks, beside those of tokens."""

from django.urls import path

from register.web.webhooks import listing, webhook

app_name = "webhooks"
urlpatterns = [
    path("beheer/webhooks/", listing.index, name="webhooks"),
    path("beheer/webhooks/nieuw/", listing.new, name="new"),
    path("beheer/webhooks/<uuid:webhook_id>/", webhook.page, name="webhook"),
    path("beheer/webhooks/<uuid:webhook_id>/<slug:step>/", webhook.take_step, name="step"),
    path("beheer/webhooks/<uuid:webhook_id>/berichten/<uuid:delivery_id>/", webhook.send_again, name="send_again"),
]

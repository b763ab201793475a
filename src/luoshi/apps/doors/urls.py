"""Addresses of the screens for doors."""

from django.urls import URLPattern, path

from luoshi.apps.doors import calendar, tokens, webhooks

app_name = "doors"

urlpatterns: list[URLPattern] = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:subscription>/", webhooks.webhook, name="webhook"),
]

"""Addresses of the catalogue of events."""

from django.urls import path

from luoshi.api.webhooks import catalogue

app_name = "webhooks"
urlpatterns = [path("events.json", catalogue.events, name="events")]

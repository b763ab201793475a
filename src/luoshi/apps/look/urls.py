"""Addresses of what every screen may load."""

from django.urls import path

from luoshi.apps.look import shapes

app_name = "look"
urlpatterns = [path("areas.json", shapes.areas, name="shapes")]

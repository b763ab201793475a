"""Addresses of the boards."""

from django.urls import path

from luoshi.apps.board import monthly, topics

app_name = "board"
urlpatterns = [
    path("topics/", topics.board, name="topics"),
    path("topics/monthly/<slug:programme>/", monthly.monthly, name="monthly"),
]

"""Addresses of calendars of deadlines."""

from django.urls import path

from luoshi.api.deadlines import feed

app_name = "deadlines"
urlpatterns = [
    path("", feed.address, name="address"),
    path("<str:token>.ics", feed.calendar, name="calendar"),
]

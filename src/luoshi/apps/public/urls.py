"""Addresses of what everybody may see."""

from django.urls import path

from luoshi.apps.public import accuracy, cases, promises

app_name = "public"
urlpatterns = [
    path("", cases.newest, name="newest"),
    path("accuracy/", accuracy.accuracy, name="accuracy"),
    path("promises/", promises.services, name="services"),
    path("promises/<slug:programme>/", promises.promised, name="promised"),
    path("<str:number>/", cases.case, name="case"),
]

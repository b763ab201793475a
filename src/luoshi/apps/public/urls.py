"""Addresses of what everybody may see."""

from django.urls import path

from luoshi.apps.public import accuracy, cases, feeds, open_data, promises

app_name = "public"
urlpatterns = [
    path("", cases.newest, name="newest"),
    path("feed.atom", feeds.atom, name="atom"),
    path("feed.rss", feeds.rss, name="rss"),
    path("open-data/", open_data.page, name="open_data"),
    path("open-data/<path:file>", open_data.file, name="open_data_file"),
    path("accuracy/", accuracy.accuracy, name="accuracy"),
    path("promises/", promises.services, name="services"),
    path("promises/<slug:programme>/", promises.promised, name="promised"),
    path("<str:number>/", cases.case, name="case"),
    path("<str:number>/photo/<uuid:key>/", cases.photo, name="photo"),
]

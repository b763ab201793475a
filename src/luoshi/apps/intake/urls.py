"""Addresses of the resident's screens."""

from django.urls import path

from luoshi.apps.intake import act, follow, report, send

app_name = "intake"
urlpatterns = [
    path("", report.home, name="home"),
    path("report/<slug:programme>/", report.start, name="start"),
    path("report/<slug:programme>/all/", send.whole_form, name="all"),
    path("report/<slug:programme>/send/", send.send, name="send"),
    path("report/<slug:programme>/done/", report.done, name="done"),
    path("report/<slug:programme>/check/", report.check, name="check"),
    path("report/<slug:programme>/photo/<uuid:key>/", report.photo, name="photo"),
    path("report/<slug:programme>/<slug:slug>/", report.step, name="step"),
    path("follow/", follow.enter, name="follow"),
    path("follow/leave/", follow.leave, name="leave"),
    path("follow/<str:number>/", follow.case, name="case"),
    path("follow/<str:number>/files/<uuid:key>/", follow.file, name="file"),
    path("follow/<str:number>/<slug:transition>/", act.act, name="act"),
]

"""Addresses of the resident's screens."""

from django.urls import include, path

from luoshi.apps.intake import act, follow, report, send

app_name = "intake"

REPORTING = [
    path("<slug:programme>/send/", send.send, name="send"),
    path("<slug:programme>/", report.start, name="start"),
    path("<slug:programme>/all/", send.whole_form, name="all"),
    path("<slug:programme>/done/", report.done, name="done"),
    path("<slug:programme>/check/", report.check, name="check"),
    path("<slug:programme>/photo/<uuid:key>/", report.photo, name="photo"),
    path("<slug:programme>/<slug:slug>/", report.step, name="step"),
]
FOLLOWING = [
    path("", follow.enter, name="follow"),
    path("leave/", follow.leave, name="leave"),
    path("<str:number>/", follow.case, name="case"),
    path("<str:number>/files/<uuid:key>/", follow.file, name="file"),
    path("<str:number>/<slug:transition>/", act.act, name="act"),
]
urlpatterns = [
    path("", report.home, name="home"),
    path("report/", include(REPORTING)),
    path("follow/", include(FOLLOWING)),
]

"""Addresses of the desk."""

from django.urls import URLPattern, path

from luoshi.apps.desk import bulk, cases, due, opening, pages, sheet, stepping, wall

app_name = "desk"

urlpatterns: list[URLPattern] = [
    path("", pages.worklist, name="worklist"),
    path("counts/", pages.counts, name="counts"),
    path("list.csv", sheet.table, name="table"),
    path("due/", due.board, name="due"),
    path("together/", bulk.together, name="together"),
    path("new/<slug:programme>/", opening.new, name="new"),
    path("who/", wall.waiting, name="reveals"),
    path("case/<str:number>/who/", wall.who, name="who"),
    path("case/<str:number>/", cases.case, name="case"),
    path("case/<str:number>/print/", cases.printed, name="print"),
    path("case/<str:number>/file/<uuid:key>/", cases.file, name="file"),
    path("case/<str:number>/show/<slug:field>/", cases.shown, name="show"),
    path("case/<str:number>/do/<slug:name>/", stepping.step, name="step"),
]

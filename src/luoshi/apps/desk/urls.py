"""Addresses of the desk."""

from django.urls import URLPattern, path

from luoshi.apps.desk import (
    advising,
    bulk,
    cases,
    due,
    hinting,
    opening,
    pages,
    sheet,
    stepping,
    together_with,
    wall,
)

app_name = "desk"

urlpatterns: list[URLPattern] = [
    path("", pages.worklist, name="worklist"),
    path("case/<str:number>/do/<slug:name>/", stepping.step, name="step"),
    path("counts/", pages.counts, name="counts"),
    path("list.csv", sheet.table, name="table"),
    path("due/", due.board, name="due"),
    path("together/", bulk.together, name="together"),
    path("new/<slug:programme>/", opening.new, name="new"),
    path("who/", wall.waiting, name="reveals"),
    path("case/<str:number>/who/", wall.who, name="who"),
    path("new/<slug:programme>/advice/", advising.for_new, name="advice_new"),
    path("case/<str:number>/", cases.case, name="case"),
    path("case/<str:number>/similar/", together_with.similar, name="similar"),
    path("case/<str:number>/merge/", together_with.merged, name="merge"),
    path("case/<str:number>/apart/", together_with.parted, name="apart"),
    path("case/<str:number>/print/", cases.printed, name="print"),
    path("case/<str:number>/file/<uuid:key>/", cases.file, name="file"),
    path("case/<str:number>/show/<slug:field>/", cases.shown, name="show"),
    path("case/<str:number>/do/<slug:name>/hints/", hinting.looked_through, name="hints"),
    path("case/<str:number>/do/<slug:name>/advice/", advising.for_step, name="advice"),
]

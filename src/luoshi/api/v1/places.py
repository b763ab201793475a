"""Areas and units: the places of the city, and the organisations that handle its matters. Public.

Terms    area 区域 · unit 单位 · grid 网格
Units    longitude and latitude in degrees, CGCS2000
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.decorators import decorate_view
from pydantic import BaseModel, Field

from luoshi.api.v1 import shapes
from luoshi.api.v1.door import anybody
from luoshi.api.v1.errors import NoAreaHere, PathUnknown
from luoshi.api.v1.words import words
from luoshi.api.v1.written import for_all
from luoshi.store.directory import Place, directory

areas, units = Router(tags=["areas"]), Router(tags=["units"])
PAGE = 200

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]


class Found(BaseModel):
    """One area or unit; ``path`` leads to it from the top."""

    code: str
    label: str
    level: str
    parent: str
    path: list[str]


class Places(BaseModel):
    """Some areas or units, by code; ``next`` is the ``after`` of the following page."""

    data: list[Found]
    next: str = ""


class Wanted(BaseModel):
    """What a list of places is narrowed to: those right below ``parent``, of one ``level``."""

    parent: shapes.Code = ""
    level: shapes.Code = ""
    after: shapes.Code = ""
    limit: shapes.Limit = PAGE


@areas.get("", auth=anybody, response=Places)
@decorate_view(for_all)
def list_areas(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """The areas of the city, by code. Public."""
    return _listed(directory().areas, wanted)


@areas.get("/at", auth=anybody, response=Found)
@decorate_view(for_all)
def area_at(request: HttpRequest, lon: Lon, lat: Lat) -> dict[str, Any]:
    """The finest area that holds a point; outside the city 404 `area.none_at_point`. Public."""
    known = directory()
    code = known.area_at(lon, lat)
    if code is None:
        raise NoAreaHere(lon=lon, lat=lat)
    return _found(known.areas, code)


@areas.get("/{code}", auth=anybody, response=Found)
@decorate_view(for_all)
def read_area(request: HttpRequest, code: shapes.Code) -> dict[str, Any]:
    """One area. Public."""
    return _found(directory().areas, code)


@units.get("", auth=anybody, response=Places)
@decorate_view(for_all)
def list_units(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """The units that handle matters, by code. Public."""
    return _listed(directory().units, wanted)


@units.get("/{code}", auth=anybody, response=Found)
@decorate_view(for_all)
def read_unit(request: HttpRequest, code: shapes.Code) -> dict[str, Any]:
    """One unit. Public."""
    return _found(directory().units, code)


def _listed(places: Mapping[str, Place], wanted: Wanted) -> dict[str, Any]:
    codes = sorted(
        code
        for code, one in places.items()
        if code > wanted.after
        and wanted.parent in ("", one.parent)
        and wanted.level in ("", one.level)
    )
    shown = codes[: wanted.limit]
    following = shown[-1] if len(codes) > wanted.limit else ""
    return {"data": [_found(places, code) for code in shown], "next": following}


def _found(places: Mapping[str, Place], code: str) -> dict[str, Any]:
    one = places.get(code)
    if one is None:
        raise PathUnknown
    return {
        "code": one.code,
        "label": words(one.labels),
        "level": one.level,
        "parent": one.parent,
        "path": list(one.path),
    }

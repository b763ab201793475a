"""Coordinates at the door: which frame, which order, and is this a place at all?

Luoshi stores one frame only: CGCS2000, written longitude first. WGS-84 (what a GPS gives) differs
from it by less than a metre and is taken over as it is. Public maps of China use two shifted
frames: GCJ-02 (Amap, Tencent, DataV) and, shifted once more, BD-09 (Baidu); a point left in one
of them lands 100 to 700 m away. So every point from outside *declares* its frame and is converted
once, here.

Terms    coordinate frame 坐标系 · longitude 经度 · latitude 纬度 · offset 偏移
Units    degrees; a point is always ``(longitude, latitude)``
Source   GCJ-02 has no published definition. The series below is the one in public use; its
         inverse is found by iteration, to 1e-9 degrees
Not here polygons (``formats.geojson``)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from luoshi.kernel.errors import LuoshiError

Point: TypeAlias = tuple[float, float]
"""Longitude and latitude, in degrees."""


class Frame(StrEnum):
    """The coordinate frames that may be declared at the door."""

    CGCS2000 = "cgcs2000"
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Order(StrEnum):
    """How a pair of numbers is written."""

    LON_LAT = "lon-lat"
    LAT_LON = "lat-lon"
    UNCLEAR = "unclear"


class FrameUnknown(LuoshiError):
    """The declared coordinate frame is none that Luoshi can convert."""

    code = "coordinates.frame_unknown"
    template = "{frame!r} is not a known coordinate frame; declare one of: {known}"


class NotANumber(LuoshiError):
    """A coordinate is missing, is text, or is not finite."""

    code = "coordinates.not_a_number"
    template = "{value!r} is not a pair of finite numbers; write longitude, latitude in degrees"


class OutOfBounds(LuoshiError):
    """A coordinate lies outside the Earth's range."""

    code = "coordinates.out_of_bounds"
    template = (
        "({lon}, {lat}) is outside longitude -180..180, latitude -90..90; "
        "write degrees, longitude first, not metres"
    )


class Swapped(LuoshiError):
    """The pair makes sense only when read as latitude, longitude."""

    code = "coordinates.swapped"
    template = "({lon}, {lat}) looks like latitude, longitude; write longitude first"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of longitudes and latitudes, edges included."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        """Say whether the point lies in the box."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


CHINA = Box(73.0, 3.0, 136.0, 54.0)
"""Everything a Chinese administration may have to place, seas included."""

SHIFTED = Box(72.004, 0.8293, 137.8347, 55.8271)
"""Where GCJ-02 differs from WGS-84; outside, the two are equal."""

WORLD = Box(-180.0, -90.0, 180.0, 90.0)

_AXIS = 6378245.0
"""Semi-major axis of the Krasovsky ellipsoid, on which GCJ-02 is defined, in metres."""
_SQUARED_ECCENTRICITY = 0.00669342162296594323
_ORIGIN = (105.0, 35.0)
_BAIDU_ANGLE = math.pi * 3000.0 / 180.0
_BAIDU_SHIFT = (0.0065, 0.006)
_PRECISION = 1e-9
"""Degrees at which the inverse stops: a tenth of a millimetre."""


def frame_named(name: str) -> Frame:
    """Return the frame called *name*, whatever its case and hyphens.

    Raises:
        FrameUnknown: No such frame (``coordinates.frame_unknown``).
    """
    plain = name.strip().lower().replace("-", "").replace("_", "")
    try:
        return Frame({"epsg:4490": "cgcs2000", "epsg:4326": "wgs84"}.get(plain, plain))
    except ValueError:
        raise FrameUnknown(frame=name, known=", ".join(Frame)) from None


def stored_point(lon: object, lat: object, frame: Frame, region: Box = CHINA) -> Point:
    """Return the point as Luoshi stores it: checked, CGCS2000, longitude first.

    Args:
        lon: What was given as longitude, unchecked.
        lat: What was given as latitude, unchecked.
        frame: The frame that the sender declared.
        region: Where the points of this installation lie; used to notice a swapped pair.

    Raises:
        NotANumber: Not two finite numbers (``coordinates.not_a_number``).
        Swapped: Only the other order makes sense (``coordinates.swapped``).
        OutOfBounds: Outside the Earth's range (``coordinates.out_of_bounds``).
    """
    x, y = finite_pair(lon, lat)
    _check_range(x, y, region)
    return from_frame(x, y, frame)


def from_frame(lon: float, lat: float, frame: Frame) -> Point:
    """Convert a point of *frame* to CGCS2000 (equal to WGS-84 within a metre)."""
    match frame:
        case Frame.GCJ02:
            return wgs84_from_gcj02(lon, lat)
        case Frame.BD09:
            return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))
        case Frame.WGS84 | Frame.CGCS2000:
            return lon, lat


def to_frame(lon: float, lat: float, frame: Frame) -> Point:
    """Convert a stored point to *frame*, for a map or a partner that uses that frame."""
    match frame:
        case Frame.GCJ02:
            return gcj02_from_wgs84(lon, lat)
        case Frame.BD09:
            return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))
        case Frame.WGS84 | Frame.CGCS2000:
            return lon, lat


def order_of(pairs: Iterable[Point], region: Box = CHINA) -> Order:
    """Tell in which order a set of pairs is written.

    One point may lie in the region both ways round; a whole file rarely does. The order is clear
    when every pair fits the region one way and not every pair fits it the other way.
    """
    points = list(pairs)
    straight = bool(points) and all(region.holds(a, b) for a, b in points)
    turned = bool(points) and all(region.holds(b, a) for a, b in points)
    if straight == turned:
        return Order.UNCLEAR
    return Order.LON_LAT if straight else Order.LAT_LON


def gcj02_from_wgs84(lon: float, lat: float) -> Point:
    """Shift a WGS-84 point into GCJ-02; outside the shifted region it stays where it is."""
    if not SHIFTED.holds(lon, lat):
        return lon, lat
    d_lon, d_lat = _offset(lon, lat)
    return lon + d_lon, lat + d_lat


def wgs84_from_gcj02(lon: float, lat: float) -> Point:
    """Undo the GCJ-02 shift, by fixed-point iteration; converges in five or six steps."""
    if not SHIFTED.holds(lon, lat):
        return lon, lat
    x, y = lon, lat
    for _ in range(20):
        d_lon, d_lat = _offset(x, y)
        step = max(abs(lon - d_lon - x), abs(lat - d_lat - y))
        x, y = lon - d_lon, lat - d_lat
        if step < _PRECISION:
            break
    return x, y


def bd09_from_gcj02(lon: float, lat: float) -> Point:
    """Shift a GCJ-02 point into Baidu's BD-09."""
    radius = math.hypot(lon, lat) + 2e-5 * math.sin(lat * _BAIDU_ANGLE)
    angle = math.atan2(lat, lon) + 3e-6 * math.cos(lon * _BAIDU_ANGLE)
    return (
        radius * math.cos(angle) + _BAIDU_SHIFT[0],
        radius * math.sin(angle) + _BAIDU_SHIFT[1],
    )


def gcj02_from_bd09(lon: float, lat: float) -> Point:
    """Undo Baidu's shift, by fixed-point iteration on the forward formula."""
    x, y = lon - _BAIDU_SHIFT[0], lat - _BAIDU_SHIFT[1]
    for _ in range(20):
        back_lon, back_lat = bd09_from_gcj02(x, y)
        x, y = x + lon - back_lon, y + lat - back_lat
        if max(abs(lon - back_lon), abs(lat - back_lat)) < _PRECISION:
            break
    return x, y


def metres_between(a: Point, b: Point) -> float:
    """Return the great-circle distance between two points, in metres (sphere, within 0.5 %)."""
    lon1, lat1, lon2, lat2 = (math.radians(value) for value in (*a, *b))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371008.8 * math.asin(min(1.0, math.sqrt(half)))


def finite_pair(lon: object, lat: object) -> Point:
    """Return two floats, or refuse: numbers and numerals are taken, booleans are not.

    Raises:
        NotANumber: Missing, text, or not finite (``coordinates.not_a_number``).
    """
    for value in (lon, lat):
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise NotANumber(value=(lon, lat))
    try:
        x, y = float(lon), float(lat)  # type: ignore[arg-type]  # narrowed in the loop above
    except (ValueError, OverflowError):
        raise NotANumber(value=(lon, lat)) from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise NotANumber(value=(lon, lat))
    return x, y


def _check_range(lon: float, lat: float, region: Box) -> None:
    """Refuse a pair outside the Earth's range, or one that fits the region only turned round."""
    if not region.holds(lon, lat) and region.holds(lat, lon):
        raise Swapped(lon=lon, lat=lat)
    if not WORLD.holds(lon, lat):
        raise OutOfBounds(lon=lon, lat=lat)


def _offset(lon: float, lat: float) -> Point:
    """Return by how much GCJ-02 moves the WGS-84 point, in degrees."""
    east, north = _metres_moved(lon - _ORIGIN[0], lat - _ORIGIN[1])
    phi = math.radians(lat)
    flat = 1 - _SQUARED_ECCENTRICITY * math.sin(phi) ** 2
    meridian = _AXIS * (1 - _SQUARED_ECCENTRICITY) / flat**1.5
    parallel = _AXIS / math.sqrt(flat) * math.cos(phi)
    return math.degrees(east / parallel), math.degrees(north / meridian)


def _metres_moved(x: float, y: float) -> Point:
    """Return the shift east and north in metres, *x* and *y* being degrees from the origin."""
    root = math.sqrt(abs(x))
    both = 20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (both + _waves(x, ((20, 1), (40, 3), (150, 12), (300, 30)))) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (both + _waves(y, ((20, 1), (40, 3), (160, 12), (320, 30)))) * 2 / 3
    return east, north


def _waves(value: float, terms: Iterable[tuple[float, float]]) -> float:
    """Sum amplitude x sin(pi x value / period) over *terms*."""
    return sum(height * math.sin(math.pi * value / period) for height, period in terms)

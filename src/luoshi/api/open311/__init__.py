"""Open311 GeoReport v2: the door through which other programs bring in and read requests."""

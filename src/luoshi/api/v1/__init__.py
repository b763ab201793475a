"""The JSON API, version 1: everything that the screens can do, for other programs."""

"""The small city, also here."""

from tests.actions.conftest import city, lasting_city

__all__ = ["city", "lasting_city"]

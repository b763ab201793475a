"""The small city, also here."""

from tests.actions.conftest import city

__all__ = ["city"]

"""The small city, also here."""

from tests.actions.conftest import city, watch

__all__ = ["city", "watch"]

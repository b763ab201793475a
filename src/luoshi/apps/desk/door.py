"""The door of the desk: that of every screen for staff (``look.staff``)."""

from luoshi.apps.look.staff import staff

__all__ = ["staff"]

"""Registers the boards with Django."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Boards 看板."""

    name = "luoshi.apps.board"
    label = "board"

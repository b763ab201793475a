"""Registers templates, tags and files for the browser with Django."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    """The shared look."""

    name = "luoshi.apps.look"
    label = "look"

"""Registers the resident's screens with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Reporting and following."""

    name = "luoshi.apps.intake"
    label = "intake"

"""Registers the public screens with Django."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """What everybody may see."""

    name = "luoshi.apps.public"
    label = "public"

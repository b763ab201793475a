"""The Django app that owns every table."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """App label ``store``; every key is made by whoever creates the row (UUIDv7)."""

    name = "luoshi.store"
    label = "store"
    verbose_name = "Luoshi"
    default_auto_field = "django.db.models.BigAutoField"

"""The desk as Django knows it."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Screens of those who register, route, handle, call back and supervise 工作台."""

    name = "luoshi.apps.desk"
    label = "desk"

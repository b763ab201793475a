"""The screens for doors as Django knows them."""

from django.apps import AppConfig


class DoorsConfig(AppConfig):
    """Screens for webhooks, tokens and calendars 对外接口."""

    name = "luoshi.apps.doors"
    label = "doors"

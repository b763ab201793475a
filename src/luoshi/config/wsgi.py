"""What the web server calls."""

import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from luoshi.kernel.errors import LuoshiError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")

application = get_wsgi_application()


def warm_up() -> None:
    """Read now what every request needs, so that the first person does not wait for it."""
    from luoshi.store.programmes import calendars, offered  # noqa: PLC0415  needs Django set up

    get_resolver().url_patterns  # noqa: B018  reading them imports every view
    with suppress(LuoshiError):  # each page says what is wrong, in words
        calendars()
        offered()


warm_up()

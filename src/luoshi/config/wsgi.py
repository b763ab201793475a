"""What the web server calls."""

import gc
import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from luoshi.kernel.errors import LuoshiError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")

application = get_wsgi_application()

NEW_OBJECTS = 20_000
"""Objects made and not yet let go before the collector looks at them."""


def warm_up() -> None:
    """Read now what every request needs, so that the first person does not wait for it."""
    from luoshi.store.programmes import calendars, offered  # noqa: PLC0415  needs Django set up

    get_resolver().url_patterns  # noqa: B018  reading them imports every view
    with suppress(LuoshiError):  # each page says what is wrong, in words
        calendars()
        offered()
    _collect_seldom()


def _collect_seldom() -> None:
    """Leave out of every collection what is there for good, and collect after some requests only.

    Python looks for circles after 700 new objects, which is several times for each request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


warm_up()

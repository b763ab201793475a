"""The least a Django site can do: one view, one statement, a persistent connection, no middleware.

``GET /`` reads one row; ``POST /`` writes one durably. What Luoshi does is compared with this.
"""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from luoshi.config.database import databases
from luoshi.config.environment import Environment

settings.configure(
    SECRET_KEY="measured, never served",  # noqa: S106
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    DATABASES=databases(Environment.read(os.environ)),
)
application = get_wsgi_application()


def answer(request: HttpRequest) -> HttpResponse:
    """Do one statement and say so."""
    with connection.cursor() as cursor:
        if request.method == "POST":
            cursor.execute("INSERT INTO bench_bare (body) VALUES (%s)", [request.body.decode()])
        else:
            cursor.execute("SELECT 1")
    return HttpResponse("ok\n", headers={"Content-Length": "3"})


urlpatterns = [path("", answer)]

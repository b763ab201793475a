"""Metrics for Prometheus: what a person who runs Luoshi has to know before others notice.

They are read from the database when they are asked for: every process would say the same. No
label holds a name, a number of a case or anything else about people.

Terms    metric 监控指标 · dead letter 死信
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

import luoshi
from luoshi.actions import clock
from luoshi.store.running import Measured, measured


class Luoshi:
    """Collects what is measured, when somebody asks."""

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        found = measured(clock.now())
        yield _gauge("luoshi_cases_open", "Cases that somebody waits for", found.cases_open)
        yield _gauge("luoshi_clocks_overdue", "Duty clocks past due", found.clocks_overdue)
        yield from _queues(found)
        build = GaugeMetricFamily("luoshi_build", "Version that runs", labels=["version"])
        build.add_metric([luoshi.__version__], 1)
        yield build


def _queues(found: Measured) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("luoshi_waiting", "Messages on their way out", labels=["queue"])
    oldest = GaugeMetricFamily(
        "luoshi_waiting_oldest_seconds", "Age of the oldest one that is due", labels=["queue"]
    )
    dead = GaugeMetricFamily("luoshi_dead_letters", "Messages given up", labels=["queue"])
    for name, queue in found.queues.items():
        waiting.add_metric([name], queue.waiting)
        oldest.add_metric([name], queue.oldest_seconds)
        dead.add_metric([name], queue.dead)
    yield from (waiting, oldest, dead)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads; for this machine itself, or for who shows the token."""
    if not _may_read(request):
        return HttpResponse(status=403)
    registry = CollectorRegistry()
    registry.register(Luoshi())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token = settings.LUOSHI_DOORS.metrics_token
    if token:
        shown = request.headers.get("authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())
    passed_on = {"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED"}
    return not passed_on & set(request.META) and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False

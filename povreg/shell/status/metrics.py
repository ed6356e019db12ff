"""/metrics for Prometheus, for whoever holds METRICS_TOKEN. Numbers only: no name, no place, no address."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from households.models import Household
from povreg.jobs.models import Job
from povreg.kit.reach import EVERYWHERE, reaching
from povreg.shell.models import BackupRun
from povreg.shell.status import queues
from villages.models import SignInAttempt

RECOMPUTES = "recompute"


class Now:
    """What is read when it is asked for."""

    def collect(self) -> Iterator[Any]:
        waiting = GaugeMetricFamily("povreg_queue_messages", "Messages waiting in a queue", labels=["queue"])
        for name in queues.QUEUES:
            waiting.add_metric([name], queues.messages(name))
        yield waiting
        jobs = GaugeMetricFamily("povreg_jobs", "Jobs by kind and state", labels=["kind", "state"])
        for kind, state, count in queues.by_state():
            jobs.add_metric([kind, state], count)
        yield jobs
        yield gauge("povreg_job_oldest_waiting_seconds", "Age of the oldest waiting job", age(queues.oldest_waiting()))
        rows = Job.objects.filter(kind=RECOMPUTES, status__in=(Job.Status.QUEUED, Job.Status.RUNNING))
        lag = rows.order_by("created_at").values_list("created_at", flat=True).first()
        yield gauge("povreg_recompute_lag_seconds", "Age of the oldest recompute that has not ended", age(lag))
        hour = timezone.now() - timedelta(hours=1)
        refused = SignInAttempt.objects.filter(outcome=SignInAttempt.Outcome.REFUSED, at__gt=hour).count()
        yield gauge("povreg_sign_in_failures_last_hour", "Refused sign-ins within an hour", refused)
        with reaching(EVERYWHERE):
            yield gauge("povreg_households", "Households in the register", Household.objects.registered().count())
        for kind in BackupRun.Kind:
            last = BackupRun.objects.filter(kind=kind, ok=True).values_list("at", flat=True).first()
            yield gauge(f"povreg_{kind}_age_seconds", f"Age of the last {kind}", age(last) if last else -1)


def gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def age(since: Any) -> float:
    """Seconds; 0 for nothing."""
    return (timezone.now() - since).total_seconds() if since else 0.0


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 without a token in the settings, or with another one: a stranger does not learn that it is here."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Now())
    MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

"""Numbers for Prometheus. Routes are named by their template, so that no token or id is a label."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError

from api.jobs.tally import Numbers

LOG = logging.getLogger("zhiban.metrics")

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds."""


class Metrics:
    """The numbers of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "zhiban_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "zhiban_request_seconds",
            "Seconds from request to the last byte of the answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )

    def count_jobs(self, ask: Callable[[], Numbers]) -> None:
        """Tell of the jobs too; ``ask`` is called whenever the numbers are read."""
        self.registry.register(_Jobs(ask))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return the numbers in the text format of Prometheus."""
        return generate_latest(self.registry)


class _Jobs(Collector):
    """What the queue says at the moment; nothing while its database is away."""

    def __init__(self, ask: Callable[[], Numbers]) -> None:
        self._ask = ask

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand, so that registering does not ask the database."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Yield jobs by queue and state, the wait of the oldest, and jobs that ended."""
        try:
            numbers = self._ask()
        except DBAPIError as error:
            LOG.warning("the jobs' database does not answer: %s", type(error).__name__)
            return
        now = GaugeMetricFamily(
            "zhiban_jobs", "Jobs that have not ended.", labels=("queue", "state")
        )
        for labels, count in sorted(numbers.now.items()):
            now.add_metric(labels, count)
        yield now
        oldest = GaugeMetricFamily(
            "zhiban_jobs_oldest_waiting_seconds",
            "Since when the oldest job of a queue waits.",
            labels=("queue",),
        )
        for queue, seconds in sorted(numbers.oldest_waiting.items()):
            oldest.add_metric((queue,), seconds)
        yield oldest
        ended = CounterMetricFamily(
            "zhiban_jobs_ended", "Jobs that ended, by how.", labels=("kind", "state")
        )
        for labels, count in sorted(numbers.ended.items()):
            ended.add_metric(labels, count)
        yield ended

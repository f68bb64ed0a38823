"""What a gateway counts of its own work, as OpenMetrics. A label is an operation, an answer's code or a state: never a
person's datum, never a branch, a counter or a key."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from counter.gateway.database import Pool
from counter.province.wire import EntryAnswer

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
OTHER: Final = "other"
"""The operation of a request for something that there is not: its path is a stranger's word."""
DONE: Final = "done"
SMS: Final = "POST /v1/sms"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counts of one gateway since its start; each has a registry of its own, so that two in one process differ."""

    def __init__(self, pool: Pool) -> None:
        self.registry = CollectorRegistry()
        self.working = 0
        """Requests that are being answered now."""
        self._requests = Counter(
            "counter_gateway_requests",
            "Requests answered, by operation and the answer's code",
            ("operation", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "counter_gateway_request_seconds",
            "From a request's last byte to its answer",
            ("operation",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._entries = Counter(
            "counter_gateway_entries", "Entries answered, by what became of them", ("outcome",), registry=self.registry
        )
        self._sms = Counter(
            "counter_gateway_sms_refused", "SMS codes that were not sent, by why", ("code",), registry=self.registry
        )
        self.registry.register(_Now(self, pool))

    def answered(self, operation: str, outcome: str, seconds: float) -> None:
        """A request has its answer: `DONE`, or a problem's code."""
        self._requests.labels(operation, outcome).inc()
        self._seconds.labels(operation).observe(seconds)
        if operation == SMS and outcome != DONE:
            self._sms.labels(outcome).inc()

    def stored(self, answers: Iterable[EntryAnswer]) -> None:
        """A batch of entries is committed."""
        for outcome, count in Tally(answer.outcome.value for answer in answers).items():
            self._entries.labels(outcome).inc(count)

    def text(self) -> bytes:
        """All of it as OpenMetrics."""
        return bytes(generate_latest(self.registry))  # type: ignore[no-untyped-call]  # its one without types


class _Now(Collector):
    """What is so at the moment that somebody asks."""

    def __init__(self, metrics: Metrics, pool: Pool) -> None:
        self._measures = metrics
        self._pool = pool

    def collect(self) -> Iterator[GaugeMetricFamily]:
        held = self._pool.get_stats()
        size, idle = held.get("pool_size", 0), held.get("pool_available", 0)
        connections = GaugeMetricFamily(
            "counter_gateway_pool_connections", "Connections to the database", labels=["state"]
        )
        connections.add_metric(["in_use"], size - idle)
        connections.add_metric(["idle"], idle)
        yield connections
        for name, text, value in (
            ("pool_limit", "Connections to the database at most", self._pool.max_size),
            ("pool_waiting", "Requests that wait for a connection", held.get("requests_waiting", 0)),
            ("requests_working", "Requests that are being answered", self._measures.working),
        ):
            yield GaugeMetricFamily(f"counter_gateway_{name}", text, value=value)

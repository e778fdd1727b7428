"""What Prometheus is told: counts and durations, by platform and outcome.

Labels come from the closed lists below, and whatever is not in its list is counted as `other`: a label
can't carry a patient's data, nor can it grow without end.
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from handlers.request import Outcome
from pathway.handoff import Step
from storage.post import Kind, Sending

PLATFORMS = frozenset(("slack", "matrix", "practice", "mail"))
ANSWERED = frozenset(("late", "failed", "repeated", "unknown", *Outcome))
KINDS = frozenset(Kind)
SENT = frozenset(("retried", "limited", *Sending))
LINKS = frozenset(("database", "slack", "matrix", "practice", "mail"))
STEPS = frozenset(Step)

ANSWER_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)  # Slack's limit is 3
TICK_SECONDS = (0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)


class Metrics:
    """The counters of one running bot, in a registry of their own. Any thread may call its methods."""

    content_type: Final = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._requests = Counter(
            "baton_requests",
            "Requests from people, by how they ended.",
            ("platform", "outcome"),
            registry=registry,
        )
        self._seconds = Histogram(
            "baton_request_seconds",
            "From a request's arrival to its answer, commit included.",
            ("platform",),
            buckets=ANSWER_SECONDS,
            registry=registry,
        )
        self._outgoing = Counter(
            "baton_outgoing", "Posts to the platforms.", ("platform", "kind", "outcome"), registry=registry
        )
        self._waiting = Gauge("baton_outgoing_waiting", "Posts that are due and not sent.", registry=registry)
        self._oldest = Gauge(
            "baton_outgoing_oldest_seconds", "How long the oldest due post has waited.", registry=registry
        )
        self._tick = Histogram(
            "baton_tick_seconds", "Doing what has fallen due.", buckets=TICK_SECONDS, registry=registry
        )
        self._links = Gauge("baton_link_up", "1 if a link works, 0 if not.", ("link",), registry=registry)
        self._handoffs = Counter(
            "baton_handoff_steps", "What was done to handoffs.", ("step",), registry=registry
        )

    def request(self, platform: str, outcome: str, seconds: float) -> None:
        """A request was answered after so many seconds. Outcomes: those of `handlers.request`, and of ours
        `late` (not committed in time), `failed` (an error), `repeated` (its event was known) and `unknown`
        (the database went away while it committed)."""
        place = _of(platform, PLATFORMS)
        self._requests.labels(place, _of(outcome, ANSWERED)).inc()
        self._seconds.labels(place).observe(seconds)

    def post(self, platform: str, kind: str, outcome: str) -> None:
        """A post was tried. Outcomes: those of `storage.post.Sending`, `retried` and `limited` (429)."""
        self._outgoing.labels(_of(platform, PLATFORMS), _of(kind, KINDS), _of(outcome, SENT)).inc()

    def outbox(self, waiting: int, oldest_seconds: float) -> None:
        """The line of posts that are due: how many, and how long the first has waited; 0 and 0 when empty."""
        self._waiting.set(waiting)
        self._oldest.set(oldest_seconds)

    def tick(self, seconds: float) -> None:
        """What had fallen due was done in so many seconds."""
        self._tick.observe(seconds)

    def link(self, link: str, up: bool) -> None:
        """Whether a link (database, slack, matrix, mail) works now."""
        self._links.labels(_of(link, LINKS)).set(up)

    def handoff(self, step: str) -> None:
        """A step of `pathway.handoff` was done and committed."""
        self._handoffs.labels(_of(step, STEPS).replace(" ", "_")).inc()

    def page(self) -> bytes:
        """Everything in Prometheus' text format, for `/metrics`; its type is `content_type`."""
        return generate_latest(self.registry)


def _of(label: str, known: Iterable[str]) -> str:
    return str(label) if label in known else "other"

"""What the process counts about itself, for /metrics. Never a title, a name or a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 60)
_SLOW = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)

COMMAND_SECONDS = Histogram(
    "tocsin_command_seconds",
    "From an invocation's arrival to its reply, by verb.",
    ["verb"],
    buckets=_QUICK,
    registry=REGISTRY,
)
ROOM_SECONDS = Histogram(
    "tocsin_time_to_room_seconds",
    "From declare to an open war room, by platform.",
    ["platform"],
    buckets=_SLOW,
    registry=REGISTRY,
)
JOBS_READY = Gauge("tocsin_jobs_ready", "Jobs due and not taken.", ["queue"], registry=REGISTRY)
JOBS_LEASED = Gauge("tocsin_jobs_leased", "Jobs leased: they run.", registry=REGISTRY)
JOBS_DEAD = Gauge(
    "tocsin_jobs_dead", "Jobs given up; somebody has to look at them.", registry=REGISTRY
)
OLDEST_READY = Gauge(
    "tocsin_oldest_ready_seconds", "How long the oldest due job has waited.", registry=REGISTRY
)
JOBS_DONE = Counter("tocsin_jobs_done", "Effects done.", registry=REGISTRY)
JOBS_RETRIED = Counter("tocsin_jobs_retried", "Effects put back.", registry=REGISTRY)
JOBS_FAILED = Counter("tocsin_jobs_failed", "Effects given up.", registry=REGISTRY)
# Its old name, exported for one version more.
JOBS_FAILED_BEFORE = Counter(
    "tocsin_jobs_buried", "tocsin_jobs_failed by its old name.", registry=REGISTRY
)
JOBS_FENCED = Counter(
    "tocsin_jobs_fenced", "Results not written since another had taken over.", registry=REGISTRY
)
TIMER_LATENESS = Histogram(
    "tocsin_timer_lateness_seconds",
    "From when a timer was due to when it fired.",
    buckets=_QUICK,
    registry=REGISTRY,
)
LOG_LINES_LOST = Counter(
    "tocsin_log_lines_lost", "Lines of the log that could not be written.", registry=REGISTRY
)


def count_failed() -> None:
    """An effect was given up."""
    JOBS_FAILED.inc()
    JOBS_FAILED_BEFORE.inc()


def exposition() -> bytes:
    """Everything in Prometheus's text format."""
    return generate_latest(REGISTRY)

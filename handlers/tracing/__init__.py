"""Traces for those who collect them. The library is imported only when an address is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.core import tracing
from bot.core.errors import Fault


class NoTraces(Fault):
    """TOCSIN_TRACES_URL is set, and the library that sends traces is not installed."""


@contextmanager
def traced(url: str, replica: str) -> Iterator[None]:
    """Send spans to ``url`` meanwhile; none when it is empty. Raises ``NoTraces``."""
    if url == "":
        yield
        return
    try:
        from handlers.tracing.otlp import Traces
    except ModuleNotFoundError as error:
        raise NoTraces(
            f"TOCSIN_TRACES_URL needs a library that is not here ({error.name}): "
            "pip install -r requirements-traces.lock, or unset it."
        ) from None
    traces = Traces(url, replica)
    tracing.collect(traces)
    try:
        yield
    finally:
        tracing.collect(None)
        traces.stop()

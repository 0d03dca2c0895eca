"""Spans to a collector by OpenTelemetry's own library, over OTLP and HTTP. Imported only when that is configured.

The library's worker sends them by itself: a collector that is away costs spans, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_FIELD = "traceparent"
_W3C = TraceContextTextMapPropagator()


class _Begun:
    def __init__(self, span: trace.Span) -> None:
        self._span = span
        written: dict[str, str] = {}
        _W3C.inject(written, trace.set_span_in_context(span))
        self.traceparent = written[_FIELD]

    def end(self, facts: Mapping[str, str | int], failure: str) -> None:
        self._span.set_attributes(dict(facts))
        if failure:
            self._span.set_status(trace.Status(trace.StatusCode.ERROR, failure))
        self._span.end()


class Traces:
    """``stop`` sends what is left, for five seconds at most."""

    def __init__(self, url: str, replica: str) -> None:
        about = Resource.create({"service.name": "tocsin", "service.instance.id": replica})
        # Without the library's atexit: Tocsin ends it.
        self._provider = TracerProvider(resource=about, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url, timeout=5)))
        self._tracer = self._provider.get_tracer("tocsin")

    def begin(self, name: str, above: str) -> _Begun:
        context = _W3C.extract({_FIELD: above} if above else {})
        return _Begun(self._tracer.start_span(name, context))

    def stop(self) -> None:
        self._provider.force_flush(5_000)
        self._provider.shutdown()

"""Spans as a collector gets them: OTLP over HTTP, from the library that is an extra."""

from __future__ import annotations

import asyncio
import sys

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core import tracing
from handlers.tracing import NoTraces, traced


async def test_spans_reach_the_collector_under_one_trace_when_the_bot_stops() -> None:
    pytest.importorskip("opentelemetry.sdk", reason="the extra `traces` is not installed here")
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    bodies: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response()

    def work(url: str) -> None:
        with traced(url, "here:1"):
            with tracing.span("incident declare", platform="console"):
                carried = tracing.carried({"room": "r1"})
            with (
                pytest.raises(LookupError),
                tracing.span("job open_room", tracing.above(carried), job=7, incident=None),
            ):
                raise LookupError("zanzibar")

    app = web.Application()
    app.add_routes([web.post("/v1/traces", take)])
    async with TestServer(app) as server:
        await asyncio.to_thread(work, str(server.make_url("/v1/traces")))
    found = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    told = [
        span
        for request in found
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    declared, opened = sorted(told, key=lambda span: span.start_time_unix_nano)
    assert (declared.name, opened.name) == ("incident declare", "job open_room")
    assert opened.trace_id == declared.trace_id
    assert opened.parent_span_id == declared.span_id
    assert [(fact.key, fact.value.int_value) for fact in opened.attributes] == [("tocsin.job", 7)]
    assert opened.status.message == "LookupError"
    assert b"zanzibar" not in b"".join(bodies)
    assert tracing.here() == ""


def test_without_the_library_the_start_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "handlers.tracing.otlp", None)
    with (
        pytest.raises(NoTraces, match=r"requirements-traces\.lock"),
        traced("http://127.0.0.1:4318/v1/traces", "here:1"),
    ):
        pass


def test_nothing_of_it_is_loaded_unless_an_address_is_set() -> None:
    with traced("", "here:1"), tracing.span("incident declare"):
        assert tracing.here() == ""

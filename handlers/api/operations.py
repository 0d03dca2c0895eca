"""/healthz, /readyz and /metrics: whether the process lives, whether it can work, and what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.core import measures
from bot.core.errors import Fault
from bot.core.ports.clock import Clock
from bot.core.ports.jobs import QueueState
from bot.core.ports.unit_of_work import Memory

# A worker that has not come round for this long is not working.
STALE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Operations:
    """``beat`` tells when the worker last came round."""

    memory: Memory
    clock: Clock
    beat: Callable[[], datetime | None]

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/healthz", self.health),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def health(self, request: web.Request) -> web.Response:
        """The event loop answers. Restart what does not answer this."""
        return web.json_response({"ok": True})

    async def ready(self, request: web.Request) -> web.Response:
        """200 when the database answers and the worker comes round; else 503 and which does not."""
        problems = []
        try:
            await self.memory.read(lambda uow: uow.now)
        except Fault as error:
            problems.append(f"database: {error}")
        beat = self.beat()
        if beat is None or self.clock.now() - beat > STALE:
            problems.append("worker: has not come round")
        status = 503 if problems else 200
        return web.json_response({"ready": not problems, "problems": problems}, status=status)

    async def metrics(self, request: web.Request) -> web.Response:
        try:
            _show(await self.memory.read(lambda uow: uow.jobs.state()))
        except Fault:
            measures.OLDEST_READY.set(float("nan"))
        return web.Response(
            body=measures.exposition(), headers={"Content-Type": "text/plain; version=0.0.4"}
        )


def _show(state: QueueState) -> None:
    measures.JOBS_READY.clear()
    for queue, ready in state.ready.items():
        measures.JOBS_READY.labels(queue).set(ready)
    measures.JOBS_LEASED.set(state.leased)
    measures.JOBS_DEAD.set(state.dead)
    measures.OLDEST_READY.set(state.oldest_ready)

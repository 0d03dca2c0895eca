"""Serves the rendered page from the process's memory; reads the database once after each change."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aiohttp import web

from bot.core.ports.unit_of_work import Memory
from bot.statuspage.model import Rendered

STATIC = Path(__file__).parent / "static"
TOPIC = "statuspage"
_FRESH = "public, max-age=15"


class StatusPage:
    """``start`` listens for changes; a file is read once after each."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._files: dict[str, Rendered | None] = {}

    def start(self) -> None:
        self._memory.listen(TOPIC, lambda _: self._files.clear())

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self.page),
            web.get(r"/incidents/{id:[a-z0-9]{12}}", self.page),
            web.get(r"/api/v2/{name:[a-z/-]+\.json}", self.page),
            web.get("/static/statuspage.css", self.style),
        ]

    async def page(self, request: web.Request) -> web.Response:
        found = await self._file(request.path.removeprefix("/"))
        if found is None:
            raise web.HTTPNotFound(text="There is no such page.")
        tag = hashlib.sha256(found.body.encode()).hexdigest()[:20]
        headers = {"Cache-Control": _FRESH, "ETag": f'"{tag}"'}
        if any(given.value == tag for given in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        if found.content_type == "application/json":
            headers["Access-Control-Allow-Origin"] = "*"
        return web.Response(text=found.body, content_type=found.content_type, headers=headers)

    async def _file(self, name: str) -> Rendered | None:
        if name not in self._files:
            found = await self._memory.read(lambda uow: uow.status.get(name))
            if found is None:  # a wrong address is not remembered: there are too many of those
                return None
            self._files[name] = found
        return self._files[name]

    async def style(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(
            STATIC / "statuspage.css", headers={"Cache-Control": "public, max-age=3600"}
        )

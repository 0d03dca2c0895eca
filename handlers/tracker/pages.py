"""An incident's own page and its postmortem draft, for whoever is logged in and may see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.domain.errors import NotFound
from bot.domain.incident import IncidentId
from bot.domain.people import Viewer
from bot.ports import Memory, Session
from bot.services.drafts import draft_html, draft_markdown
from bot.services.reads import story
from bot.views.text import render
from bot.views.timeline import author, sentence

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Tracker:
    """``required`` tells who is logged in, or turns the request away. What they may not see does not exist."""

    memory: Memory
    required: Callable[[web.Request], Awaitable[Session]]
    base_url: str

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get(r"/incidents/{reference}", self.incident),
            web.get(r"/incidents/{reference}/postmortem", self.draft),
            web.get(r"/incidents/{reference}/postmortem.md", self.markdown),
            web.get("/static/tracker/pages.css", self.style),
        ]

    async def style(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "pages.css", headers={"Cache-Control": "no-cache"})

    async def _viewer(self, request: web.Request) -> Viewer:
        return Viewer((await self.required(request)).person)

    async def incident(self, request: web.Request) -> web.Response:
        viewer = await self._viewer(request)
        number = _number(request)
        try:
            found = await self.memory.read(lambda uow: story(uow, number, viewer))
        except NotFound:
            raise web.HTTPNotFound(text="There is no such incident.") from None
        rows = [
            {
                "id": entry.id,
                "at": entry.happened_at,
                "author": author(entry, found.names),
                "text": sentence(entry, found.names),
                "url": entry.url,
            }
            for entry in found.entries
        ]
        body = render("tracker/incident.html.j2", incident=found.incident, rows=rows)
        return web.Response(text=body, content_type="text/html")

    async def draft(self, request: web.Request) -> web.Response:
        body = await self._draft(request, draft_html)
        return web.Response(text=body, content_type="text/html")

    async def markdown(self, request: web.Request) -> web.Response:
        body = await self._draft(
            request, lambda uow, n, viewer: draft_markdown(uow, n, viewer, self.base_url)
        )
        return web.Response(text=body, content_type="text/markdown")

    async def _draft(self, request: web.Request, make: Callable[..., str]) -> str:
        viewer = await self._viewer(request)
        number = _number(request)
        try:
            return await self.memory.read(lambda uow: make(uow, number, viewer))
        except NotFound:
            raise web.HTTPNotFound(text="There is no such incident.") from None


def _number(request: web.Request) -> IncidentId:
    digits = request.match_info["reference"].upper().removeprefix("INC-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise web.HTTPNotFound(text="There is no such incident.")
    return IncidentId(int(digits))

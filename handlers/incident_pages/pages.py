"""The incident pages: lists with filters, an incident's own page, its draft, tasks, who is on call. For whoever is
logged in; what they may not see does not exist."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from bot.accounts.model import Session
from bot.core.chat.text import render
from bot.core.errors import NotFound
from bot.core.incident import Filter, IncidentId, Status
from bot.core.people import Viewer
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.core.severity import Severity
from bot.incident_pages.reads import PAGE, ToDo, duties, full_incident, page_of, to_do
from bot.incidents.plan import STEPS
from bot.postmortems.record_view import record_html, record_json, record_markdown
from bot.postmortems.records import Record, record_of
from bot.postmortems.service import draft_html, draft_markdown
from bot.tasks.model import Horizon
from bot.timeline.cards import author, sentence

STATIC = Path(__file__).parent / "static"
_NOT_KEPT = {"Cache-Control": "no-store"}
RECORDS: Mapping[str, tuple[str, Callable[[Record], str]]] = {
    "html": ("text/html", record_html),
    "md": ("text/markdown", record_markdown),
    "json": ("application/json", record_json),
}
# What an address of the list may ask for.
FIELDS = ("q", "state", "status", "severity", "service", "mine")


@dataclass(frozen=True, slots=True)
class IncidentPages:
    """``required`` tells who is logged in, or turns the request away. What they may not see does not exist."""

    memory: Memory
    required: Callable[[web.Request], Awaitable[Session]]
    base_url: str

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/incidents", self.listing),
            web.get("/tasks", self.tasks),
            web.get("/oncall", self.oncall),
            web.get(r"/incidents/{reference}", self.incident),
            web.get(r"/incidents/{reference}/postmortem", self.draft),
            web.get(r"/incidents/{reference}/postmortem.md", self.markdown),
            web.get(r"/incidents/{reference}/record.{format:html|md|json}", self.record),
            web.get("/static/incident_pages/{name:pages\\.(?:css|js)}", self.style),
            # Templates of users' own, and pages that somebody saved, name it so.
            web.get("/static/{name:tracker/pages\\.(?:css|js)}", self.style),
        ]

    async def style(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(
            STATIC / Path(request.match_info["name"]).name, headers={"Cache-Control": "no-cache"}
        )

    async def _viewer(self, request: web.Request) -> Viewer:
        return Viewer((await self.required(request)).person)

    async def listing(self, request: web.Request) -> web.Response:
        """Incidents by what the address asks for, so that a view can be sent to somebody."""
        viewer = await self._viewer(request)
        wanted = asked(request.query, viewer)
        found = await self.memory.read(lambda uow: page_of(uow, wanted, viewer))
        services = await self.memory.read(lambda uow: sorted(uow.org.services))
        kept = {name: text for name, text in request.query.items() if text and name != "before"}
        older = urlencode({**kept, "before": str(found.older)}) if found.older else ""
        return self._html(
            "list.html.j2", here="/incidents", found=found, query={name: kept.get(name, "") for name in FIELDS}, filtered=bool(kept), services=services,
            older=older, newest=urlencode(kept) if wanted.before else None, statuses=list(Status),
            severities=list(Severity),
        )  # fmt: skip

    async def incident(self, request: web.Request) -> web.Response:
        viewer = await self._viewer(request)
        number = _number(request)
        try:
            found = await self.memory.read(lambda uow: full_incident(uow, number, viewer))
        except NotFound:
            raise _missing() from None
        names = found.story.names
        rows = [
            {
                "id": entry.id,
                "at": entry.happened_at,
                "kind": entry.kind.value,
                "author": author(entry, names),
                "text": sentence(entry, names),
                "url": entry.url,
            }
            for entry in found.story.entries
        ]
        incident = found.story.incident
        return self._html(
            "incident.html.j2", here="", incident=incident, found=found, rows=rows, steps=STEPS
        )

    async def tasks(self, request: web.Request) -> web.Response:
        """Unfinished tasks and follow-ups: mine, or with ``?all=yes`` everybody's."""
        viewer = await self._viewer(request)
        everybody = bool(request.query.get("all"))
        owner = None if everybody else viewer.person

        def read(uow: UnitOfWork) -> list[tuple[str, ToDo]]:
            return [
                ("Tasks", to_do(uow, viewer, Horizon.TASK, owner)),
                ("Follow-ups", to_do(uow, viewer, Horizon.FOLLOWUP, owner)),
            ]

        found = await self.memory.read(read)
        return self._html("tasks.html.j2", here="/tasks", found=found, everybody=everybody)

    async def oncall(self, request: web.Request) -> web.Response:
        await self._viewer(request)
        found = await self.memory.read(duties)
        return self._html("oncall.html.j2", here="/oncall", found=found)

    def _html(self, template: str, **context: object) -> web.Response:
        body = render(f"incident_pages/{template}", **context)
        response = web.Response(text=body, content_type="text/html", headers=_NOT_KEPT)
        response.enable_compression()
        return response

    async def draft(self, request: web.Request) -> web.Response:
        body = await self._draft(request, draft_html)
        return web.Response(text=body, content_type="text/html")

    async def markdown(self, request: web.Request) -> web.Response:
        body = await self._draft(
            request, lambda uow, n, viewer: draft_markdown(uow, n, viewer, self.base_url)
        )
        return web.Response(text=body, content_type="text/markdown")

    async def record(self, request: web.Request) -> web.Response:
        """The whole record, as far as who asks may see it, to be kept as a file."""
        ending = request.match_info["format"]
        kind, write = RECORDS[ending]
        body = await self._draft(request, lambda uow, n, viewer: write(record_of(uow, n, viewer)))
        name = f"INC-{_number(request)}.{ending}"
        kept = {"Content-Disposition": f'attachment; filename="{name}"', **_NOT_KEPT}
        return web.Response(text=body, content_type=kind, headers=kept)

    async def _draft(self, request: web.Request, make: Callable[..., str]) -> str:
        viewer = await self._viewer(request)
        number = _number(request)
        try:
            return await self.memory.read(lambda uow: make(uow, number, viewer))
        except NotFound:
            raise _missing() from None


def asked(query: Mapping[str, str], viewer: Viewer) -> Filter:
    """What an address asks for; what cannot be read asks for nothing. Open ones, unless it says more."""
    status = query.get("status", "")
    severity = query.get("severity", "")
    known = status in set(Status)
    return Filter(
        open_only=not known and query.get("state") != "all",
        member=viewer.person if query.get("mine") else None,
        words=query.get("q", "")[:200],
        status=status if known else "",
        severity=int(severity) if severity in {"1", "2", "3", "4", "5"} else None,
        service=query.get("service", "")[:80],
        before=_before(query.get("before", "")),
        limit=PAGE,
    )


def _missing() -> web.HTTPNotFound:
    """The same for a number that does not exist and one that this person may not see."""
    body = render("incident_pages/missing.html.j2", here="")
    return web.HTTPNotFound(text=body, content_type="text/html", headers=_NOT_KEPT)


def _before(text: str) -> IncidentId | None:
    return IncidentId(int(text)) if text.isascii() and text.isdigit() and len(text) < 13 else None


def _number(request: web.Request) -> IncidentId:
    digits = request.match_info["reference"].upper().removeprefix("INC-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise _missing()
    return IncidentId(int(digits))

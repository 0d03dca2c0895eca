"""Signed links in SMS and e-mail: opening one shows, pressing its button acts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.core.chat.text import render
from bot.core.errors import NotFound, UserError
from bot.core.escalation import PageId
from bot.core.links import Grant, Purpose, granted
from bot.core.people import Actor, Standing
from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.oncall.trials import seen
from bot.paging.answering import acknowledge
from bot.paging.pagelinks import Shown, shown

STYLE = Path(__file__).parent / "static" / "links.css"
# No policy of its own on referrers: with "no-referrer" a browser posts from the origin "null", which is refused.
_HEADERS = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class PageLinks:
    """A link that is not ours, changed or too old answers like an address that does not exist."""

    memory: Memory
    clock: Clock
    keys: tuple[bytes, ...]

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get(r"/{purpose:ack|seen}/{token}", self.show),
            web.post(r"/{purpose:ack|seen}/{token}", self.act),
            web.get("/static/links.css", self.style),
        ]

    async def style(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STYLE, headers={"Cache-Control": "no-cache"})

    def _grant(self, request: web.Request) -> Grant:
        found = granted(self.keys, request.match_info["token"], self.clock.now())
        if found is None or found.purpose != request.match_info["purpose"]:
            raise _not_here()
        return found

    async def show(self, request: web.Request) -> web.Response:
        """Changes nothing: programs that look at mail open links too."""
        grant = self._grant(request)
        try:
            found = await self.memory.read(lambda uow: shown(uow, grant))
        except NotFound:
            raise _not_here() from None
        return self._page(grant, found, "")

    async def act(self, request: web.Request) -> web.Response:
        grant = self._grant(request)

        def work(uow: UnitOfWork) -> tuple[Shown, str]:
            shown(uow, grant)
            said = _pressed(uow, grant)
            return shown(uow, grant), said

        try:
            found, said = await self.memory.write(work)
        except NotFound:
            raise _not_here() from None
        except UserError as error:
            raise web.HTTPConflict(text=str(error)) from None
        return self._page(grant, found, said)

    @staticmethod
    def _page(grant: Grant, found: Shown, said: str) -> web.Response:
        body = render("oncall/link.html.j2", found=found, said=said, purpose=grant.purpose.value)
        return web.Response(text=body, content_type="text/html", headers=_HEADERS)


def _not_here() -> web.HTTPNotFound:
    body = render("oncall/gone.html.j2")
    return web.HTTPNotFound(text=body, content_type="text/html", headers=_HEADERS)


def _pressed(uow: UnitOfWork, grant: Grant) -> str:
    if grant.purpose is Purpose.SEEN:
        seen(uow, grant.number, grant.person)
        return "Thank you: it has arrived."
    person = uow.people.get(grant.person)
    standing = person.standing if person.standing is Standing.ADMIN else Standing.MEMBER
    actor = Actor(person.id, person.name, "link", person.timezone, standing)
    page, before = acknowledge(uow, actor, PageId(grant.number))
    if page.acknowledged_by == person.id:
        return f"You acknowledged INC-{page.incident}."
    name = uow.people.name(page.acknowledged_by) if page.acknowledged_by else ""
    return f"{name} already acknowledged it." if name else f"That page is already {before}."

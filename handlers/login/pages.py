"""The pages of logging in: choosing, links, one's own sessions. A GET shows, a POST acts."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.accounts.logins import end_others, end_session, look_at_link, open_session, spend_link
from bot.accounts.model import SessionId, Via
from bot.core.chat.text import render
from bot.core.errors import UserError
from bot.core.people import PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from handlers.login.device import device
from handlers.login.gate import Gate, local_path

_ALONE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Login:
    """``provider`` is the name of the OpenID provider, or nothing when there is none."""

    gate: Gate
    organisation: str
    provider: str = ""

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/login", self.page),
            web.post("/login", self.choose),
            web.get("/login/link/{token}", self.link),
            web.post("/login/link/{token}", self.spend),
            web.post("/logout", self.logout),
            web.get("/me/sessions", self.sessions),
            web.post("/me/sessions", self.revoke),
            *self.gate.assets.routes(),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """How one logs in here; whoever is logged in goes on."""
        back = local_path(request.query.get("next", "/"))
        if await self.gate.session(request) is not None:
            raise web.HTTPSeeOther(back)
        people = []
        if self.gate.choosing(request):
            found = await self.gate.memory.read(lambda uow: list(uow.org.people.values()))
            people = [{"id": p.id, "name": p.name, "admin": p.standing == "admin"} for p in found]
        return self._html("login.html.j2", people=people, provider=self.provider, next=back)

    async def choose(self, request: web.Request) -> web.StreamResponse:
        """Choosing a person, where that is allowed."""
        if not self.gate.choosing(request):
            raise web.HTTPForbidden(text="Ask for a log-in link: tocsin login-link <you>")
        form = await request.post()
        person = PersonId(str(form.get("person", "")))
        return await self._enter(request, person, Via.CHOSEN, str(form.get("next", "/")))

    async def _enter(
        self, request: web.Request, person: PersonId, via: Via, back: str
    ) -> web.StreamResponse:
        try:
            token = await self.gate.memory.write(
                lambda uow: open_session(uow, person, via, device(request))
            )
        except UserError as error:
            return self._refused(str(error))
        return self._into(request, token, back)

    def _into(self, request: web.Request, token: str, back: str) -> web.StreamResponse:
        response = web.Response(status=303, headers={"Location": local_path(back), **_ALONE})
        self.gate.remember(request, response, token)
        return response

    async def link(self, request: web.Request) -> web.Response:
        """Whom a link would log in. Looking spends nothing: scanners open links too."""
        token = request.match_info["token"]

        def look(uow: UnitOfWork) -> str:
            return uow.people.get(look_at_link(uow, token)).name

        try:
            name = await self.gate.memory.read(look)
        except UserError as error:
            return self._refused(str(error))
        return self._html("link.html.j2", name=name)

    async def spend(self, request: web.Request) -> web.StreamResponse:
        made = request.match_info["token"]
        try:
            token = await self.gate.memory.write(lambda uow: spend_link(uow, made, device(request)))
        except UserError as error:
            return self._refused(str(error))
        return self._into(request, token, str((await request.post()).get("next", "/")))

    def _refused(self, words: str) -> web.Response:
        return self._html("refused.html.j2", status=403, words=words)

    async def logout(self, request: web.Request) -> web.StreamResponse:
        """The session ends, here and in every open page of it."""
        found = await self.gate.session(request)
        if found is not None:
            ended = found
            await self.gate.memory.write(lambda uow: end_session(uow, ended.id, ended.person))
        response = web.Response(status=303, headers={"Location": "/login", **_ALONE})
        response.headers["Clear-Site-Data"] = '"storage"'
        self.gate.forget(request, response)
        return response

    async def sessions(self, request: web.Request) -> web.Response:
        mine = await self.gate.required(request)

        def read(uow: UnitOfWork) -> tuple[str, list[dict[str, object]]]:
            rows = [
                {"id": s.id, "device": s.device, "began": s.began_at, "seen": s.seen_at,
                 "ends": s.ends_at, "here": s.id == mine.id}
                for s in uow.logins.of(mine.person)
            ]  # fmt: skip
            return uow.people.name(mine.person), rows

        name, rows = await self.gate.memory.read(read)
        return self._html("sessions.html.j2", name=name, rows=rows)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        """End one of one's own sessions, or all but this one."""
        mine = await self.gate.required(request)
        which = str((await request.post()).get("session", ""))

        def end(uow: UnitOfWork) -> None:
            if which == "others":
                end_others(uow, mine.id, mine.person)
            else:
                end_session(uow, SessionId(which), mine.person)

        await self.gate.memory.write(end)
        raise web.HTTPSeeOther("/me/sessions")

    def _html(self, template: str, status: int = 200, **context: object) -> web.Response:
        body = render(
            f"login/{template}",
            asset=self.gate.assets.url,
            organisation=self.organisation,
            **context,
        )
        return web.Response(text=body, status=status, content_type="text/html", headers=_ALONE)

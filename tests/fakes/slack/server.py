"""The workspace's server: HTTP for methods, response addresses and uploads; the socket's end point."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.slack import chat, conversations, directory, marks, members, modals
from tests.fakes.slack.args import METHODS, Args
from tests.fakes.slack.faults import RESET, Fault, Moment, Wrong
from tests.fakes.slack.model import Json, SlackError
from tests.fakes.slack.post import pause
from tests.fakes.slack.scopes import NEEDED, require
from tests.fakes.slack.sockets import Sockets, cut
from tests.fakes.slack.workspace import APP_TOKEN, BOT_TOKEN, Call, FakeSlack

REGISTERED = (chat, conversations, directory, marks, members, modals)
SECRET_ARGS = frozenset({"token"})


@dataclass
class Server:
    slack: FakeSlack
    sockets: Sockets

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.post("/api/{method}", self.api),
            web.get("/api/{method}", self.api),
            web.get("/link/", self.sockets.serve),
            web.post("/commands/{team}/{key}", self.respond),
            web.post("/upload/{key}", self.upload),
        ]

    async def api(self, request: web.Request) -> web.StreamResponse:
        name, token, given = await _read(request)
        call = Call(name, given, time.perf_counter())
        self.slack.calls.append(call)
        response = await self._answer(request, call, lambda: self._perform(name, token, given))
        call.ended = time.perf_counter()
        self.slack.touch()
        return response

    async def respond(self, request: web.Request) -> web.StreamResponse:
        try:
            given = await request.json()
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        call = Call("response_url", given, time.perf_counter())
        self.slack.calls.append(call)
        key = request.match_info["key"]
        response = await self._answer(request, call, lambda: chat.respond(self.slack, key, given))
        call.ended = time.perf_counter()
        self.slack.touch()
        if call.outcome in {"used_url", "expired_url"}:
            return web.json_response({"ok": False, "error": call.outcome}, status=404)
        return response

    async def upload(self, request: web.Request) -> web.StreamResponse:
        kept = self.slack.files.get(request.match_info["key"])
        if kept is None:
            return web.Response(status=404)
        kept["size"] = len(await request.read())
        return web.Response(text=f"OK - {kept['size']}")

    async def _answer(self, request: web.Request, call: Call, perform: Any) -> web.StreamResponse:
        faults = self.slack.faults
        if faults.gone:
            call.outcome = "gone"
            cut(request)
            return web.Response()
        half = faults.delay(call.method) / 2
        fault = faults.pick(call.method)
        await pause(half)
        limited = self.slack.rates.wait(
            call.method, str(call.args.get("channel", "")), self.slack.clock()
        )
        if limited:
            call.outcome = "ratelimited"
            return _limited(limited)
        if fault is not None and fault.moment is Moment.BEFORE:
            return await self._misbehave(request, call, fault)
        answer = _guarded(perform, call)
        withheld = RESET if faults.witness(call.method) else fault
        if withheld is not None:
            return await self._misbehave(request, call, withheld)
        await pause(half)
        granted = ",".join(sorted(self.slack.scopes))
        return web.json_response(answer, headers={"X-OAuth-Scopes": granted})

    async def _misbehave(
        self, request: web.Request, call: Call, fault: Fault
    ) -> web.StreamResponse:
        call.outcome = f"{fault.wrong} {fault.moment}"
        if fault.wrong in {Wrong.HANG, Wrong.RESET}:
            await pause(fault.seconds if fault.wrong is Wrong.HANG else 0)
            cut(request)
            return web.Response()
        return _wrong_answer(fault)

    def _perform(self, name: str, token: str, given: Json) -> Json:
        if name == "apps.connections.open":
            return self._connect(token)
        self._check_token(token)
        handler = METHODS.get(name)
        if handler is None:
            raise SlackError("unknown_method", req_method=name)
        if name in NEEDED:
            require(self.slack.scopes, NEEDED[name])
        return handler(self.slack, Args(given))

    def _check_token(self, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token == APP_TOKEN:
            raise SlackError("not_allowed_token_type")
        if token != BOT_TOKEN:
            raise SlackError("invalid_auth")
        if self.slack.token_error:
            raise SlackError(self.slack.token_error)

    def _connect(self, token: str) -> Json:
        if not token:
            raise SlackError("not_authed")
        if token == BOT_TOKEN:
            raise SlackError("not_allowed_token_type")
        if token != APP_TOKEN:
            raise SlackError("invalid_auth")
        require(self.slack.app_scopes, "connections:write")
        return {"url": self.sockets.ticket()}


def _guarded(perform: Any, call: Call) -> Json:
    try:
        answer = {"ok": True, **perform()}
        call.outcome = "ok"
    except SlackError as error:
        answer = error.json()
        call.outcome = error.code
    return answer


def _wrong_answer(fault: Fault) -> web.Response:
    if fault.wrong is Wrong.LIMITED:
        return _limited(max(1, round(fault.seconds)))
    if fault.wrong is Wrong.ERROR:
        return web.json_response({"ok": False, "error": "internal_error"}, status=500)
    if fault.wrong is Wrong.STRANGE:
        return web.Response(status=503, text="<html>down</html>", content_type="text/html")
    return web.json_response({"ok": False, "error": fault.code})


def _limited(seconds: int) -> web.Response:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})


async def _read(request: web.Request) -> tuple[str, str, Json]:
    """The method, the token and the arguments, which may come in three shapes."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
    elif request.method == "POST":
        given |= dict((await request.post()).items())
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ") or str(given.get("token", ""))
    kept = {key: value for key, value in given.items() if key not in SECRET_ARGS}
    return request.match_info["method"], token, kept


@dataclass
class Workspace:
    """A running fake: its state and its sockets. ``environ`` is what a bot is told of it."""

    slack: FakeSlack
    sockets: Sockets

    @property
    def environ(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{self.slack.url}/api/",
        }

    def goes_away(self) -> None:
        """All of Slack is gone: every call and every connection is reset until ``comes_back``."""
        self.slack.faults.gone = True
        self.sockets.reset()

    def comes_back(self) -> None:
        self.slack.faults.gone = False
        self.slack.touch()


@asynccontextmanager
async def serving(slack: FakeSlack | None = None) -> AsyncIterator[Workspace]:
    """A workspace on a loopback port for the length of a test."""
    made = slack or FakeSlack()
    sockets = Sockets(made)
    app = web.Application(client_max_size=2**22)
    app.add_routes(Server(made, sockets).routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    made.url = f"http://127.0.0.1:{port}"
    try:
        yield Workspace(made, sockets)
    finally:
        await made.post.close()
        await runner.cleanup()

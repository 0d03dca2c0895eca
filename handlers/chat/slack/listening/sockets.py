"""Socket Mode with our own watchdog: a reset is noticed at once, a silent stall within seconds, a socket
that Slack is about to close is replaced before it is, and one that is closed is never waited for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.chat.vocabulary import Busy, Refused, Retry
from bot.core.ports.clock import Clock
from handlers.chat.slack.api.calls import Calls, within

log = structlog.get_logger()

_TEXT = aiohttp.WSMsgType.TEXT
# A ping this often; a pong must come in half of it, so that a stall is noticed within 6 s.
HEARTBEAT = 4.0
OPENING = 5.0
# Slack announces a refresh about 10 s before: the old socket is read on until then.
OVERLAP = timedelta(seconds=15)
_AGAIN = (0.0, 0.5, 1.0, 2.0, 3.0)
_REFUSED_AGAIN = timedelta(seconds=30)


@dataclass(slots=True, eq=False)
class Socket:
    """Keeps a socket open until cancelled; several may be while one replaces another. ``refused`` is told
    when Slack opens none, and with None when it did."""

    app: AsyncApp
    calls: Calls
    app_token: str
    clock: Clock
    refused: Callable[[Refused | None], Coroutine[Any, Any, None]]
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _working: set[asyncio.Task[Any]] = field(default_factory=set)

    async def run(self) -> None:
        failures = 0
        try:
            while True:
                try:
                    socket = await self._open()
                except (Retry, aiohttp.ClientError, TimeoutError, OSError) as error:
                    await self._later(error, failures)
                    failures += 1
                except Refused as error:
                    log.error(  # noqa: TRY400 - the operator's to mend: what to do, not where it was raised
                        "slack.socket_refused", why=str(error), fix=error.fix
                    )
                    await self.refused(error)
                    await self._wait(_REFUSED_AGAIN)
                else:
                    failures = 0
                    self._aside(self.refused(None))
                    await self._read(socket)
        finally:
            left = list(self._working)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _later(self, error: Exception, failures: int) -> None:
        log.warning("slack.socket_away", error=f"{type(error).__name__}: {error}"[:200])
        asked = error.after if isinstance(error, Busy) and error.after else timedelta(0)
        usual = timedelta(seconds=_AGAIN[min(failures, len(_AGAIN) - 1)])
        await self._wait(max(asked, usual))

    async def _wait(self, length: timedelta) -> None:
        await self.clock.wait(asyncio.Event(), self.clock.now() + length)

    async def _open(self) -> aiohttp.ClientWebSocketResponse:
        answer = await within(
            OPENING, self.calls.call("apps.connections.open", app_token=self.app_token)
        )
        session = self.calls.session
        opening = session.ws_connect(answer["url"], heartbeat=HEARTBEAT, max_msg_size=0)
        socket: aiohttp.ClientWebSocketResponse = await within(OPENING, opening)
        return socket

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Until it ends, or Slack asks for another: then its rest is read aside."""
        replaced = False
        try:
            async for message in socket:
                replaced = message.type is _TEXT and self._received(socket, message.data)
                if replaced:
                    self._aside(self._drain(socket))
                    return
        except asyncio.CancelledError:
            await _close(socket)
            raise
        self._aside(_close(socket))
        self.connected.clear()
        log.warning("slack.socket_lost", code=socket.close_code)

    async def _drain(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """The last of a socket that is being replaced."""
        try:
            async with asyncio.timeout(OVERLAP.total_seconds()):
                async for message in socket:
                    if message.type is _TEXT:
                        self._received(socket, message.data)
        except TimeoutError:
            log.info("slack.socket_replaced")
        finally:
            await _close(socket)

    def _received(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> bool:
        """Start work on one frame. Returns whether Slack wants this socket replaced."""
        try:
            frame = json.loads(text)
        except ValueError:
            return False
        kind = frame.get("type")
        if kind == "hello":
            self.connected.set()
        elif kind == "disconnect":
            log.info("slack.socket_refresh", reason=frame.get("reason"))
            return True
        elif frame.get("envelope_id"):
            self._aside(self._answer(socket, frame))
        return False

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        task.add_done_callback(_reported)

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse, frame: dict[str, Any]) -> None:
        """Through Bolt, and its answer back under the envelope's id on the same socket."""
        request = AsyncBoltRequest(mode="socket_mode", body=frame["payload"])
        answer = await self.app.async_dispatch(request)
        if answer.status != 200:
            log.warning("slack.unanswered", status=answer.status)
            return
        said: dict[str, Any] = {"envelope_id": frame["envelope_id"]}
        if answer.body:
            json_body = (
                answer.first_headers().get("content-type", "").startswith("application/json")
            )
            said["payload"] = json.loads(answer.body) if json_body else {"text": answer.body}
        try:
            await socket.send_json(said)
        except (ConnectionError, RuntimeError, aiohttp.ClientError):
            log.warning("slack.acknowledgement_lost")


async def _close(socket: aiohttp.ClientWebSocketResponse) -> None:
    """A socket whose other end is gone closes only after a while: nobody waits for it."""
    try:
        async with asyncio.timeout(2):
            await socket.close()
    except (TimeoutError, ConnectionError):
        return


def _reported(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("slack.fault", exc_info=error)

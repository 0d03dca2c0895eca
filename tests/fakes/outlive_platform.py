"""The plugin through which a real bot process speaks with the platform that outlives it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.core.chat.card import Card
from bot.core.chat.codec import card_json
from bot.core.chat.vocabulary import (
    Invocation,
    Limits,
    MessageRef,
    Refused,
    Reply,
    Retry,
    Room,
    RoomSpec,
    Speaker,
)
from bot.core.ports.declarations import PlatformModule
from bot.core.ports.platforms import ChatPlatform, Connector, PlatformContext
from bot.language.dispatch import Dispatcher
from tests.words import words

_SOON = timedelta(milliseconds=200)


class OutlivePlatform:
    def __init__(self, url: str) -> None:
        self._url = url
        self._session: aiohttp.ClientSession | None = None
        self._working: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        return "outlive"

    @property
    def limits(self) -> Limits:
        return Limits()

    async def _call(self, method: str, **args: Any) -> Any:
        return await self._request("POST", f"/call/{method}", args)

    async def _request(self, verb: str, path: str, args: Mapping[str, Any] | None = None) -> Any:
        who = {"X-Bot": str(os.getpid())}
        self._session = self._session or aiohttp.ClientSession(headers=who)
        try:
            async with self._session.request(verb, self._url + path, json=args) as response:
                answer = await response.json()
        except aiohttp.ClientError as error:
            raise Retry(str(error) or "connection lost", _SOON) from error
        if response.status == 503:
            raise Retry(answer["retry"], _SOON)
        if response.status == 400:
            raise Refused(answer["refused"], "Look at the platform.")
        return answer

    async def run(self, dispatcher: Dispatcher) -> None:
        """Hear what people say, and bring them the replies."""
        while True:
            try:
                asked = await self._request("GET", "/next")
            except Retry:
                continue
            if asked is not None:
                task = asyncio.get_running_loop().create_task(self._handle(dispatcher, asked))
                self._working.add(task)
                task.add_done_callback(self._working.discard)

    async def _handle(self, dispatcher: Dispatcher, asked: Mapping[str, str]) -> None:
        call = Invocation(
            self.name, asked["delivery"], Speaker(asked["person"], asked["person"]), asked["text"]
        )

        async def tell(reply: Reply) -> None:
            told = {"delivery": asked["delivery"], "text": words(reply.card)}
            await self._request("POST", "/reply", told)

        await tell(await dispatcher.handle(call, tell))

    async def open_room(self, spec: RoomSpec) -> Room:
        return Room(**await self._call("open_room", spec=asdict(spec)))

    async def find_room(self, spec: RoomSpec, since: datetime) -> Room | None:
        found = await self._call("find_room", spec=asdict(spec))
        return None if found is None else Room(**found)

    async def invite(self, room: str, people: Sequence[str]) -> Sequence[str]:
        left_out: list[str] = await self._call("invite", room=room, people=list(people))
        return left_out

    async def remove(self, room: str, people: Sequence[str]) -> None:
        await self._call("remove", room=room, people=list(people))

    async def post(self, room: str, card: Card, marker: str, thread: str = "") -> MessageRef:
        return MessageRef(
            **await self._call("post", room=room, card=card_json(card), marker=marker)
        )

    async def find_message(self, room: str, marker: str, since: datetime) -> MessageRef | None:
        found = await self._call("find_message", room=room, marker=marker)
        return None if found is None else MessageRef(**found)

    async def edit(self, ref: MessageRef, card: Card) -> None:
        await self._call("edit", ref=asdict(ref), card=card_json(card))

    async def pin(self, ref: MessageRef) -> None:
        await self._call("pin", ref=asdict(ref))

    async def set_topic(self, room: str, topic: str) -> None:
        await self._call("set_topic", room=room, topic=topic)

    async def bookmark(self, room: str, title: str, url: str) -> None:
        await self._call("bookmark", room=room, title=title, url=url)

    async def announce_room(self) -> str:
        return str(await self._call("announce_room"))

    async def direct_room(self, person: str) -> str:
        return str(await self._call("direct_room", person=person))

    async def archive(self, room: str) -> None:
        await self._call("archive", room=room)


@dataclass(frozen=True)
class OutliveConnector:
    url: str
    name: str = "outlive"

    def build(self, context: PlatformContext) -> ChatPlatform:
        return OutlivePlatform(self.url)


def connector(environ: Mapping[str, str]) -> Connector | None:
    """Configured by the address of the server."""
    url = environ.get("OUTLIVE_URL", "")
    return OutliveConnector(url) if url else None


PLATFORM = PlatformModule("outlive", "Outlive", connector)

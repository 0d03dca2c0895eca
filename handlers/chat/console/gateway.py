"""The console as a ``ChatPlatform``: rooms and messages in our own database, through ``ConsoleStore``.

Every effect is one transaction and idempotent by its marker, so an attempt whose answer was lost is
simply made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.chat.card import Card
from bot.core.chat.console import ConsoleMessage, ConsoleRoom, RoomKind
from bot.core.chat.vocabulary import Limits, MessageRef, Room, RoomSpec, Secrecy
from bot.core.people import BOT, PersonId
from bot.core.ports.platforms import ChatPlatform
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from handlers.chat.console.mentions import in_card

NAME = "console"
ANNOUNCE = "incidents"


class ConsoleGateway:
    def __init__(self, memory: Memory, base_url: str) -> None:
        self._memory = memory
        self._base = base_url.rstrip("/")

    @property
    def name(self) -> str:
        return NAME

    @property
    def limits(self) -> Limits:
        return Limits(text=20_000, buttons=25, blocks=100, title=400)

    async def open_room(self, spec: RoomSpec) -> Room:
        return await self._memory.write(lambda uow: self._open(uow, spec))

    def _open(self, uow: UnitOfWork, spec: RoomSpec) -> Room:
        private = spec.secrecy is Secrecy.INVITED
        members = (PersonId(spec.creator),) if spec.creator else ()
        wanted = ConsoleRoom(
            "",
            spec.name,
            RoomKind.WAR,
            spec.topic,
            private=private,
            marker=spec.marker,
            members=members,
        )
        return self._room(uow.console.make_room(wanted))

    async def find_room(self, spec: RoomSpec, since: datetime) -> Room | None:
        found = await self._memory.read(lambda uow: uow.console.room_marked(spec.marker))
        return None if found is None else self._room(found)

    def _room(self, room: ConsoleRoom) -> Room:
        return Room(NAME, room.id, room.name, f"{self._base}/#{room.id}")

    async def invite(self, room: str, people: Sequence[str]) -> Sequence[str]:
        await self._memory.write(
            lambda uow: uow.console.invite(room, [PersonId(who) for who in people])
        )
        return ()

    async def remove(self, room: str, people: Sequence[str]) -> None:
        def change(uow: UnitOfWork) -> None:
            for who in people:
                uow.console.dismiss(room, PersonId(who))

        await self._memory.write(change)

    async def seal_room(self, room: str, people: Sequence[str]) -> None:
        def change(uow: UnitOfWork) -> None:
            uow.console.save_room(replace(uow.console.room(room), private=True))
            uow.console.invite(room, [PersonId(who) for who in people])

        await self._memory.write(change)

    async def post(self, room: str, card: Card, marker: str, thread: str = "") -> MessageRef:
        def write(uow: UnitOfWork) -> ConsoleMessage:
            message = uow.console.post(room, BOT.id, card, marker, thread)
            uow.console.mention(message, in_card(card))
            return message

        return self._ref(await self._memory.write(write))

    def _ref(self, message: ConsoleMessage) -> MessageRef:
        url = f"{self._base}/#{message.room}/{message.id}"
        return MessageRef(NAME, message.room, message.id, url)

    async def find_message(self, room: str, marker: str, since: datetime) -> MessageRef | None:
        found = await self._memory.read(lambda uow: uow.console.marked(room, marker))
        return None if found is None else self._ref(found)

    async def edit(self, ref: MessageRef, card: Card) -> None:
        def change(uow: UnitOfWork) -> None:
            uow.console.change(replace(uow.console.message(ref.message), card=card))

        await self._memory.write(change)

    async def pin(self, ref: MessageRef) -> None:
        def change(uow: UnitOfWork) -> None:
            uow.console.change(replace(uow.console.message(ref.message), pinned=True))

        await self._memory.write(change)

    async def set_topic(self, room: str, topic: str) -> None:
        def change(uow: UnitOfWork) -> None:
            uow.console.save_room(replace(uow.console.room(room), topic=topic))

        await self._memory.write(change)

    async def bookmark(self, room: str, title: str, url: str) -> None:
        def change(uow: UnitOfWork) -> None:
            known = uow.console.room(room)
            others = tuple(mark for mark in known.bookmarks if mark[0] != title)
            uow.console.save_room(replace(known, bookmarks=(*others, (title, url))))

        await self._memory.write(change)

    async def announce_room(self) -> str:
        room = await self._memory.write(announcements)
        return room.id

    async def direct_room(self, person: str) -> str:
        room = await self._memory.write(lambda uow: uow.console.direct(PersonId(person), BOT.id))
        return room.id

    async def archive(self, room: str) -> None:
        def change(uow: UnitOfWork) -> None:
            uow.console.save_room(replace(uow.console.room(room), archived=True))

        await self._memory.write(change)


def announcements(uow: UnitOfWork) -> ConsoleRoom:
    """The announcement channel, made when it is not there. Idempotent."""
    name = uow.org.chat.announce.get(NAME, ANNOUNCE)
    topic = "Every incident, once, kept up to date. Type /incident declare to open one."
    wanted = ConsoleRoom("", name, RoomKind.CHANNEL, topic, marker="channel:announcements")
    return uow.console.make_room(wanted)


def _conforms(gateway: ConsoleGateway) -> ChatPlatform:
    return gateway

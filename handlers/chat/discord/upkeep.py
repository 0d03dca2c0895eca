"""Periodic work on Discord: rooms of closed incidents are archived, and a server that is nearly full gets
place again, announced ahead. One of the replicas does it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core.chat.vocabulary import (
    Filed,
    News,
    PlatformDegraded,
    PlatformRecovered,
    Refused,
    Retry,
    Room,
)
from bot.core.incident import Incident, Status, Visibility
from bot.core.people import SYSTEM
from bot.core.ports.clock import Clock
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from handlers.chat.discord.api.refusals import RoomGone
from handlers.chat.discord.config import Config, Full
from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.markdown import NAME
from handlers.chat.discord.warrooms.archive import Archiver

log = structlog.get_logger()

SWEEP = timedelta(minutes=15)
# Channels: from this many on admins are told; from this many on rooms are removed, down to this many.
WARNS, CROWDED, ROOMY = limits.IN_A_GUILD - 50, limits.IN_A_GUILD - 20, limits.IN_A_GUILD - 30
# A room that was closed lately is still read: it is not removed.
RESTS = timedelta(days=7)
# Nothing is removed before admins have known for so long.
AHEAD = timedelta(days=1)
_AT_ONCE = 200
_WARNED = "discord:warned"
_ARCHIVED, _STAYS = "discord:archived:", "discord:removed:"
_KEPT = timedelta(days=365)
_WHY = f"The Discord server nears the {limits.IN_A_GUILD} channels that Discord allows"
_FIXES = {
    Full.ARCHIVE: (
        f"Delete channels that nobody needs. From tomorrow on, at {CROWDED} channels, rooms that were closed a week "
        "ago or more are written into files and removed, the oldest first; DISCORD_WHEN_FULL=threads prevents it."
    ),
    Full.THREADS: "Delete channels that nobody needs. When it is full, rooms open as threads.",
}


@dataclass(frozen=True, slots=True)
class Upkeep:
    archiver: Archiver
    memory: Memory
    clock: Clock
    config: Config
    heard: Callable[[News], Awaitable[None]]

    async def run(self) -> None:
        while True:
            try:
                await self.sweep()
            except (Retry, Refused, Unavailable, OutcomeUnknown) as error:
                log.warning("discord.not_swept", error=str(error))
            await self.clock.wait(asyncio.Event(), self.clock.now() + SWEEP)

    async def sweep(self) -> None:
        """Whatever is due. Idempotent."""
        if self.config.archive_after is not None:
            await self._archive(self.config.archive_after)
        held = len(await self.archiver.rooms.all())
        if held < WARNS:
            await self.heard(PlatformRecovered(NAME, "channels"))
            await self.memory.write(lambda uow: uow.key_values.put(_WARNED, "", uow.now))
            return
        await self.heard(PlatformDegraded(NAME, "channels", _WHY, _FIXES[self.config.when_full]))
        warned = await self.memory.write(_warned_at)
        ahead = self.clock.now() - warned >= AHEAD
        if held >= CROWDED and ahead and self.config.when_full is Full.ARCHIVE:
            await self._make_place(held - ROOMY)

    async def _archive(self, after: timedelta) -> None:
        for incident, room in await self.memory.read(lambda uow: _due(uow, _ARCHIVED, after)):
            try:
                await self.archiver.archive(room.id)
            except Refused as error:
                log.warning("discord.not_archived", incident=incident.id, error=str(error))
            await self._keep(_ARCHIVED + room.id)

    async def _keep(self, key: str) -> None:
        await self.memory.write(lambda uow: uow.key_values.put(key, "seen to", uow.now + _KEPT))

    async def _make_place(self, wanted: int) -> None:
        """Written down first, then removed. What is private stays: its words go nowhere else."""
        found = await self.memory.read(lambda uow: _due(uow, _STAYS, RESTS))
        public = [each for each in found if each[0].visibility is Visibility.PUBLIC]
        for incident, room in public[:wanted]:
            try:
                url = await self.archiver.write_down(room, incident.reference)
                await self.archiver.remove(room.id)
            except RoomGone:
                url = ""
            except Refused as error:
                log.warning("discord.not_removed", incident=incident.id, error=str(error))
                await self._keep(_STAYS + room.id)
                continue
            await self.heard(Filed(NAME, room.id, url))


def _warned_at(uow: UnitOfWork) -> datetime:
    """Since when admins know."""
    known = uow.key_values.get(_WARNED)
    if not known:
        known = uow.now.isoformat()
        uow.key_values.put(_WARNED, known, uow.now + _KEPT)
    return datetime.fromisoformat(known)


def _due(uow: UnitOfWork, unmarked: str, after: timedelta) -> list[tuple[Incident, Room]]:
    rooms = uow.rooms.of_closed(NAME, unmarked, _AT_ONCE)
    found = [(uow.incidents.get(number, SYSTEM), room) for number, room in rooms]
    return [(incident, room) for incident, room in found if _over(incident, uow.now, after)]


def _over(incident: Incident, now: datetime, after: timedelta) -> bool:
    at = incident.times.get(Status.CLOSED)
    return at is not None and now - at >= after

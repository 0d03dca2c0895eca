"""Periodic work on Slack: counts the replicas that share Slack's rates, and archives the rooms of incidents
that were closed a while ago."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core.chat.vocabulary import Refused, Retry, Room
from bot.core.errors import Fault
from bot.core.incident import Incident, IncidentId, Status
from bot.core.people import SYSTEM
from bot.core.ports.clock import Clock
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from bot.core.ports.platforms import ChatPlatform
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.core.times.when import duration
from handlers.chat.slack.directory import NAME

log = structlog.get_logger()

_REPLICAS = "slack:replicas"
BEAT = timedelta(seconds=10)
# A replica that was not heard of for so long is gone.
GONE_AFTER = timedelta(seconds=35)
SWEEP = timedelta(minutes=15)
_AT_ONCE = 200
_ARCHIVED = "slack:archived:"
# How long the mark of an archived room is kept; archiving it again later changes nothing.
KEPT = timedelta(days=365)


def archive_after(text: str) -> timedelta | None:
    """How long after closing a room is archived; None is never. Raises ``Fault``."""
    if not text:
        return None
    length = duration(text)
    if length is None:
        raise Fault(f"SLACK_ARCHIVE_AFTER is {text!r}; write a duration such as 12h or 7d.")
    return length


@dataclass(slots=True)
class Replicas:
    """How many processes call Slack with this token, as the database tells: each says that it is there."""

    memory: Memory
    clock: Clock
    me: str
    count: int = 1

    async def run(self) -> None:
        """Say so until cancelled."""
        while True:
            try:
                self.count = await self.memory.write(self.beat)
            except (Unavailable, OutcomeUnknown):
                log.warning("slack.replicas_unknown", count=self.count)
            await self.clock.wait(asyncio.Event(), self.clock.now() + BEAT)

    def beat(self, uow: UnitOfWork) -> int:
        """Write that this one is there; returns how many are."""
        seen = json.loads(uow.key_values.get(_REPLICAS) or "{}")
        live = {who: at for who, at in seen.items() if _recent(at, uow.now)}
        live[self.me] = uow.now.isoformat()
        uow.key_values.put(_REPLICAS, json.dumps(live))
        return len(live)


def _recent(at: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(at) < GONE_AFTER


@dataclass(frozen=True, slots=True)
class Archive:
    """Rooms of incidents closed longer ago than ``after`` are archived, each once."""

    memory: Memory
    clock: Clock
    platform: Callable[[], ChatPlatform]
    after: timedelta

    async def run(self) -> None:
        while True:
            try:
                await self.sweep()
            except (Retry, Unavailable, OutcomeUnknown) as error:
                log.warning("slack.not_archived", error=str(error))
            await self.clock.wait(asyncio.Event(), self.clock.now() + SWEEP)

    async def sweep(self) -> None:
        """Archive what is due. Idempotent."""
        for number, room in await self.memory.read(self._due):
            try:
                await self.platform().archive(room.id)
            except Refused as error:
                log.warning("slack.not_archived", incident=number, error=str(error))
            await self._archived(room)

    async def _archived(self, room: Room) -> None:
        await self.memory.write(
            lambda uow: uow.key_values.put(_ARCHIVED + room.id, "archived", uow.now + KEPT)
        )

    def _due(self, uow: UnitOfWork) -> list[tuple[IncidentId, Room]]:
        return [
            (number, room)
            for number, room in uow.rooms.of_closed(NAME, _ARCHIVED, _AT_ONCE)
            if self._over(uow.incidents.get(number, SYSTEM), uow.now)
        ]

    def _over(self, incident: Incident, now: datetime) -> bool:
        at = incident.times.get(Status.CLOSED)
        return at is not None and now - at >= self.after

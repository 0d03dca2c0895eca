"""Effects that edit what was sent before: set-like, and left out where they would change nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.core.chat.vocabulary import Unsaid
from bot.core.ports.jobs import Job
from bot.jobs.registry import Desk, Settle, incident_of
from bot.messages.keys import message_key
from bot.warrooms import outgoing, rooms
from bot.warrooms.posting import _edited


def refresh(what: str) -> Callable[[Desk, Job], Awaitable[Settle | None]]:
    async def run(desk: Desk, job: Job) -> Settle | None:
        read = outgoing.card if what == "card" else outgoing.announcement
        out = await desk.memory.glimpse(lambda uow: read(uow, job))
        try:
            return await _edited(desk, job, out)
        except Unsaid:
            return lambda uow: rooms.deleted(uow, incident_of(job), str(job.args["platform"]), what)

    return run


async def refresh_said(desk: Desk, job: Job) -> Settle | None:
    """What the room was asked is answered. A message that somebody deleted by hand stays deleted."""
    out = await desk.memory.glimpse(lambda uow: outgoing.said(uow, job))
    try:
        return await _edited(desk, job, out)
    except Unsaid:
        key = message_key(incident_of(job), str(job.args["platform"]), str(job.args["what"]))
        return lambda uow: uow.rooms.forget(key)

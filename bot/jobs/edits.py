"""Effects that edit what was sent before: set-like, and left out where they would change nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.chat import Unsaid
from bot.jobs.registry import Desk, Settle, incident_of, platform_of
from bot.ports import Job
from bot.services import outgoing, plans, rooms
from bot.services.outgoing import NoNeed, Outgoing
from bot.services.recording import message_key


def refresh(what: str) -> Callable[[Desk, Job], Awaitable[Settle | None]]:
    async def run(desk: Desk, job: Job) -> Settle | None:
        read = outgoing.card if what == "card" else outgoing.announcement
        out = await desk.memory.glimpse(lambda uow: read(uow, job))
        try:
            return await _edited(desk, job, out)
        except Unsaid:
            return lambda uow: rooms.deleted(uow, incident_of(job), str(job.args["platform"]), what)

    return run


async def _edited(desk: Desk, job: Job, out: Outgoing | None) -> Settle | None:
    """Edit what was sent before, if that would change anything. Raises ``Unsaid`` when it was deleted."""
    if out is None or out.known is None or out.known.digest == out.digest:
        return None
    key, digest = out.known.key, out.digest
    await platform_of(desk, job).edit(out.known.ref, out.card)
    return lambda uow: plans.edited(uow, key, digest)


async def refresh_notice(desk: Desk, job: Job) -> Settle | None:
    try:
        found = await desk.memory.glimpse(lambda uow: outgoing.page_message(uow, job))
    except NoNeed:
        return None
    return await _edited(desk, job, found.out)


async def refresh_said(desk: Desk, job: Job) -> Settle | None:
    """What the room was asked is answered. A message that somebody deleted by hand stays deleted."""
    out = await desk.memory.glimpse(lambda uow: outgoing.said(uow, job))
    try:
        return await _edited(desk, job, out)
    except Unsaid:
        key = message_key(incident_of(job), str(job.args["platform"]), str(job.args["what"]))
        return lambda uow: uow.rooms.forget(key)

"""Posting once, and editing what was posted: what an earlier attempt may have left is looked for first, and an edit that
would change nothing is left out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.chat.vocabulary import (
    LookupUnavailable,
    MessageMissing,
    MessageRef,
    Retry,
    RoomMissing,
)
from bot.core.ports.jobs import Job
from bot.core.ports.platforms import ChatPlatform
from bot.jobs.registry import JobContext, Settle, incident_of, platform_of
from bot.messages.keys import message_key
from bot.messages.outgoing import REPEAT, Outgoing, marked_repeat
from bot.warrooms import outgoing, plans, rooms

# What an earlier attempt made was made after its claim; clocks may differ by this much.
CLOCK_SKEW = timedelta(seconds=60)
Run = Callable[[JobContext, Job], Awaitable[Settle | None]]
LOOKS_FIRST = "looks first: adopts what an earlier attempt made; repeats only what cannot be seen"
SET_LIKE = "repeats: doing it twice is doing it once"


def in_room(run: Callable[[JobContext, Job], Awaitable[Settle | None]]) -> Run:
    """When the room turns out to be gone, another one is opened, and what was to be done comes again there."""

    async def guarded(context: JobContext, job: Job) -> Settle | None:
        try:
            return await run(context, job)
        except RoomMissing as error:
            number, platform, gone = incident_of(job), str(job.args["platform"]), error
            await context.memory.write(
                lambda uow: rooms.gone(uow, number, platform, gone.room, gone.how)
            )
            if job.task == "say":  # nothing else would say it
                raise Retry(f"the room {error.how}", timedelta(seconds=5)) from error
        return None

    return guarded


async def post_once(
    platform: ChatPlatform, job: Job, room: str, out: Outgoing
) -> tuple[MessageRef, str]:
    """Look first on a second attempt; what cannot be looked for is posted again, and says so."""
    card, mark = out.card, ""
    if job.attempt > 1:
        try:
            found = await platform.find_message(room, out.marker, job.created_at - CLOCK_SKEW)
        except LookupUnavailable:
            found, card, mark = None, marked_repeat(out.card), REPEAT
        if found is not None:
            return found, ""
    return await platform.post(room, card, out.marker), mark


async def edit_sent(context: JobContext, job: Job, out: Outgoing | None) -> Settle | None:
    """Edit what was sent before, if that would change anything. Raises ``MessageMissing`` when it was deleted."""
    if out is None or out.known is None or out.known.digest == out.digest:
        return None
    key, digest = out.known.key, out.digest
    await platform_of(context, job).edit(out.known.ref, out.card)
    return lambda uow: plans.edited(uow, key, digest)


def refresh(what: str) -> Callable[[JobContext, Job], Awaitable[Settle | None]]:
    async def run(context: JobContext, job: Job) -> Settle | None:
        read = outgoing.card if what == "card" else outgoing.announcement
        out = await context.memory.read_inline(lambda uow: read(uow, job))
        try:
            return await edit_sent(context, job, out)
        except MessageMissing:
            return lambda uow: rooms.deleted(uow, incident_of(job), str(job.args["platform"]), what)

    return run


async def refresh_said(context: JobContext, job: Job) -> Settle | None:
    """What the room was asked is answered. A message that somebody deleted by hand stays deleted."""
    out = await context.memory.read_inline(lambda uow: outgoing.said(uow, job))
    try:
        return await edit_sent(context, job, out)
    except MessageMissing:
        key = message_key(incident_of(job), str(job.args["platform"]), str(job.args["what"]))
        return lambda uow: uow.rooms.forget(key)

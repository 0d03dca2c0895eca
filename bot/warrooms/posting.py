"""Posting once: what an earlier attempt may have left is looked for first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.chat.vocabulary import CannotLook, Gone, MessageRef, Retry
from bot.core.ports.jobs import Job
from bot.core.ports.platforms import ChatPlatform
from bot.jobs.registry import Desk, Settle, incident_of, platform_of
from bot.messages import outgoing as messages_outgoing
from bot.messages.outgoing import Outgoing
from bot.warrooms import plans, rooms


async def _edited(desk: Desk, job: Job, out: Outgoing | None) -> Settle | None:
    """Edit what was sent before, if that would change anything. Raises ``Unsaid`` when it was deleted."""
    if out is None or out.known is None or out.known.digest == out.digest:
        return None
    key, digest = out.known.key, out.digest
    await platform_of(desk, job).edit(out.known.ref, out.card)
    return lambda uow: plans.edited(uow, key, digest)


# What an earlier attempt made was made after its claim; clocks may differ by this much.
_SKEW = timedelta(seconds=60)


_Run = Callable[[Desk, Job], Awaitable[Settle | None]]


LOOKS_FIRST = "looks first: adopts what an earlier attempt made; repeats only what cannot be seen"


SET_LIKE = "repeats: doing it twice is doing it once"


def _in_room(run: Callable[[Desk, Job], Awaitable[Settle | None]]) -> _Run:
    """When the room turns out to be gone, another one is opened, and what was to be done comes again there."""

    async def guarded(desk: Desk, job: Job) -> Settle | None:
        try:
            return await run(desk, job)
        except Gone as error:
            number, platform, gone = incident_of(job), str(job.args["platform"]), error
            await desk.memory.write(
                lambda uow: rooms.gone(uow, number, platform, gone.room, gone.how)
            )
            if job.task == "say":  # nothing else says it again
                raise Retry(f"the room {error.how}", timedelta(seconds=5)) from error
        return None

    return guarded


async def _post_once(
    platform: ChatPlatform, job: Job, room: str, out: Outgoing
) -> tuple[MessageRef, str]:
    """Look first on a second attempt; what cannot be looked for is posted again, and says so."""
    card, mark = out.card, ""
    if job.attempt > 1:
        try:
            found = await platform.find_message(room, out.marker, job.created_at - _SKEW)
        except CannotLook:
            found, card, mark = (
                None,
                messages_outgoing.marked_repeat(out.card),
                messages_outgoing.REPEAT,
            )
        if found is not None:
            return found, ""
    return await platform.post(room, card, out.marker), mark

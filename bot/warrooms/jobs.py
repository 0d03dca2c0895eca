"""The tasks that call a chat platform. Each states its bias: what happens when an answer was lost.

On an attempt after the first an effect looks first for what the earlier one may have left.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.core import measures
from bot.core.chat.remembered import Remembered
from bot.core.chat.vocabulary import Retry, Room
from bot.core.ports.jobs import Job
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Effect, JobContext, Settle, Timer, incident_of, platform_of
from bot.messages.keys import message_key, whisper_key
from bot.warrooms import outgoing, plans, rooms
from bot.warrooms.plans import unsent
from bot.warrooms.posting import (
    CLOCK_SKEW,
    LOOKS_FIRST,
    SET_LIKE,
    in_room,
    post_once,
    refresh,
    refresh_said,
)
from bot.warrooms.reacting import bring_in


async def open_room(context: JobContext, job: Job) -> Settle:
    spec = await context.memory.read_inline(lambda uow: outgoing.room_spec(uow, job))
    platform = platform_of(context, job)
    room = None
    if job.attempt > 1:
        room = await platform.find_room(spec, job.created_at - CLOCK_SKEW)
    opened = room or await platform.open_room(spec)

    def settle(uow: UnitOfWork) -> None:
        plans.room_opened(uow, incident_of(job), opened, spec.secrecy)
        rooms.caught_up(uow, incident_of(job), platform.name, opened.id)
        waited = (uow.now - job.created_at).total_seconds()
        measures.ROOM_SECONDS.labels(platform.name).observe(max(0.0, waited))

    return settle


async def invite(context: JobContext, job: Job) -> Settle:
    room, people = await context.memory.read_inline(lambda uow: outgoing.to_invite(uow, job))
    left_out = await platform_of(context, job).invite(room, people)

    def settle(uow: UnitOfWork) -> None:
        plans.done(uow, incident_of(job), str(job.args["platform"]), "invite")
        if left_out:
            plans.left_out(uow, incident_of(job), str(job.args["platform"]), left_out)

    return settle


async def post_card(context: JobContext, job: Job) -> Settle | None:
    out = await context.memory.read_inline(lambda uow: outgoing.card(uow, job))
    if out.known is not None and out.known.ref.room == out.room:
        return None  # a room that was opened anew had it posted meanwhile
    ref, mark = await post_once(platform_of(context, job), job, out.room, out)
    return lambda uow: plans.posted(uow, incident_of(job), "card", ref, out.digest, mark)


async def announce(context: JobContext, job: Job) -> Settle:
    out = await context.memory.read_inline(lambda uow: outgoing.announcement(uow, job))
    if out is None or out.known is not None:  # for a room that was opened anew it stands already
        return lambda uow: None
    platform = platform_of(context, job)
    ref, mark = await post_once(platform, job, await platform.announce_room(), out)
    return lambda uow: plans.posted(uow, incident_of(job), "announcement", ref, out.digest, mark)


async def pin_card(context: JobContext, job: Job) -> Settle:
    ref = await context.memory.read_inline(lambda uow: outgoing.remembered(uow, job, "card"))
    await platform_of(context, job).pin(ref)
    return lambda uow: plans.done(uow, incident_of(job), ref.platform, "pin")


async def set_topic(context: JobContext, job: Job) -> Settle:
    room, topic = await context.memory.read_inline(_topic_for(job))
    await platform_of(context, job).set_topic(room, topic)
    return lambda uow: plans.done(uow, incident_of(job), str(job.args["platform"]), "topic")


def _topic_for(job: Job) -> Callable[[UnitOfWork], tuple[str, str]]:
    def read(uow: UnitOfWork) -> tuple[str, str]:
        return outgoing.room_on(uow, job).id, outgoing.room_spec(uow, job).topic

    return read


async def bookmark(context: JobContext, job: Job) -> Settle:
    def read(uow: UnitOfWork) -> tuple[Room, list[tuple[str, str]]]:
        return outgoing.room_on(uow, job), outgoing.bookmarks(uow, job, context.internal_url)

    room, marks = await context.memory.read_inline(read)
    platform = platform_of(context, job)
    for title, url in marks:
        await platform.bookmark(room.id, title, url)
    return lambda uow: plans.done(uow, incident_of(job), room.platform, "bookmarks")


async def say(context: JobContext, job: Job) -> Settle:
    """A card in the room itself. While there is no room it waits."""
    out = await context.memory.read_inline(lambda uow: outgoing.said(uow, job))
    if not out.room:
        raise Retry("the room is not open yet", timedelta(seconds=5))
    ref, mark = await post_once(platform_of(context, job), job, out.room, out)
    key = message_key(incident_of(job), ref.platform, str(job.args["what"]))
    remembered = Remembered(key, ref, incident_of(job), None, out.digest, mark)
    return lambda uow: uow.rooms.remember(remembered)


async def whisper(context: JobContext, job: Job) -> Settle | None:
    out, native = await context.memory.read_inline(lambda uow: outgoing.whisper(uow, job))
    if not native:
        return None
    platform = platform_of(context, job)
    ref, mark = await post_once(platform, job, await platform.direct_room(native), out)
    key = whisper_key(incident_of(job), ref.platform, job.id)
    remembered = Remembered(key, ref, incident_of(job), None, out.digest, mark)
    return lambda uow: uow.rooms.remember(remembered)


EFFECTS = (
    Effect("open_room", LOOKS_FIRST, open_room, plans.troubled),
    Effect("invite", SET_LIKE, in_room(invite), plans.troubled),
    Effect("post_card", LOOKS_FIRST, in_room(post_card), plans.troubled),
    Effect("pin_card", SET_LIKE, in_room(pin_card), plans.troubled),
    Effect("set_topic", SET_LIKE, in_room(set_topic), plans.troubled),
    Effect("bookmark", SET_LIKE, in_room(bookmark), plans.troubled),
    Effect("announce", LOOKS_FIRST, announce, plans.troubled),
    Effect("refresh_card", SET_LIKE, in_room(refresh("card")), unsent),
    Effect("refresh_announcement", SET_LIKE, refresh("announcement"), unsent),
    Effect("say", LOOKS_FIRST, in_room(say), unsent),
    Effect("refresh_said", SET_LIKE, in_room(refresh_said), unsent),
    Effect("whisper", LOOKS_FIRST, whisper, unsent),
)


ROOM_TIMERS = (Timer("bring_in", lambda uow, job: bring_in(uow, incident_of(job))),)

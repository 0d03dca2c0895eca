"""The tasks that call a chat platform. Each states its bias: what happens when an answer was lost.

On an attempt after the first an effect looks first for what the earlier one may have left.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot import measures
from bot.chat import CannotLook, Gone, MessageRef, Refused, Retry, Room
from bot.domain.escalation import PageId
from bot.domain.links import Purpose
from bot.domain.people import PersonId
from bot.jobs.edits import refresh, refresh_notice, refresh_said
from bot.jobs.registry import Desk, Effect, Settle, incident_of, platform_of
from bot.ports import ChatPlatform, Job, Remembered, UnitOfWork
from bot.services import outgoing, paging, plans, rooms
from bot.services.outgoing import NoNeed, Outgoing
from bot.services.paging import ROOM, notice_key
from bot.services.plans import unsent
from bot.services.recording import message_key, whisper_key

# What an earlier attempt made was made after its claim; clocks may differ by this much.
_SKEW = timedelta(seconds=60)

_Run = Callable[[Desk, Job], Awaitable[Settle | None]]

LOOKS_FIRST = "looks first: adopts what an earlier attempt made; repeats only what cannot be seen"
SET_LIKE = "repeats: doing it twice is doing it once"
PAGES = "repeats, marked (repeat): a page too many wakes nobody who was not to be woken"


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


async def open_room(desk: Desk, job: Job) -> Settle:
    spec = await desk.memory.glimpse(lambda uow: outgoing.room_spec(uow, job))
    platform = platform_of(desk, job)
    room = None
    if job.attempt > 1:
        room = await platform.find_room(spec, job.created_at - _SKEW)
    opened = room or await platform.open_room(spec)

    def settle(uow: UnitOfWork) -> None:
        plans.room_opened(uow, incident_of(job), opened, spec.secrecy)
        rooms.caught_up(uow, incident_of(job), platform.name, opened.id)
        waited = (uow.now - job.created_at).total_seconds()
        measures.ROOM_SECONDS.labels(platform.name).observe(max(0.0, waited))

    return settle


async def invite(desk: Desk, job: Job) -> Settle:
    room, people = await desk.memory.glimpse(lambda uow: outgoing.to_invite(uow, job))
    left_out = await platform_of(desk, job).invite(room, people)

    def settle(uow: UnitOfWork) -> None:
        plans.done(uow, incident_of(job), str(job.args["platform"]), "invite")
        if left_out:
            plans.left_out(uow, incident_of(job), str(job.args["platform"]), left_out)

    return settle


async def _post_once(
    platform: ChatPlatform, job: Job, room: str, out: Outgoing
) -> tuple[MessageRef, str]:
    """Look first on a second attempt; what cannot be looked for is posted again, and says so."""
    card, mark = out.card, ""
    if job.attempt > 1:
        try:
            found = await platform.find_message(room, out.marker, job.created_at - _SKEW)
        except CannotLook:
            found, card, mark = None, outgoing.marked_repeat(out.card), outgoing.REPEAT
        if found is not None:
            return found, ""
    return await platform.post(room, card, out.marker), mark


async def post_card(desk: Desk, job: Job) -> Settle | None:
    out = await desk.memory.glimpse(lambda uow: outgoing.card(uow, job))
    if out.known is not None and out.known.ref.room == out.room:
        return None  # a room that was opened anew had it posted meanwhile
    ref, mark = await _post_once(platform_of(desk, job), job, out.room, out)
    return lambda uow: plans.posted(uow, incident_of(job), "card", ref, out.digest, mark)


async def announce(desk: Desk, job: Job) -> Settle:
    out = await desk.memory.glimpse(lambda uow: outgoing.announcement(uow, job))
    if out is None or out.known is not None:  # for a room that was opened anew it stands already
        return lambda uow: None
    platform = platform_of(desk, job)
    ref, mark = await _post_once(platform, job, await platform.announce_room(), out)
    return lambda uow: plans.posted(uow, incident_of(job), "announcement", ref, out.digest, mark)


async def pin_card(desk: Desk, job: Job) -> Settle:
    ref = await desk.memory.glimpse(lambda uow: outgoing.remembered(uow, job, "card"))
    await platform_of(desk, job).pin(ref)
    return lambda uow: plans.done(uow, incident_of(job), ref.platform, "pin")


async def set_topic(desk: Desk, job: Job) -> Settle:
    room, topic = await desk.memory.glimpse(_topic_for(job))
    await platform_of(desk, job).set_topic(room, topic)
    return lambda uow: plans.done(uow, incident_of(job), str(job.args["platform"]), "topic")


def _topic_for(job: Job) -> Callable[[UnitOfWork], tuple[str, str]]:
    def read(uow: UnitOfWork) -> tuple[str, str]:
        return outgoing.room_on(uow, job).id, outgoing.room_spec(uow, job).topic

    return read


async def bookmark(desk: Desk, job: Job) -> Settle:
    def read(uow: UnitOfWork) -> tuple[Room, list[tuple[str, str]]]:
        return outgoing.room_on(uow, job), outgoing.bookmarks(uow, job, desk.internal_url)

    room, marks = await desk.memory.glimpse(read)
    platform = platform_of(desk, job)
    for title, url in marks:
        await platform.bookmark(room.id, title, url)
    return lambda uow: plans.done(uow, incident_of(job), room.platform, "bookmarks")


async def notify(desk: Desk, job: Job) -> Settle:
    """One person is told of a page. On a repeat the words say so; nobody is spared a page in doubt."""
    try:
        found = await desk.memory.glimpse(lambda uow: outgoing.page_message(uow, job))
    except NoNeed:
        return _spared(job)
    out, native = found.out, found.native
    if not native and not found.needed:
        return _spared(job)
    if not native:
        raise Refused("this person is not known there", "Link them in the organisation file.")
    platform = platform_of(desk, job)
    told = native.removeprefix(ROOM)
    room = told if native.startswith(ROOM) else await platform.direct_room(native)
    if not found.needed:
        return await _overtaken(platform, job, room, out)
    ref = await platform.post(room, out.card, out.marker)
    return _told(job, ref, out, outgoing.REPEAT if job.attempt > 1 else "")


async def _overtaken(platform: ChatPlatform, job: Job, room: str, out: Outgoing) -> Settle:
    """The page ended while it was in doubt whether it was sent: what was is to show the end."""
    try:
        found = await platform.find_message(room, out.marker, job.created_at - _SKEW)
    except CannotLook:
        found = None
    return _spared(job) if found is None else _told(job, found, replace(out, digest=""), "")


async def notify_outside(desk: Desk, job: Job) -> Settle:
    """The same beside chat, with a link that acknowledges."""
    try:
        out = await desk.memory.glimpse(lambda uow: outgoing.outside_message(uow, job))
    except NoNeed:
        return _spared(job)
    if desk.notifier is None:
        raise Refused("no channels are built in here", "Start Tocsin with its channels.")
    page, person, name, level = _notice(job)
    link = desk.links.to(Purpose.ACKNOWLEDGE, page, person, desk.clock.now())
    body = f"{out.note.body}\nAcknowledge: {link}" if link else out.note.body
    await desk.notifier.send(out.channel, out.about, replace(out.note, body=body))
    mark = outgoing.REPEAT if job.attempt > 1 else ""
    return lambda uow: paging.sent(uow, page, person, name, level, mark)


def _notice(job: Job) -> tuple[PageId, PersonId, str, int]:
    page, person = PageId(int(job.args["page"])), PersonId(str(job.args["person"]))
    return page, person, str(job.args["platform"]), int(job.args["level"])


def _spared(job: Job) -> Settle:
    return lambda uow: paging.spared(uow, *_notice(job))


def _told(job: Job, ref: MessageRef, out: Outgoing, mark: str) -> Settle:
    page, person, platform, level = _notice(job)

    def settle(uow: UnitOfWork) -> None:
        key = notice_key(page, person, platform, level)
        uow.rooms.remember(Remembered(key, ref, job.incident, uow.now, out.digest))
        paging.sent(uow, page, person, platform, level, mark)
        now = outgoing.page_message(uow, job).out
        if now.digest != out.digest:  # things moved on while it was being sent
            paging.refresh_notice(uow, uow.pages.get(page), person, platform, level)

    return settle


async def say(desk: Desk, job: Job) -> Settle:
    """A card in the room itself. While there is no room it waits."""
    out = await desk.memory.glimpse(lambda uow: outgoing.said(uow, job))
    if not out.room:
        raise Retry("the room is not open yet", timedelta(seconds=5))
    ref, mark = await _post_once(platform_of(desk, job), job, out.room, out)
    key = message_key(incident_of(job), ref.platform, str(job.args["what"]))
    remembered = Remembered(key, ref, incident_of(job), None, out.digest, mark)
    return lambda uow: uow.rooms.remember(remembered)


async def whisper(desk: Desk, job: Job) -> Settle | None:
    out, native = await desk.memory.glimpse(lambda uow: outgoing.whisper(uow, job))
    if not native:
        return None
    platform = platform_of(desk, job)
    ref, mark = await _post_once(platform, job, await platform.direct_room(native), out)
    key = whisper_key(incident_of(job), ref.platform, job.id)
    remembered = Remembered(key, ref, incident_of(job), None, out.digest, mark)
    return lambda uow: uow.rooms.remember(remembered)


def _page_failed(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    if fix:
        paging.not_sent(uow, *_notice(job), why)


_PAGE_LIMIT = timedelta(seconds=5)

EFFECTS = (
    Effect("open_room", LOOKS_FIRST, open_room, plans.troubled),
    Effect("invite", SET_LIKE, _in_room(invite), plans.troubled),
    Effect("post_card", LOOKS_FIRST, _in_room(post_card), plans.troubled),
    Effect("pin_card", SET_LIKE, _in_room(pin_card), plans.troubled),
    Effect("set_topic", SET_LIKE, _in_room(set_topic), plans.troubled),
    Effect("bookmark", SET_LIKE, _in_room(bookmark), plans.troubled),
    Effect("announce", LOOKS_FIRST, announce, plans.troubled),
    Effect("refresh_card", SET_LIKE, _in_room(refresh("card")), unsent),
    Effect("refresh_announcement", SET_LIKE, refresh("announcement"), unsent),
    Effect("say", LOOKS_FIRST, _in_room(say), unsent),
    Effect("refresh_said", SET_LIKE, _in_room(refresh_said), unsent),
    Effect("whisper", LOOKS_FIRST, whisper, unsent),
)

PAGE_EFFECTS = (
    Effect("notify", PAGES, notify, _page_failed, _PAGE_LIMIT),
    Effect("notify_outside", PAGES, notify_outside, _page_failed, _PAGE_LIMIT),
    Effect("refresh_notice", SET_LIKE, refresh_notice, unsent),
)

"""The tasks that tell people of a page. Each states its bias."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.core.chat.remembered import Remembered
from bot.core.chat.vocabulary import LookupUnavailable, MessageRef, Refused
from bot.core.escalation import PageId
from bot.core.links import Purpose
from bot.core.people import PersonId
from bot.core.ports.jobs import Job
from bot.core.ports.platforms import ChatPlatform
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Effect, JobContext, Settle, Timer, incident_of, platform_of
from bot.messages.addresses import ROOM
from bot.messages.outgoing import REPEAT, Outgoing
from bot.paging import answering, outgoing
from bot.paging import service as paging
from bot.paging.outgoing import NoNeed
from bot.paging.service import notice_key
from bot.warrooms.plans import unsent
from bot.warrooms.posting import CLOCK_SKEW, SET_LIKE, edit_sent


async def refresh_notice(context: JobContext, job: Job) -> Settle | None:
    try:
        found = await context.memory.read_inline(lambda uow: outgoing.page_message(uow, job))
    except NoNeed:
        return None
    return await edit_sent(context, job, found.out)


PAGES = "repeats, marked (repeat): a page too many wakes nobody who was not to be woken"


async def notify(context: JobContext, job: Job) -> Settle:
    """One person is told of a page. On a repeat the words say so; nobody is spared a page in doubt."""
    try:
        found = await context.memory.read_inline(lambda uow: outgoing.page_message(uow, job))
    except NoNeed:
        return _spared(job)
    out, native = found.out, found.native
    if not native and not found.needed:
        return _spared(job)
    if not native:
        raise Refused("this person is not known there", "Link them in the organisation file.")
    platform = platform_of(context, job)
    told = native.removeprefix(ROOM)
    room = told if native.startswith(ROOM) else await platform.direct_room(native)
    if not found.needed:
        return await _overtaken(platform, job, room, out)
    ref = await platform.post(room, out.card, out.marker)
    return _told(job, ref, out, REPEAT if job.attempt > 1 else "")


async def _overtaken(platform: ChatPlatform, job: Job, room: str, out: Outgoing) -> Settle:
    """The page ended while it was in doubt whether it was sent: what was is to show the end."""
    try:
        found = await platform.find_message(room, out.marker, job.created_at - CLOCK_SKEW)
    except LookupUnavailable:
        found = None
    return _spared(job) if found is None else _told(job, found, replace(out, digest=""), "")


async def notify_outside(context: JobContext, job: Job) -> Settle:
    """The same beside chat, with a link that acknowledges."""
    try:
        out = await context.memory.read_inline(lambda uow: outgoing.outside_message(uow, job))
    except NoNeed:
        return _spared(job)
    if context.notifier is None:
        raise Refused("no channels are built in here", "Start Tocsin with its channels.")
    page, person, name, level = _notice(job)
    link = context.links.to(Purpose.ACKNOWLEDGE, page, person, context.clock.now())
    body = f"{out.note.body}\nAcknowledge: {link}" if link else out.note.body
    await context.notifier.send(out.channel, out.about, replace(out.note, body=body))
    mark = REPEAT if job.attempt > 1 else ""
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


def _page_failed(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    if fix:
        paging.not_sent(uow, *_notice(job), why)


_PAGE_LIMIT = timedelta(seconds=5)


PAGE_EFFECTS = (
    Effect("notify", PAGES, notify, _page_failed, _PAGE_LIMIT),
    Effect("notify_outside", PAGES, notify_outside, _page_failed, _PAGE_LIMIT),
    Effect("refresh_notice", SET_LIKE, refresh_notice, unsent),
)


def _page_on_call(uow: UnitOfWork, job: Job) -> None:
    paging.start(uow, incident_of(job))


def _escalate(uow: UnitOfWork, job: Job) -> None:
    paging.escalate(uow, PageId(int(job.args["page"])), int(job.args["level"]))


def _answering(
    work: Callable[[UnitOfWork, PageId, int], None],
) -> Callable[[UnitOfWork, Job], None]:
    def run(uow: UnitOfWork, job: Job) -> None:
        work(uow, PageId(int(job.args["page"])), int(job.args["level"]))

    return run


PAGE_TIMERS = (
    Timer("page_on_call", _page_on_call),
    Timer("escalate", _escalate),
    Timer("ack_timeout", _answering(answering.ack_timed_out)),
    Timer("wake_page", _answering(answering.wake)),
    Timer("expire_page", _answering(answering.expire)),
)

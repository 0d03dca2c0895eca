"""The tasks that tell somebody something about no incident: shifts, cover requests, test pages."""

from __future__ import annotations

from datetime import timedelta

from bot.core.chat.vocabulary import Refused
from bot.core.links import Purpose
from bot.core.ports.jobs import Job
from bot.core.ports.notifier import Note
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Effect, JobContext, Settle, Timer
from bot.messages.addresses import native
from bot.oncall import shifts, trials
from bot.oncall.cards import trial_card
from bot.oncall.trials import Prepared

TRIES = "repeats, marked (repeat): who tries their set-up sees what a page would do"
_PAGE_LIMIT = timedelta(seconds=5)


async def notify_trial(context: JobContext, job: Job) -> Settle:
    number = int(job.args["trial"])
    found = await context.memory.read_inline(lambda uow: trials.prepared(uow, number))
    link = context.links.to(Purpose.SEEN, number, found.trial.person, context.clock.now())
    if found.channel is None:
        await _in_chat(context, found, job)
    elif context.notifier is None:
        raise Refused("no channels are built in here", "Start Tocsin with its channels.")
    else:
        body = f"{found.note.body}\nIt has arrived: {link}" if link else found.note.body
        title = f"(repeat) {found.note.title}" if job.attempt > 1 else found.note.title
        await context.notifier.send(found.channel, found.about, Note(title, body))
    return lambda uow: trials.arrived(uow, number)


async def _in_chat(context: JobContext, found: Prepared, job: Job) -> None:
    platform = context.platforms.get(found.trial.channel)
    if platform is None:
        raise Refused(f"{found.trial.channel} is not connected", "See tocsin doctor.")
    person, name = found.trial.person, platform.name
    known = await context.memory.read_inline(lambda uow: native(uow, name, person))
    room = await platform.direct_room(known or person)
    await platform.post(room, trial_card(found.trial, job.attempt), f"trial{job.id}")


def _trial_failed(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    if fix:
        trials.failed(uow, int(job.args["trial"]), f"{why}. {fix}" if fix != "given up" else why)


TRIAL_EFFECTS = (Effect("notify_trial", TRIES, notify_trial, _trial_failed, _PAGE_LIMIT),)


SHIFT_TIMERS = (
    Timer(
        "shift_change",
        lambda uow, job: shifts.shift_change(uow, str(job.args["schedule"]), int(job.args["at"])),
    ),
    Timer("gaps_weekly", lambda uow, job: shifts.gaps_weekly(uow)),
)

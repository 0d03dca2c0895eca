"""The tasks that tell somebody something about no incident: shifts, cover requests, test pages."""

from __future__ import annotations

from datetime import timedelta

from bot.chat import Refused, Retry
from bot.domain.links import Purpose
from bot.domain.people import PersonId
from bot.jobs.registry import Desk, Effect, Settle
from bot.ports import Job, UnitOfWork
from bot.ports.notifier import Note
from bot.services import trials
from bot.services.outgoing import native
from bot.services.trials import Prepared
from bot.views.codec import card_from
from bot.views.oncall import trial_card

REPEATS = "repeats: a notice too many costs a glance"
TRIES = "repeats, marked (repeat): who tries their set-up sees what a page would do"
_PAGE_LIMIT = timedelta(seconds=5)


async def tell(desk: Desk, job: Job) -> Settle | None:
    platform = desk.platforms.get(str(job.args["platform"]))
    if platform is None:
        raise Retry(f"{job.args['platform']} is not connected", timedelta(minutes=1))
    person = PersonId(str(job.args["person"]))
    known = await desk.memory.glimpse(lambda uow: native(uow, platform.name, person))
    if known:
        room = await platform.direct_room(known)
        await platform.post(room, card_from(str(job.args["card"])), f"tell{job.id}")
    return None


async def notify_trial(desk: Desk, job: Job) -> Settle:
    number = int(job.args["trial"])
    found = await desk.memory.glimpse(lambda uow: trials.prepared(uow, number))
    link = desk.links.to(Purpose.SEEN, number, found.trial.person, desk.clock.now())
    if found.channel is None:
        await _in_chat(desk, found, job)
    elif desk.notifier is None:
        raise Refused("no channels are built in here", "Start Tocsin with its channels.")
    else:
        body = f"{found.note.body}\nIt has arrived: {link}" if link else found.note.body
        title = f"(repeat) {found.note.title}" if job.attempt > 1 else found.note.title
        await desk.notifier.send(found.channel, found.about, Note(title, body))
    return lambda uow: trials.arrived(uow, number)


async def _in_chat(desk: Desk, found: Prepared, job: Job) -> None:
    platform = desk.platforms.get(found.trial.channel)
    if platform is None:
        raise Refused(f"{found.trial.channel} is not connected", "See tocsin doctor.")
    person, name = found.trial.person, platform.name
    known = await desk.memory.glimpse(lambda uow: native(uow, name, person))
    room = await platform.direct_room(known or person)
    await platform.post(room, trial_card(found.trial, job.attempt), f"trial{job.id}")


def _trial_failed(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    if fix:
        trials.failed(uow, int(job.args["trial"]), f"{why}. {fix}" if fix != "given up" else why)


def _quietly(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    """It stays among the dead rows, where ``tocsin jobs`` shows it."""


TRIAL_EFFECTS = (Effect("notify_trial", TRIES, notify_trial, _trial_failed, _PAGE_LIMIT),)

TELLING = (Effect("tell", REPEATS, tell, _quietly),)

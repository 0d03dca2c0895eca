"""The task that tells one person something about no incident."""

from __future__ import annotations

from datetime import timedelta

from bot.core.chat.codec import card_from
from bot.core.chat.vocabulary import Retry
from bot.core.people import PersonId
from bot.core.ports.jobs import Job
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Effect, JobContext, Settle
from bot.messages.addresses import native

REPEATS = "repeats: a notice too many does little harm"


async def tell(context: JobContext, job: Job) -> Settle | None:
    platform = context.platforms.get(str(job.args["platform"]))
    if platform is None:
        raise Retry(f"{job.args['platform']} is not connected", timedelta(minutes=1))
    person = PersonId(str(job.args["person"]))
    known = await context.memory.read_inline(lambda uow: native(uow, platform.name, person))
    if known:
        room = await platform.direct_room(known)
        await platform.post(room, card_from(str(job.args["card"])), f"tell{job.id}")
    return None


def _quietly(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    """It stays among the dead rows, where ``tocsin jobs`` shows it."""


TELLING = (Effect("tell", REPEATS, tell, _quietly),)

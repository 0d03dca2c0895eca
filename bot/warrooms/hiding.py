"""Effects that keep what is private so: announcements withdrawn, open rooms closed, who left taken out."""

from __future__ import annotations

from bot.core.chat.replies import withdrawn
from bot.core.chat.vocabulary import Refused
from bot.core.ports.jobs import Job
from bot.core.ports.platforms import Sealing
from bot.jobs.registry import Effect, JobContext, Settle, platform_of
from bot.warrooms import outgoing, plans
from bot.warrooms.plans import unsent
from bot.warrooms.posting import SET_LIKE


async def withdraw(context: JobContext, job: Job) -> Settle | None:
    """A message of ours by its key now says nothing."""
    key = str(job.args["key"])
    known = await context.memory.read_inline(lambda uow: uow.rooms.recall(key))
    if known is None:
        return None
    await platform_of(context, job).edit(known.ref, withdrawn())
    return lambda uow: plans.edited(uow, key, "")


async def remove(context: JobContext, job: Job) -> Settle | None:
    """Whoever left a private incident no longer reads its room; who came back meanwhile stays."""
    room, people = await context.memory.read_inline(lambda uow: outgoing.to_remove(uow, job))
    if people:
        await platform_of(context, job).remove(room, people)
    return None


async def seal_room(context: JobContext, job: Job) -> None:
    """The room closes to all but its members; where a platform cannot, people are told to do it."""
    room, people = await context.memory.read_inline(lambda uow: outgoing.to_invite(uow, job))
    platform = platform_of(context, job)
    if not isinstance(platform, Sealing):
        why = "the room was made open and cannot be closed by the bot"
        fix = f"Make the room on {platform.name} private in its settings, and take out who is not in it."
        raise Refused(why, fix)
    await platform.seal_room(room, people)


EFFECTS = (
    Effect("withdraw", SET_LIKE, withdraw, unsent),
    Effect("remove", SET_LIKE, remove, plans.stayed),
    Effect("seal_room", SET_LIKE, seal_room, plans.troubled),
)

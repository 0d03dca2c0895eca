"""After handlers: found by the stored events of an act. Each is called by a job of its own, which is retried alone."""

from __future__ import annotations

from bot.core.bus import TELL, After, Bus
from bot.core.events.base import ActId, name_of
from bot.core.ports.jobs import Args, Job, JobSpec, Queue
from bot.core.ports.occurrences import Cause, Occurrence
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Timer

# The task that tells one of the core's own, and the one that tells a plug-in (``bot.plugins``).
CORE, PLUGIN = "after_core", "plugin_hears"


def after_tasks(bus: Bus) -> tuple[Timer, ...]:
    """The timers that tell who hears afterwards. A timer is one transaction, so each is told exactly once."""
    listening = {each.name: each for each in bus.after}

    def fan_out(uow: UnitOfWork, job: Job) -> None:
        act = ActId(str(job.args["act"]))
        rows = uow.occurrences.of(act)
        found = ((each, _heard(each, rows)) for each in bus.after)
        uow.jobs.enqueue(*(_told(each, heard) for each, heard in found if heard))

    def tell(uow: UnitOfWork, job: Job) -> None:
        after, act = listening.get(str(job.args["who"])), ActId(str(job.args["act"]))
        rows = [] if after is None else _heard(after, uow.occurrences.of(act))
        if after is not None and after.run is not None and rows:
            with uow.acting(Cause(act, rows[0].cause.depth + 1)):
                after.run(uow, rows)

    return (Timer(TELL, fan_out), Timer(CORE, tell))


def _heard(after: After, rows: list[Occurrence]) -> list[Occurrence]:
    names = {name_of(kind) for kind in after.hears}
    return [row for row in rows if row.name in names]


def _told(after: After, rows: list[Occurrence]) -> JobSpec:
    act = rows[0].act
    key, incident = f"act:{act}:{after.name}", rows[0].incident
    if after.run is None:
        args: Args = {"act": act, "plugin": after.name}
        # One after the other for each incident: what was read later is shown later.
        lane = f"plugin:{after.name}:inc{incident}"
        return JobSpec(PLUGIN, Queue.PLUGIN, args, lane, key, incident=incident)
    return JobSpec(
        CORE, Queue.TIMER, {"act": act, "who": after.name}, queueing_lock=key, incident=incident
    )

"""The job table at the command line: how much waits, what was given up and why, and another try."""

from __future__ import annotations

from bot.admin.desk import Answer, Args, Office
from bot.core.errors import Invalid
from bot.core.permissions import Action, may
from bot.core.ports.jobs import DeadJob, JobId
from bot.core.ports.unit_of_work import UnitOfWork


async def state(office: Office, args: Args) -> Answer:
    """Counts by queue, and every dead row. No text of an incident: arguments stay out."""

    def read(uow: UnitOfWork) -> Answer:
        found, due = uow.jobs.state(), uow.jobs.next_due()
        return {
            "ready": dict(found.ready),
            "leased": found.leased,
            "oldest_ready_seconds": round(found.oldest_ready, 3),
            "next_due": due.isoformat() if due else None,
            "dead": [_dead(each) for each in uow.jobs.dead()],
        }

    return await office.memory.read(read)


def _dead(dead: DeadJob) -> Answer:
    job = dead.job
    return {
        "id": job.id,
        "task": job.task,
        "queue": job.queue.value,
        "incident": f"INC-{job.incident}" if job.incident else None,
        "attempts": job.attempt,
        "error": dead.error,
        "at": dead.at.isoformat(),
    }


async def replay(office: Office, args: Args) -> Answer:
    """Make dead rows ready again: ``ids``, or all of them when that is empty. Idempotent."""
    wanted = args.get("ids") or []
    if not isinstance(wanted, list) or not all(isinstance(each, int) for each in wanted):
        raise Invalid("Jobs are named by their numbers; tocsin jobs lists them.")

    def write(uow: UnitOfWork) -> int:
        may(office.actor(uow, args), Action.REPAIR)
        known = [dead.job.id for dead in uow.jobs.dead()]
        missing = set(wanted) - set(known)
        if missing:
            raise Invalid(f"No dead job has the number {min(missing)}; tocsin jobs lists them.")
        return uow.jobs.replay(JobId(each) for each in (wanted or known))

    return {"replayed": await office.memory.write(write)}

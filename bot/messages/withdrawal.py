"""Withdraws a message of ours: the message stays, its content goes."""

from __future__ import annotations

from bot.core.incident import IncidentId
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork


def withdraw_message(uow: UnitOfWork, number: IncidentId, platform: str, key: str) -> None:
    """Have the remembered message of that key withdrawn, if there is one. Idempotent."""
    if uow.rooms.recall(key) is None:
        return
    args: dict[str, str | int] = {"incident": number, "platform": platform, "key": key}
    uow.jobs.enqueue(JobSpec("withdraw", Queue.CHAT, args, lane=key, incident=number))

"""Telling one person something that is about no incident: a shift, a cover request, a test page."""

from __future__ import annotations

from bot.core.chat.card import Card
from bot.core.chat.codec import card_json
from bot.core.people import PersonId
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.messages.addresses import addresses


def tell(
    uow: UnitOfWork, person: PersonId, card: Card, once: str = "", but: tuple[str, ...] = ()
) -> None:
    """A private card on every platform where the person can be told, ``but`` on those. ``once`` names
    it: a waiting one of that name is not doubled."""
    for platform in addresses(uow, person):
        if platform in but:
            continue
        args: dict[str, str | int] = {
            "platform": platform,
            "person": person,
            "card": card_json(card),
        }
        key = f"{once}:{platform}:{person}"[:200] if once else None
        lane = f"tell:{platform}:{person}"
        uow.jobs.enqueue(JobSpec("tell", Queue.CHAT, args, lane=lane, queueing_lock=key))

"""After an organisation file is applied: what was made from the one before is made again."""

from __future__ import annotations

from bot.core.ports.unit_of_work import UnitOfWork
from bot.oncall.shifts import shifts_soon
from bot.statuspage.service import render_soon


def adopted(uow: UnitOfWork) -> None:
    """When due: customers read components by their new names, and a schedule that was added has its timer. Idempotent."""
    render_soon(uow)
    shifts_soon(uow)

"""Whoever planned work is told what becomes of it by itself, and its moments have their timers."""

from __future__ import annotations

from bot.core.bus import Handler, on
from bot.core.ports.unit_of_work import UnitOfWork
from bot.messages.telling import tell
from bot.statuspage.cards import begun_card, ended_card, ending_card
from bot.statuspage.events import MaintenanceChanged, MaintenanceEnding
from bot.statuspage.maintenance import Phase
from bot.statuspage.maintenances import arm


def watch_its_moments(uow: UnitOfWork, event: MaintenanceChanged) -> None:
    """When it is announced, and when it takes longer."""
    if event.before is None or event.before is event.after:
        arm(uow, event.maintenance)


def tell_the_planner(uow: UnitOfWork, event: MaintenanceChanged) -> None:
    """It began or ended by itself."""
    if event.by_itself:
        found = event.maintenance
        card = begun_card(found) if event.after is Phase.IN_PROGRESS else ended_card(found)
        tell(uow, found.made_by, card)


def ask_the_planner(uow: UnitOfWork, event: MaintenanceEnding) -> None:
    """Whether the planned end holds."""
    tell(uow, event.maintenance.made_by, ending_card(event.maintenance))


HANDLERS: tuple[Handler, ...] = (
    on(MaintenanceChanged, run=watch_its_moments),
    on(MaintenanceChanged, run=tell_the_planner),
    on(MaintenanceEnding, run=ask_the_planner),
)

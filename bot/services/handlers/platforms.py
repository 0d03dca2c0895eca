"""What a platform reports of itself reaches those who can mend it."""

from __future__ import annotations

from bot.bus import Handler, on
from bot.domain.people import Standing
from bot.events.warrooms import PlatformTroubled
from bot.ports import UnitOfWork
from bot.services.telling import tell
from bot.views.replies import ailing


def tell_admins(uow: UnitOfWork, event: PlatformTroubled) -> None:
    """Every admin, wherever they can still be told."""
    card = ailing(event.platform, event.why, event.fix)
    for person in uow.org.people.values():
        if person.standing is Standing.ADMIN:
            tell(uow, person.id, card, "", (event.platform,) if event.deaf else ())


HANDLERS: tuple[Handler, ...] = (on(PlatformTroubled, run=tell_admins),)

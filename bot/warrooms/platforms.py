"""Tells the people who can fix it what a platform reports of itself."""

from __future__ import annotations

from datetime import timedelta

from bot.core.bus import Handler, on
from bot.core.chat.replies import platform_degraded
from bot.core.chat.vocabulary import Filed, News, PlatformDegraded, PlatformRecovered, Renamed
from bot.core.events.base import Said, Word
from bot.core.people import BOT, SYSTEM, Standing
from bot.core.ports.unit_of_work import UnitOfWork
from bot.messages.telling import tell
from bot.warrooms import rooms
from bot.warrooms.events import PlatformTroubled, RoomFiled

# Who did not mend it yet is told again after this long.
AGAIN = timedelta(days=1)


def tell_admins(uow: UnitOfWork, event: PlatformTroubled) -> None:
    """Every admin, wherever they can still be told."""
    card = platform_degraded(event.platform, event.why, event.fix)
    for person in uow.org.people.values():
        if person.standing is Standing.ADMIN:
            tell(uow, person.id, card, "", (event.platform,) if event.deaf else ())


def heard(uow: UnitOfWork, news: News) -> None:
    """Idempotent."""
    match news:
        case Renamed():
            rooms.renamed(uow, news.platform, news.room, news.name)
        case Filed():
            _filed(uow, news)
        case PlatformDegraded():
            _troubled(uow, news)
        case PlatformRecovered():
            uow.key_values.put(_key(news), "", uow.now)


def _key(news: PlatformDegraded | PlatformRecovered) -> str:
    return f"ailing:{news.platform}:{news.about}"


def _troubled(uow: UnitOfWork, news: PlatformDegraded) -> None:
    """Told once a day while it lasts."""
    said, _, at = (uow.key_values.get(_key(news)) or "").rpartition("@")
    if said == news.why and at > (uow.now - AGAIN).isoformat():
        return
    uow.key_values.put(_key(news), f"{news.why}@{uow.now.isoformat()}", uow.now + 2 * AGAIN)
    about = (Word(news.platform), news.deaf, Said(news.why), Said(news.fix))
    uow.happened(PlatformTroubled(uow.now, BOT, *about))


def _filed(uow: UnitOfWork, news: Filed) -> None:
    number = uow.rooms.incident_in(news.platform, news.room)
    if number is None:
        return
    incident = uow.incidents.lock(number, SYSTEM)
    uow.rooms.remove(news.platform, news.room)
    uow.happened(RoomFiled(uow.now, BOT, incident, Word(news.platform), Said(news.url)))


HANDLERS: tuple[Handler, ...] = (on(PlatformTroubled, run=tell_admins),)

"""What chat platforms report by themselves: a room renamed or filed away, and what an admin must mend."""

from __future__ import annotations

from datetime import timedelta

from bot.chat import Ailing, Filed, News, Renamed, Well
from bot.domain.people import BOT, SYSTEM, Standing
from bot.domain.timeline import Kind
from bot.ports import UnitOfWork
from bot.services import rooms
from bot.services.recording import record
from bot.services.telling import tell
from bot.views.replies import ailing

# Who did not mend it yet is told again after this long.
AGAIN = timedelta(days=1)


def heard(uow: UnitOfWork, news: News) -> None:
    """Idempotent."""
    match news:
        case Renamed():
            rooms.renamed(uow, news.platform, news.room, news.name)
        case Filed():
            _filed(uow, news)
        case Ailing():
            _tell_admins(uow, news)
        case Well():
            uow.kept.put(_key(news), "", uow.now)


def _key(news: Ailing | Well) -> str:
    return f"ailing:{news.platform}:{news.about}"


def _tell_admins(uow: UnitOfWork, news: Ailing) -> None:
    """Every admin, wherever else they can be told, once a day while it lasts."""
    said, _, at = (uow.kept.get(_key(news)) or "").rpartition("@")
    if said == news.why and at > (uow.now - AGAIN).isoformat():
        return
    uow.kept.put(_key(news), f"{news.why}@{uow.now.isoformat()}", uow.now + 2 * AGAIN)
    card = ailing(news.platform, news.why, news.fix)
    for person in uow.org.people.values():
        if person.standing is Standing.ADMIN:
            tell(uow, person.id, card, "", (news.platform,) if news.deaf else ())


def _filed(uow: UnitOfWork, news: Filed) -> None:
    number = uow.rooms.incident_in(news.platform, news.room)
    if number is None:
        return
    uow.incidents.lock(number, SYSTEM)
    uow.rooms.remove(news.platform, news.room)
    words = f"The room on {news.platform} was written down and removed, to make place"
    record(uow, number, BOT, Kind.ROOM, words, {"platform": news.platform}, url=news.url)

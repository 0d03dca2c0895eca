"""Calendar feeds: secret addresses of a person's own shifts or of a schedule, which can be revoked.

Only a digest of the address is kept, so that nobody who reads the database can read calendars with it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.events.base import Word
from bot.core.people import Actor, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.oncall.changes import Feed
from bot.oncall.engine.coverage import shifts
from bot.oncall.events import FeedChanged
from bot.oncall.schedules import schedule_of

BACK, AHEAD = timedelta(days=30), timedelta(days=180)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def open_feed(uow: UnitOfWork, actor: Actor, schedule: str | None) -> str:
    """A new address; earlier ones of the same kind stop answering. Returns the whole address."""
    may(actor, Action.ONCALL)
    if schedule is not None:
        schedule_of(uow, schedule)
    uow.oncall.revoke_feeds(actor.id, schedule)
    secret = secrets.token_urlsafe(24)
    uow.oncall.add_feed(Feed(digest_of(secret), actor.id, schedule, uow.now))
    _changed(uow, actor, schedule, opened=True)
    return f"{uow.internal_url}/feeds/{secret}.ics"


def close_feed(uow: UnitOfWork, actor: Actor, schedule: str | None) -> int:
    """Returns how many addresses stop answering. Idempotent."""
    may(actor, Action.ONCALL)
    stopped = uow.oncall.revoke_feeds(actor.id, schedule)
    if stopped:
        _changed(uow, actor, schedule, opened=False)
    return stopped


def _changed(uow: UnitOfWork, actor: Actor, schedule: str | None, *, opened: bool) -> None:
    name = None if schedule is None else Word(schedule)
    uow.happened(FeedChanged(uow.now, actor, name, opened))


@dataclass(frozen=True, slots=True)
class Duty:
    """One shift as a calendar shows it. ``uid`` is the same whenever the feed is read."""

    schedule: str
    person: str
    start: datetime
    end: datetime
    uid: str


@dataclass(frozen=True, slots=True)
class Calendar:
    name: str
    duties: tuple[Duty, ...]


def calendar(uow: UnitOfWork, secret: str) -> Calendar | None:
    """What the address shows; None for one that is not ours, was revoked, or whose owner has left."""
    feed = uow.oncall.feed(digest_of(secret))
    if feed is None or feed.revoked or feed.owner not in {p.id for p in uow.people.all()}:
        return None
    names = [feed.schedule] if feed.schedule else list(uow.org.schedules)
    found = [
        duty for name in names if name in uow.org.schedules for duty in _duties(uow, name, feed)
    ]
    title = feed.schedule or f"{uow.people.name(feed.owner)} on call"
    return Calendar(title, tuple(sorted(found, key=lambda duty: (duty.start, duty.uid))))


def _duties(uow: UnitOfWork, name: str, feed: Feed) -> list[Duty]:
    midnight = uow.now.replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = midnight - BACK, midnight + AHEAD
    mine = None if feed.schedule else feed.owner
    return [
        Duty(name, uow.people.name(s.person), s.start, s.end, _uid(uow, name, s.person, s.start))
        for s in shifts(schedule_of(uow, name, start), start, end)
        if mine is None or s.person == mine
    ]


def _uid(uow: UnitOfWork, schedule: str, person: PersonId, start: datetime) -> str:
    words = f"{schedule}:{person}:{start.isoformat()}"
    return f"{hashlib.sha256(words.encode()).hexdigest()[:24]}@{uow.install}.tocsin"

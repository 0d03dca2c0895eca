"""How one person is reached: by which channels, when, and when rather not. Pure.

Whom a page is for is said in ``escalation``; this is what happens for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Template
from zoneinfo import ZoneInfo

from bot.core.people import CHAT, Hours, Person, Rule, Urgency
from bot.core.severity import Severity
from bot.core.times.wallclock import first, reading


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach people beside chat. ``url`` is an Apprise address: ``${CAPITALS}`` are variables of
    the environment, ``$phone``, ``$email``, ``$address`` and ``$person`` the person's own.
    """

    name: str
    url: str

    def reaches(self, person: Person) -> bool:
        """Whether everything is known that the address says of the person."""
        known = of_person(person, self.name)
        wanted = [name for name in Template(self.url).get_identifiers() if name.islower()]
        return all(known.get(name) for name in wanted)


def of_person(person: Person, channel: str) -> Mapping[str, str]:
    """What a channel's address can say of somebody; empty where it is not known."""
    return {
        "phone": "".join(c for c in person.phone or "" if c in "+0123456789"),
        "email": person.email or "",
        "address": person.addresses.get(channel, ""),
        "person": person.id,
    }


@dataclass(frozen=True, slots=True)
class Send:
    """One message to one person: by a chat platform's or a channel's name, not before ``at`` (UTC)."""

    channel: str
    at: datetime


# Somebody without rules: chat at once, then whatever else reaches them; low urgency is chat alone.
ELSE_AFTER = timedelta(minutes=2)


def urgency_of(severity: Severity | None) -> Urgency:
    """SEV1, SEV2, and what nobody has judged yet, are urgent."""
    return Urgency.LOW if severity is not None and severity > Severity.SEV2 else Urgency.HIGH


def sends(
    person: Person,
    urgency: Urgency,
    platforms: Iterable[str],
    channels: Mapping[str, Channel],
    now: datetime,
) -> tuple[Send, ...]:
    """What is sent to ``person``, by time, each channel once: the earliest of its rules.

    ``platforms`` are the chat platforms on which they can be told. A rule that reaches nothing falls
    back to chat at once: nobody is silent by a slip in their rules. In quiet hours what is of low
    urgency waits for their end.
    """
    chats = tuple(platforms)
    found: dict[str, timedelta] = {}
    for rule in person.rules.get(urgency) or _usual(urgency, channels):
        for name in _named(rule, person, chats, channels):
            found[name] = min(found.get(name, rule.after), rule.after)
    if not found:
        found = dict.fromkeys(chats, timedelta(0))
    made = [Send(name, _not_before(person, urgency, now + after)) for name, after in found.items()]
    return tuple(sorted(made, key=lambda send: send.at))


def _usual(urgency: Urgency, channels: Mapping[str, Channel]) -> tuple[Rule, ...]:
    chat = Rule((CHAT,))
    return (chat,) if urgency is Urgency.LOW else (chat, Rule(tuple(channels), ELSE_AFTER))


def _named(
    rule: Rule, person: Person, chats: tuple[str, ...], channels: Mapping[str, Channel]
) -> Iterable[str]:
    for name in rule.by:
        if name == CHAT:
            yield from chats
        elif name in channels and channels[name].reaches(person):
            yield name


def _not_before(person: Person, urgency: Urgency, at: datetime) -> datetime:
    if urgency is Urgency.HIGH or person.quiet is None:
        return at
    return end_of(person.quiet, at, ZoneInfo(person.timezone))


def within(hours: Hours, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock of ``zone`` reads so at an instant; equal ends are the whole day."""
    now = reading(at, zone).time()
    if hours.start < hours.end:
        return hours.start <= now < hours.end
    return now >= hours.start or now < hours.end


def end_of(hours: Hours, at: datetime, zone: ZoneInfo) -> datetime:
    """When the hours that hold ``at`` are over; ``at`` itself outside them, or if they never are."""
    if hours.start == hours.end or not within(hours, at, zone):
        return at
    wall = reading(at, zone)
    end = wall.replace(hour=hours.end.hour, minute=hours.end.minute, second=0, microsecond=0)
    return first(end if end > wall else end + timedelta(days=1), zone)

"""Calendars in: what a rota kept in another program says, as shifts of our people (RFC 5545, read only)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.errors import Invalid
from bot.core.people import Person, PersonId
from bot.core.times.wallclock import first, last
from bot.oncall.engine.coverage import Shift

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rota:
    """``unknown`` are the titles of events that name nobody of the organisation, each once."""

    shifts: tuple[Shift, ...]
    unknown: tuple[str, ...] = ()


def rota(
    body: bytes, people: Mapping[PersonId, Person], start: datetime, end: datetime, zone: ZoneInfo
) -> Rota:
    """The shifts within [start, end), clipped and sorted. An event is somebody's by its attendees' e-mail
    addresses, or by a title that is, or begins with, a person's key, name or address.

    Days without hours, and hours without a zone, are those of ``zone``. Raises ``Invalid`` for what is no calendar.
    """
    found: dict[Shift, None] = {}
    unknown: dict[str, None] = {}
    for event, since, until in _events(body, start, end, zone):
        who = _whose(event, people)
        if not who:
            unknown[str(event.get("SUMMARY", "(no title)"))[:80]] = None
        for person in who:
            found[Shift(max(since, start), min(until, end), person)] = None
    return Rota(tuple(sorted(found)), tuple(unknown))


def _events(
    body: bytes, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[Any, datetime, datetime]]:
    """Each time that each event happens between two instants; those called off are left out."""
    import icalendar  # noqa: PLC0415 - only who reads calendars pays for it
    import recurring_ical_events  # noqa: PLC0415 - as above

    try:
        whole = icalendar.Calendar.from_ical(body)
        whole.subcomponents = [part for part in whole.subcomponents if _counts(part)]
        # Hours without a zone are compared as they stand: a day more on either side, and then our own zone.
        found = recurring_ical_events.of(whole).between(start - _DAY, end + _DAY)
    except ValueError as error:
        raise Invalid(f"That is no iCalendar file: {str(error)[:200]}") from None
    for event in found:
        since, until = _instant(event["DTSTART"].dt, zone), _instant(event["DTEND"].dt, zone, last)
        cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
        if since < end and until > start and not cancelled:
            yield event, since, until


def _counts(part: Any) -> bool:
    """All but events that say no beginning. Raises ``Invalid`` for a rule that is a slip of whoever wrote it."""
    if part.name != "VEVENT":
        return True
    title = str(part.get("SUMMARY", "(no title)"))[:80]
    for rule in _listed(part.get("RRULE")):
        if "FREQ" not in rule:
            raise Invalid(f"{title} comes again, and does not say how often.")
        times = [len(rule.get(each, [0])) for each in ("BYMINUTE", "BYSECOND")]
        if rule["FREQ"][0] in {"MINUTELY", "SECONDLY"} or max(times) > 1:
            raise Invalid(f"{title} comes more than once an hour.")
    return "DTSTART" in part


def _listed(found: Any) -> list[Any]:
    return [] if found is None else found if isinstance(found, list) else [found]


def _instant(
    at: date, zone: ZoneInfo, which: Callable[[datetime, ZoneInfo], datetime] = first
) -> datetime:
    """A missing wall time is the first instant after the gap, a repeated one the first, or for an end the last."""
    if not isinstance(at, datetime):
        return which(datetime.combine(at, time()), zone)
    if at.tzinfo is None or isinstance(at.tzinfo, ZoneInfo):
        return which(at.replace(tzinfo=None), at.tzinfo or zone)
    return at.astimezone(UTC)


def _whose(event: Any, people: Mapping[PersonId, Person]) -> list[PersonId]:
    emails = {str(one).casefold().removeprefix("mailto:") for one in _listed(event.get("ATTENDEE"))}
    found = [p.id for p in people.values() if p.email and p.email.casefold() in emails]
    title = str(event.get("SUMMARY", "")).casefold().strip()
    named = [(fit, p.id) for p in people.values() if (fit := _fit(title, p))]
    return found or [max(named)[1]] if found or named else []


def _fit(title: str, person: Person) -> int:
    """How much of a title is what the person is called: of Ana and Ana Lima the longer one is meant."""
    names = [name.casefold() for name in (person.id, person.name, person.email or "") if name]
    begun = [n for n in names if title == n or title.startswith((f"{n} ", f"{n}:", f"{n},"))]
    return max(map(len, begun), default=0)

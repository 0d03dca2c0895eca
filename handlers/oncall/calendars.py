"""Calendars in: what a rota kept in another program says, as shifts of our people (RFC 5545, read only)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.errors import Invalid
from bot.domain.oncall import Shift
from bot.domain.people import Person, PersonId
from bot.domain.wallclock import first, last

_DAY = timedelta(days=1)
# More of one event than a shift an hour for two years is a slip of whoever wrote it.
MOST = 20_000


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
    for event, since, until in _occurrences(_events(body), start, end, zone):
        who = _whose(event, people)
        if not who:
            unknown[str(event.get("SUMMARY", "(no title)"))[:80]] = None
        for person in who:
            found[Shift(max(since, start), min(until, end), person)] = None
    return Rota(tuple(sorted(found)), tuple(unknown))


def _events(body: bytes) -> list[Any]:
    import icalendar  # noqa: PLC0415 - only who reads calendars pays for it

    try:
        whole = icalendar.Calendar.from_ical(body)
    except ValueError as error:
        raise Invalid(f"That is no iCalendar file: {str(error)[:200]}") from None
    return list(whole.walk("VEVENT"))


def _occurrences(
    events: list[Any], start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[Any, datetime, datetime]]:
    """Each time that each event happens, those moved by themselves where they were moved to."""
    moved = {
        (str(event.get("UID")), _instant(event["RECURRENCE-ID"].dt, zone))
        for event in events
        if "RECURRENCE-ID" in event
    }
    for event in events:
        if "DTSTART" not in event or str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        single, key = "RECURRENCE-ID" in event, str(event.get("UID"))
        begins, length = event["DTSTART"].dt, _length(event)
        for wall in [begins] if single else _repeated(event, begins, end, zone):
            since, until = _instant(wall, zone), _instant(wall + length, zone, last)
            if since < end and until > start and (single or (key, since) not in moved):
                yield event, since, until


def _length(event: Any) -> timedelta:
    """On the wall clock: a shift until nine ends at nine, whatever the clocks do meanwhile."""
    begins = event["DTSTART"].dt
    if "DTEND" in event:
        return _naive(event["DTEND"].dt) - _naive(begins)
    if "DURATION" in event:
        return timedelta(seconds=event["DURATION"].dt.total_seconds())
    return timedelta() if isinstance(begins, datetime) else _DAY


def _repeated(event: Any, begins: date, end: datetime, zone: ZoneInfo) -> Iterable[date]:
    from dateutil.rrule import rruleset, rrulestr  # noqa: PLC0415 - as above

    if "RRULE" not in event and "RDATE" not in event:
        return [begins]
    own = begins.tzinfo if isinstance(begins, datetime) else None
    wall, made = _naive(begins), rruleset()
    made.rdate(wall)
    for rule in _listed(event.get("RRULE")):
        text = rule.to_ical().decode()
        made.rrule(rrulestr(_until_on_the_wall(text, own, zone), dtstart=wall))
    for each in _dates(event.get("RDATE"), own):
        made.rdate(each)
    for each in _dates(event.get("EXDATE"), own):
        made.exdate(each)
    horizon = _naive(end.astimezone(own or zone)) + _DAY
    found: list[date] = []
    for each in made:
        if each > horizon:
            break
        if len(found) == MOST:
            raise Invalid(f"{str(event.get('SUMMARY', ''))[:80]} comes more than {MOST} times.")
        found.append(each.replace(tzinfo=own) if isinstance(begins, datetime) else each.date())
    return found


def _until_on_the_wall(rule: str, own: Any, zone: ZoneInfo) -> str:
    """UNTIL in UTC, as the standard has it, on the clock that the rule is counted on."""
    parts = []
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name == "UNTIL" and value.endswith("Z"):
            at = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            value = f"{_naive(at.astimezone(own or zone)):%Y%m%dT%H%M%S}"
        parts.append(f"{name}={value}")
    return ";".join(parts)


def _dates(found: Any, own: Any) -> Iterator[datetime]:
    for each in _listed(found):
        for one in each.dts:
            at = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            if isinstance(at, datetime) and at.tzinfo is not None and own is not None:
                at = at.astimezone(own)
            yield _naive(at)


def _listed(found: Any) -> list[Any]:
    return [] if found is None else found if isinstance(found, list) else [found]


def _naive(at: date) -> datetime:
    """What the event's own clock reads."""
    return at.replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time())


def _instant(
    at: date, zone: ZoneInfo, which: Callable[[datetime, ZoneInfo], datetime] = first
) -> datetime:
    """A missing wall time is the first instant after the gap, a repeated one the first, or for an end the last."""
    if not isinstance(at, datetime):
        return which(_naive(at), zone)
    if at.tzinfo is None or isinstance(at.tzinfo, ZoneInfo):
        return which(_naive(at), at.tzinfo or zone)
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

"""Single values of a schedule, read from YAML (all strings) or JSON, each error naming its field.

Nothing here knows what the fields of a schedule are.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from bot.core.people import PersonId
from bot.core.times.wallclock import first, last, reading
from bot.oncall.engine.recurrence import Weekday
from bot.organisation.format import Path, dotted

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_YEARS = range(1900, 3000)
_HOUR = 3600
_MOMENT = "a moment such as 2026-01-05T09:00 or 2026-01-05T09:00+01:00, from 1900 to 2999"
_WORDS = {"true": True, "yes": True, "false": False, "no": False}

Choice = TypeVar("Choice", bound=StrEnum)


class ScheduleError(ValueError):
    """``path`` is where in the schedule, ``text`` what is wrong there and what is allowed."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(f"{dotted(path) if path else 'schedule'}: {text}")
        self.path = path
        self.text = text


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and where it stands. ``people`` are the ids that may be named; None allows any."""

    value: object
    path: Path = ()
    people: Container[str] | None = None

    @property
    def absent(self) -> bool:
        return self.value is None or self.value == ""

    def part(self, key: str | int, value: object) -> Cell:
        return Cell(value, (*self.path, key), self.people)

    def wrong(self, text: str) -> ScheduleError:
        return ScheduleError(self.path, text)

    def refused(self, allowed: str) -> ScheduleError:
        """The value is not one of the allowed ones."""
        if self.absent:
            return self.wrong(f"is required: {allowed}.")
        return self.wrong(f"must be {allowed}, not {self.value!r}.")


def fields(cell: Cell, *names: str) -> dict[str, Cell]:
    """All the named fields of a mapping, absent ones too; any other is an error."""
    if not isinstance(cell.value, Mapping):
        raise cell.wrong(f"must be a mapping with some of {', '.join(names)}.")
    for key in cell.value:
        if key not in names:
            near = get_close_matches(str(key), names, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            allowed = f"allowed: {', '.join(names)}."
            raise cell.part(str(key), None).wrong(f"is not a field here; {allowed}{hint}")
    return {name: cell.part(name, cell.value.get(name)) for name in names}


def items(cell: Cell) -> list[Cell]:
    """The items of a list; an absent one is empty."""
    if cell.absent:
        return []
    if not isinstance(cell.value, list | tuple):
        raise cell.wrong("must be a list.")
    return [cell.part(place, value) for place, value in enumerate(cell.value)]


def text(cell: Cell) -> str:
    if cell.absent:
        return ""
    if not isinstance(cell.value, str | int) or isinstance(cell.value, bool):
        raise cell.refused("a text")
    return str(cell.value)


def whole(cell: Cell, low: int, high: int, default: int | None = None) -> int:
    """A whole number from ``low`` to ``high``."""
    if cell.absent and default is not None:
        return default
    value = cell.value
    number = int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else value
    number = int(number) if isinstance(number, float) and number.is_integer() else number
    if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
        raise cell.refused(f"a whole number from {low} to {high}")
    return number


def yes(cell: Cell) -> bool:
    """True or false; absent is false."""
    found = False if cell.absent else _WORDS.get(str(cell.value).lower())
    if found is None:
        raise cell.refused("true or false")
    return found


def choice(cell: Cell, among: type[Choice]) -> Choice:
    if not isinstance(cell.value, str) or cell.value not in list(among):
        raise cell.refused(f"one of {', '.join(among)}")
    return among(cell.value)


def zone_name(cell: Cell, default: str) -> str:
    """An IANA name that this system knows."""
    if cell.absent:
        return default
    try:
        return ZoneInfo(str(cell.value)).key
    except (KeyError, ValueError, OSError):
        near = get_close_matches(str(cell.value), available_timezones(), 1)
        hint = f", such as {near[0]}" if near else ", such as Europe/Berlin"
        raise cell.refused(f"an IANA time zone{hint}") from None


def person(cell: Cell) -> PersonId:
    name = text(cell)
    if not name:
        raise cell.refused("a person")
    if cell.people is not None and name not in cell.people:
        raise cell.wrong(f"{name} is nobody of people.")
    return PersonId(name)


def group(cell: Cell) -> tuple[PersonId, ...]:
    """A person, or a list of people together."""
    if isinstance(cell.value, list | tuple):
        return tuple(person(item) for item in items(cell))
    return (person(cell),)


def days(cell: Cell) -> frozenset[Weekday]:
    """An absent list is empty."""
    return frozenset(day(item) for item in items(cell))


def day(cell: Cell) -> Weekday:
    name = str(cell.value).upper()
    if name not in Weekday.__members__:
        raise cell.refused(f"one of {', '.join(Weekday.__members__)}")
    return Weekday[name]


def clock(cell: Cell) -> time:
    """A time of day such as 09:00, to the second."""
    found = _CLOCK.fullmatch(_sexagesimal(cell.value))
    if found is None:
        raise cell.refused("a time of day from 00:00 to 23:59:59")
    hour, minute, second = (int(part or 0) for part in found.groups())
    return time(hour, minute, second)


def closing(cell: Cell) -> time:
    """A time of day at which something ends; 24:00 is the next midnight."""
    return time() if _sexagesimal(cell.value) in ("24:00", "24:00:00") else clock(cell)


def _sexagesimal(value: object) -> str:
    """What was written. A plain YAML reader makes 1020 of 17:00 and 61200 of 17:00:00, and no time of
    day is both: 23:59 is 1439, and 1:00:00 is 3600."""
    if not isinstance(value, int) or isinstance(value, bool):
        return str(value)
    seconds = value if value >= _HOUR else value * 60
    return f"{seconds // _HOUR}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def wall(cell: Cell, zone: ZoneInfo) -> datetime:
    """What the clocks of the zone read at a moment."""
    moment = _moment(cell)
    return moment if moment.tzinfo is None else reading(moment, zone)


def begin(cell: Cell, zone: ZoneInfo) -> datetime:
    """The instant at which something begins; a wall time read twice is the first."""
    moment = _moment(cell)
    return first(moment, zone) if moment.tzinfo is None else moment.astimezone(UTC)


def finish(
    cell: Cell, zone: ZoneInfo, after: datetime | None, beginning: str = "start"
) -> datetime:
    """The instant at which something ends, after its beginning; a wall time read twice is the last."""
    moment = _moment(cell)
    end = last(moment, zone) if moment.tzinfo is None else moment.astimezone(UTC)
    if after is not None and end <= after:
        raise cell.wrong(f"must be after {beginning}.")
    return end


def _moment(cell: Cell) -> datetime:
    """ISO 8601: aware with an offset, else wall time."""
    try:
        moment = datetime.fromisoformat(str(cell.value))
    except ValueError:
        raise cell.refused(_MOMENT) from None
    if moment.year not in _YEARS or not isinstance(cell.value, str | date):
        raise cell.refused(_MOMENT)
    return moment

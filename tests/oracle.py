"""Who is on call, read straight from the schedule's own words: a slow second opinion on the schedule engine.

It takes the mapping, not the parsed schedule, and looks at every wall time one by one. Of the clock it
knows only what it reads at every step around a change: a wall time has come once the clock has read as
much, and is past once it will never again read that or less. So a missing time is the end of its gap, and
one that comes twice is the first for a start and the last for an end. Shares no code with the engine.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

STEP = timedelta(seconds=150)
DAY = timedelta(days=1)
AROUND = 20 * DAY
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
UNITS = {"hour": timedelta(hours=1), "day": DAY, "week": 7 * DAY}
People = frozenset[str]


@dataclass(frozen=True)
class Told:
    """What the clock reads at a step, the most it has read until then, the least it reads from then on,
    and after that step."""

    reads: datetime
    most: datetime
    least: datetime
    after: datetime

    def past(self, wall: datetime) -> bool:
        return self.least >= wall and self.after > wall


@lru_cache(maxsize=128)
def clock(zone: str, middle: datetime) -> Mapping[datetime, Told]:
    here = ZoneInfo(zone)
    steps = [middle + n * STEP for n in range(-(AROUND // STEP), AROUND // STEP + 1)]
    reads = [at.astimezone(here).replace(tzinfo=None) for at in steps]
    most = accumulate(reads, max)
    least = list(accumulate(reversed(reads), min))[::-1]
    after = [*least[1:], least[-1] + STEP]
    return {at: Told(*row) for at, *row in zip(steps, reads, most, least, after, strict=True)}


@dataclass(frozen=True)
class Oracle:
    """``middle`` is the change of the clock around which is asked."""

    mapping: Mapping[str, Any]
    middle: datetime

    def who(self, at: datetime) -> People:
        fixed = [f for f in self.mapping.get("fixed_periods") or () if self.within(f, at)]
        if fixed:
            shifts = [shift for period in fixed for shift in period.get("shifts") or ()]
            return frozenset(shift["user"] for shift in shifts if self.within(shift, at))
        people = self.overridden(self.layered(at), at)
        for swap in self.mapping.get("swaps") or ():
            taken = swap.get("taker") and not swap.get("deleted")
            if taken and self.within(swap, at) and swap["requester"] in people:
                people = people - {swap["requester"]} | {swap["taker"]}
        return people

    # --- the clock ---

    def zone(self, layer: Mapping[str, Any]) -> str:
        return layer.get("timezone") or self.mapping.get("timezone") or "UTC"

    def told(self, at: datetime, zone: str) -> Told:
        return clock(zone, self.middle)[at]

    def begun(self, text: str, at: datetime, zone: str) -> bool:
        moment = datetime.fromisoformat(text)
        return moment <= at if moment.tzinfo else self.told(at, zone).most >= moment

    def over(self, text: str, at: datetime, zone: str) -> bool:
        moment = datetime.fromisoformat(text)
        return moment <= at if moment.tzinfo else self.told(at, zone).past(moment)

    def within(self, item: Mapping[str, Any], at: datetime) -> bool:
        zone = self.zone({})
        return self.begun(item["start"], at, zone) and not self.over(item["end"], at, zone)

    # --- layers and overrides ---

    def layered(self, at: datetime) -> People:
        found: dict[int, People] = {}
        for layer in self.mapping.get("layers") or ():
            level = layer.get("priority", 0)
            found[level] = found.get(level, frozenset()) | self.of_layer(layer, at)
        return next(
            (found[level] for level in sorted(found, reverse=True) if found[level]), frozenset()
        )

    def overridden(self, people: People, at: datetime) -> People:
        made = [o for o in self.mapping.get("overrides") or () if self.within(o, at)]
        made.sort(key=lambda override: override.get("priority", 0))
        covers = [override for override in made if override["kind"] == "replace_all"]
        people = frozenset([covers[-1]["user"]]) if covers else people
        for override in made:
            match override["kind"]:
                case "add":
                    people |= {override["user"]}
                case "remove":
                    people -= {override["replaces"]}
                case "replace_user" if override["replaces"] in people:
                    people = people - {override["replaces"]} | {override["user"]}
        return people

    def of_layer(self, layer: Mapping[str, Any], at: datetime) -> People:
        zone = self.zone(layer)
        told, limits = self.told(at, zone), layer.get("restrictions") or ()
        since, until = layer.get("effective_from"), layer.get("effective_until")
        if since and not self.begun(since, at, zone):
            return frozenset()
        if until and self.over(until, at, zone):
            return frozenset()
        if limits and not any(open_at(rule, told) for rule in limits):
            return frozenset()
        if layer.get("recurrence"):
            return frozenset(recurring(layer["recurrence"], told, zone, self.middle))
        return frozenset(layer.get("users") or self.turning(layer, told, zone))

    def turning(self, layer: Mapping[str, Any], told: Told, zone: str) -> People:
        rule, anchor = layer["rotation"], layer.get("anchor")
        order, number = rule["participants"], turn(rule, told.most, zone)
        if anchor:
            held = datetime.fromisoformat(anchor["at"])
            if held.tzinfo:
                most = clock(zone, self.middle)[held].most
            else:
                # The first instant that reads so, and the end of the gap that skips it.
                most = next(
                    told.most for told in clock(zone, self.middle).values() if told.most >= held
                )
            named = [place for place, group in enumerate(order) if anchor["person"] in group]
            number += min(named, key=lambda place: len(order[place])) - turn(rule, most, zone)
        return frozenset(order[number % len(order)])


# --- sources -----------------------------------------------------------------------------------


def reading(text: str, zone: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment.tzinfo else moment


def turn(rule: Mapping[str, Any], most: datetime, zone: str) -> int:
    """The number of the last hand-off whose wall time the clock has read."""
    start, length = reading(rule["start"], zone), rule.get("turn_length", 1)
    if rule["unit"] != "month":
        return int((most - start) // (UNITS[rule["unit"]] * length))
    number = 0
    while later(start, (number + 1) * length) <= most:
        number += 1
    while later(start, number * length) > most:
        number -= 1
    return number


def later(wall: datetime, months: int) -> datetime:
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    return wall.replace(
        year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1])
    )


def recurring(rule: Mapping[str, Any], told: Told, zone: str, middle: datetime) -> Iterator[str]:
    length = timedelta(seconds=rule["duration_s"])
    order, hold = rule["participants"], rule.get("hold", 1)
    for wall, place in around(json.dumps(rule), zone, middle):
        if wall <= told.most and not told.past(wall + length):
            yield from order[place // hold % len(order)]


@lru_cache(maxsize=64)
def around(rule: str, zone: str, middle: datetime) -> list[tuple[datetime, int]]:
    """Those that may still last when one first looks; each one before them was counted too."""
    read, wall = json.loads(rule), middle.replace(tzinfo=None)
    early = wall - AROUND - 3 * DAY - timedelta(seconds=read["duration_s"])
    found = occurring(read, zone, wall + AROUND + 3 * DAY)
    return [(begins, place) for begins, place in found if begins > early]


def occurring(
    rule: Mapping[str, Any], zone: str, until: datetime
) -> Iterator[tuple[datetime, int]]:
    start, freq, every = reading(rule["start"], zone), rule["freq"], rule.get("every", 1)
    days, dates = rule.get("by_day") or (), rule.get("by_monthday") or ()
    if freq == "once":
        yield start, 0
        return
    by_unit = (freq == "week" and days) or (freq == "month" and (days or dates))
    step = UNITS["hour"] if freq == "hour" else DAY
    count, wall = 0, start
    while wall <= until:
        unit = unit_of(rule, start, wall, step)
        if unit % every == 0 and picked(freq, start, wall, days, dates):
            yield wall, unit // every if by_unit else count
            count += 1
        wall += step


def unit_of(rule: Mapping[str, Any], start: datetime, wall: datetime, step: timedelta) -> int:
    match rule["freq"]:
        case "week":
            first = (
                start.date()
                - (start.weekday() - DAYS.index(rule.get("week_start", "MO"))) % 7 * DAY
            )
            return (wall.date() - first).days // 7
        case "month":
            return (wall.year - start.year) * 12 + wall.month - start.month
        case _:
            return (wall - start) // step


def picked(freq: str, start: datetime, wall: datetime, days: Any, dates: Any) -> bool:
    if not days and not dates:
        same_day = freq != "week" or wall.weekday() == start.weekday()
        return same_day and (freq != "month" or wall.day == start.day)
    from_end = wall.day - monthrange(wall.year, wall.month)[1] - 1
    on_date = not dates or wall.day in dates or from_end in dates
    return on_date and (not days or DAYS[wall.weekday()] in days)


# --- restrictions ------------------------------------------------------------------------------


def open_at(rule: Mapping[str, Any], told: Told) -> bool:
    if rule.get("type") == "wallclock":
        return reads_so(rule, told.reads)
    if rule.get("type"):
        length = timedelta(seconds=rule["duration_s"])
        days = [rule["start_day"]] if rule["type"] == "weekly" else DAYS
    else:
        length = (hours(rule["end"]) - hours(rule["start"])) % DAY or DAY
        days = rule.get("days") or DAYS
    first = datetime.combine((told.least - length).date(), time()) - DAY
    while first <= told.most:
        opens = first + hours(rule["start"])
        on_day = DAYS[opens.weekday()] in days
        if on_day and opens <= told.most and not told.past(opens + length):
            return True
        first += DAY
    return False


def hours(clock: str) -> timedelta:
    hour, minute = clock.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def reads_so(rule: Mapping[str, Any], reads: datetime) -> bool:
    now = reads - datetime.combine(reads.date(), time())
    start, end = hours(rule.get("start") or "00:00"), hours(rule.get("end") or "00:00")
    in_hours = start <= now < end if start < end else now >= start or now < end
    count = monthrange(reads.year, reads.month)[1]
    dates = [
        [d if d > 0 else count + 1 + d for d in pair] for pair in rule.get("days_of_month") or ()
    ]
    return (
        in_hours
        and DAYS[reads.weekday()] in (rule.get("days") or DAYS)
        and among(reads.month, rule.get("months"))
        and among(reads.day, dates)
        and among(reads.year, rule.get("years"))
    )


def among(number: int, ranges: Any) -> bool:
    pairs = [pair if isinstance(pair, list) else [pair, pair] for pair in ranges or ()]
    return not pairs or any(low <= number <= high for low, high in pairs)

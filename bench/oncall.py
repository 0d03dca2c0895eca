"""What the schedule engine costs: one question, one year of shifts, and an old schedule against a new one.

    python -m bench.oncall

Milliseconds are the best of several; ratios are medians of pairs, taken in turn with as many bare time-zone
conversions: on a busy machine the milliseconds wander, the ratios do not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from bench._measure import beside
from bot.oncall.engine.coverage import on_call, shifts
from bot.oncall.engine.schedule import Schedule
from bot.organisation.schedules.parser import parse_schedule

PEOPLE = [f"p{number}" for number in range(20)]
YEAR = timedelta(days=365)
START = datetime(2026, 1, 1, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
# Bare conversions that one yardstick takes.
CONVERSIONS = 1000


def plan(year: int) -> Schedule:
    """20 people, four layers, 50 overrides; begun in January of ``year``."""
    weekly = {"unit": "week", "start": f"{year}-01-05T09:00", "participants": PEOPLE}
    office = [{"days": ["MO", "TU", "WE", "TH", "FR"], "start": "09:00", "end": "17:00"}]
    weekends = {
        "freq": "week",
        "by_day": ["SA", "SU"],
        "start": f"{year}-01-05T00:00",
        "duration_s": 86400,
        "participants": [[name] for name in PEOPLE],
    }
    layers: list[dict[str, Any]] = [
        {"rotation": weekly},
        {"priority": 1, "rotation": {**weekly, "unit": "day"}, "restrictions": office},
        {"priority": 2, "recurrence": weekends},
        {"priority": -1, "rotation": {**weekly, "unit": "month"}, "timezone": "Europe/Berlin"},
    ]
    overrides = [_override(number) for number in range(50)]
    return parse_schedule({"timezone": ZONE.key, "layers": layers, "overrides": overrides})


def _override(number: int) -> dict[str, Any]:
    kind = ("replace_all", "replace_user", "add", "remove")[number % 4]
    day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
    made = {"kind": kind, "start": f"{day}T10:00", "end": f"{day}T20:00"}
    user = {} if kind == "remove" else {"user": PEOPLE[number % 20]}
    replaces = {"replaces": PEOPLE[(number + 3) % 20]} if kind in ("replace_user", "remove") else {}
    return {**made, **user, **replaces}


def yardstick() -> None:
    """The least that anything about time zones could cost."""
    for number in range(CONVERSIONS):
        (START + timedelta(hours=number)).astimezone(ZONE)


def _seconds(work: Callable[[], object], times: int) -> float:
    begun = perf_counter()
    for _ in range(times):
        work()
    return perf_counter() - begun


def _ask(schedule: Schedule) -> None:
    """100 questions, all different, so that nothing is remembered from one to the next."""
    for number in range(100):
        on_call(schedule, START + timedelta(hours=37 * number))


def main(rounds: int = 9, twice: Collection[str] = ()) -> dict[str, float]:
    """Milliseconds, and ratios to what was taken right beside it. What ``twice`` names is done twice, to see that
    its gate would notice."""
    new, old = plan(2025), plan(1990)
    works: dict[str, Callable[[], object]] = {
        "yardstick": yardstick,
        "on_call": lambda: _ask(new),
        "on_call_old": lambda: _ask(old),
        "year": lambda: shifts(new, START, START + YEAR),
        "year_old": lambda: shifts(old, START, START + YEAR),
        "decade": lambda: shifts(new, START, START + 10 * YEAR),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(_seconds(work, 2 if name in twice else 1))
    best = {name: min(samples) * 1000 for name, samples in taken.items()}
    found = {
        "on_call_ms": best["on_call"] / 100,
        "on_call_ratio": beside(taken["on_call"], taken["yardstick"]) / 100,
        "year_ms": best["year"],
        "year_ratio": beside(taken["year"], taken["yardstick"]),
        "age": beside(taken["year_old"], taken["year"]),
        "asking_age": beside(taken["on_call_old"], taken["on_call"]),
        "decade": beside(taken["decade"], taken["year"]),
    }
    print(
        f"on_call {found['on_call_ms']:.3f} ms, one begun 35 years earlier × {found['asking_age']:.2f}"
    )
    print(
        f"a year of shifts {found['year_ms']:.1f} ms, one begun 35 years earlier × {found['age']:.2f}"
    )
    print(f"ten years cost × {found['decade']:.1f} of one")
    print(
        f"{CONVERSIONS} bare conversions {best['yardstick']:.2f} ms; a question × {found['on_call_ratio']:.2f}, a year "
        f"× {found['year_ratio']:.1f}"
    )
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)

"""The benchmarks' gates on their short forms: what must hold on any machine, as ratios or generous bounds.

The figures themselves are printed by ``make bench``; see docs/performance.md. A bound is broken when two
measurements in a row are beyond it (tests/bounds.py). A gate that is a ratio sees what takes twice as long: that is
planted, and tried. That it is quiet on a busy machine is a soak: twenty runs of each beside a neighbour.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import console, declare, history, jobs, language, oncall, paging, slack, startup
from tests.bounds import Bound, Figures, at_least, at_most, hold
from tests.neighbour import busy_neighbour


@dataclass(frozen=True)
class Gate:
    measure: Callable[[], Awaitable[Figures]]
    bounds: Mapping[str, Bound]


async def _oncall(rounds: int, twice: str = "") -> Figures:
    return oncall.main(rounds, {twice})


async def _startup(rounds: int, *, twice: bool = False) -> Figures:
    return startup.main(rounds, twice=twice)


# A scan looks at every incident, of 5,000 instead of 400: it may cost more, by so much.
SCANS = {
    "incident pages: a word that is nowhere": at_most(3.7),
    "incident pages: a severity that none has": at_most(2),
}
HISTORY = {**dict.fromkeys(history.WORK, at_most(1.5)), **SCANS}
# Beside a thousand bare conversions of time zones.
ON_CALL = {
    "on_call_ratio": at_most(0.08),
    "year_ratio": at_most(11.5),
    "age": at_most(1.5),
    "asking_age": at_most(1.5),
    "decade": at_most(15),
}
FLOW = {"effects_ratio": at_most(34), "free_ratio": at_most(10.5)}
GATES = {
    "twenty declares at once cost little more than their rows": Gate(
        lambda: declare.main(15), {"ratio": at_most(2.6), "statements": at_most(185)}
    ),
    "jobs start at once and flow": Gate(
        lambda: jobs.main(2),
        {
            **FLOW,
            "latency_p99": at_most(0.05),
            "lateness_p99": at_most(0.1),
            "effects": at_least(300),
            "free": at_least(2000),
            "fanned_ratio": at_most(5),  # 5 s for 100,000 on a quiet machine
            "page": at_most(0.15),  # 50 ms on a quiet machine
        },
    ),
    "asking a schedule costs little more than reading the clock": Gate(lambda: _oncall(9), ON_CALL),
    # 10,000 people, 500 schedules, 2,000 open pages, the whole size; the same rows are written bare in turn.
    "a seconds escalations are found and fired in it by far": Gate(
        paging.main,
        {
            "due_p50": at_most(0.1),
            "due_ratio": at_most(16),
            "due_worst_ratio": at_most(25),  # a disk that stalls stalls both
            "page": at_most(1),
        },
    ),
    # A fence on a few runs of a shared machine; what is promised is measured by 30, see docs/performance.md.
    "a war room in slack is ready soon after the calls that it takes": Gate(
        lambda: slack.main(7, 3),
        {
            "in_a_row": at_most(3),
            "ratio": at_most(1.5),
            "together": at_most(2.6),
            "ack": at_most(0.5),
        },
    ),
    # 5,000 incidents and 100,000 entries; the long form, ten times as many, is `make bench`.
    "history does not slow it": Gate(lambda: history.main(5_000, 100), HISTORY),
    # Reading our own files waits for the disk, too: it is 1.7 on a quiet machine.
    "starting costs little more than importing": Gate(
        lambda: _startup(3), {"time": at_most(2), "memory": at_most(1.6)}
    ),
    # The processor's own time; 0.5 ms is the bound on a quiet machine.
    "a sentence is read and completed at once": Gate(
        lambda: language.main(50), {"parsing": at_most(1.5), "completing": at_most(20)}
    ),
    # With 1,000 rooms, in a real browser on loopback; a first visit, beside a page of a few lines.
    "the console shows something useful at once and weighs little": Gate(
        lambda: console.main(9),
        {
            "again": at_most(300),
            "beside_bare": at_most(3),
            "weight": at_most(100_000),
            "elsewhere": at_most(0),
        },
    ),
}
NAMES = [
    pytest.param(name, marks=pytest.mark.browser if name.startswith("the console") else ())
    for name in GATES
]
SLOWED = {
    "a declare": Gate(lambda: declare.main(9, twice=True), {"ratio": at_most(2.6)}),
    "a job": Gate(lambda: jobs.main(2, twice=True), FLOW),
    "who is on call": Gate(
        lambda: _oncall(3, "on_call"), {"on_call_ratio": ON_CALL["on_call_ratio"]}
    ),
    "a year of shifts": Gate(lambda: _oncall(3, "year"), {"year_ratio": ON_CALL["year_ratio"]}),
    "ten years of shifts": Gate(lambda: _oncall(3, "decade"), {"decade": ON_CALL["decade"]}),
    "the shifts of an old schedule": Gate(lambda: _oncall(3, "year_old"), {"age": ON_CALL["age"]}),
    "who is on call by an old schedule": Gate(
        lambda: _oncall(3, "on_call_old"), {"asking_age": ON_CALL["asking_age"]}
    ),
    "all that history could slow": Gate(lambda: history.main(5_000, 40, HISTORY), HISTORY),
    "a start": Gate(lambda: _startup(1, twice=True), {"time": at_most(2)}),
}  # fmt: skip

# The same, half a minute each.
SLOWED_AND_LONG = {
    "an escalation": Gate(lambda: paging.main(twice=True), {"due_ratio": at_most(16)}),
    "a war room": Gate(lambda: slack.main(3, 1, twice=True), {"ratio": at_most(1.5)}),
}


@pytest.mark.gate
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
async def test_it_holds(name: str) -> None:
    gate = GATES[name]
    await hold(gate.measure, gate.bounds)


async def notice(gate: Gate) -> None:
    """Every bound that is named is broken, in both of two measurements."""
    with pytest.raises(AssertionError) as told:
        await hold(gate.measure, gate.bounds)
    broken = [line.rpartition(": ")[0] for line in str(told.value).splitlines()]
    assert broken == sorted(gate.bounds)


@pytest.mark.gate
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SLOWED)
async def test_what_takes_twice_as_long_is_noticed(name: str) -> None:
    await notice(SLOWED[name])


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SLOWED_AND_LONG)
async def test_what_takes_twice_as_long_is_noticed_there_too(name: str) -> None:
    await notice(SLOWED_AND_LONG[name])


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", NAMES)
async def test_it_holds_twenty_times_beside_a_busy_neighbour(name: str, tmp_path: Path) -> None:
    gate, failed = GATES[name], list[str]()
    with busy_neighbour(tmp_path):
        for _ in range(20):
            try:
                await hold(gate.measure, gate.bounds)
            except AssertionError as error:
                failed.append(str(error))
    print(f"{name}: {len(failed)} of 20 runs beside a busy neighbour failed")
    assert failed == []

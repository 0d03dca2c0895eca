"""The engine against a slow reading of the rules that shares no code with it, for any schedule at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.oncall.engine.coverage import on_call, shifts
from bot.organisation.schedules.parser import parse_schedule
from tests.oracle import STEP, Oracle
from tests.schedules import changes, layers, mappings, zones

NEAR = timedelta(hours=40)
FAR = timedelta(days=9)


@pytest.mark.timeout(300)
@settings(max_examples=100)
@given(mappings(), changes(), st.data())
def test_the_engine_says_what_the_slow_reading_says(
    mapping: dict[str, Any], change: datetime, data: st.DataObject
) -> None:
    """At every step near the change of the clock, and here and there farther away."""
    oracle, found = Oracle(mapping, change), parse_schedule(mapping)
    start = change + data.draw(st.integers(-int(FAR / STEP), int(FAR / STEP))) * STEP
    steps = [change + n * STEP for n in range(-int(NEAR / STEP), int(NEAR / STEP), 7)]
    steps += [start + n * STEP for n in range(60)]
    listed = shifts(found, min(steps), max(steps) + STEP)
    for at in steps:
        expected = oracle.who(at)
        assert {s.person for s in listed if s.start <= at < s.end} == expected, at
    for at in steps[::29]:
        assert on_call(found, at) == oracle.who(at), at


@pytest.mark.timeout(300)
@settings(max_examples=150)
@given(layers(), zones, changes())
def test_so_does_one_layer_alone_in_the_hours_about_the_change(
    layer: dict[str, Any], zone: str, change: datetime
) -> None:
    """Where nothing hides what it does."""
    alone = {"timezone": zone, "layers": [{**layer, "effective_from": None, "restrictions": []}]}
    limited = {
        "timezone": zone,
        "layers": [{"users": ["ana"], "restrictions": layer["restrictions"]}],
    }
    steps = [change + n * STEP for n in range(-60, 60)]
    for mapping in (alone, limited):
        oracle, found = Oracle(mapping, change), parse_schedule(mapping)
        listed = shifts(found, min(steps), max(steps) + STEP)
        for at in steps:
            assert {s.person for s in listed if s.start <= at < s.end} == oracle.who(at), at

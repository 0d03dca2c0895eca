"""What holds of every schedule that can be written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.oncall.engine.coverage import gaps, on_call, shifts
from bot.oncall.engine.explanation import explain
from bot.organisation.schedules.parser import parse_schedule
from tests.schedules import (
    ZONES,
    intervals,
    layers,
    mappings,
    moments,
    overrides,
    rotations,
    schedule,
    zones,
)

SECOND = timedelta(seconds=1)
Range = tuple[datetime, datetime]


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    start = draw(moments())
    return start, start + timedelta(minutes=15 * draw(st.integers(1, 800)))


@given(mappings(), ranges())
def test_shifts_and_gaps_tile_the_interval(mapping: dict[str, Any], asked: Range) -> None:
    found, (start, end) = parse_schedule(mapping), asked
    pieces = [(p.start, p.end) for p in shifts(found, start, end)]
    pieces += [(p.start, p.end) for p in gaps(found, start, end)]
    reached = start
    for begins, ends in sorted(pieces):
        assert start <= begins < ends <= end
        assert begins <= reached
        reached = max(reached, ends)
    assert reached == end
    for gap in gaps(found, start, end):
        assert not [s for s in shifts(found, start, end) if s.start < gap.end and gap.start < s.end]


@given(mappings(), ranges())
def test_shifts_of_a_person_are_sorted_and_never_touch(
    mapping: dict[str, Any], asked: Range
) -> None:
    found = shifts(parse_schedule(mapping), *asked)
    assert found == sorted(found)
    for person in {shift.person for shift in found}:
        own = [shift for shift in found if shift.person == person]
        assert all(one.end < other.start for one, other in pairwise(own))


@given(mappings(), ranges())
def test_who_is_on_call_agrees_with_the_shifts(mapping: dict[str, Any], asked: Range) -> None:
    found, (start, end) = parse_schedule(mapping), asked
    listed = shifts(found, start, end)
    edges = {edge for shift in listed for edge in (shift.start, shift.end)}
    near = [edge + step * SECOND for edge in edges for step in (-1, 0, 1)]
    for at in [at for at in sorted(near) if start <= at < end][:40]:
        assert on_call(found, at) == {s.person for s in listed if s.start <= at < s.end}, at


@given(mappings(), ranges(), st.integers(1, 799))
def test_a_part_of_the_interval_is_a_part_of_the_answer(
    mapping: dict[str, Any], asked: Range, quarters: int
) -> None:
    found, (start, end) = parse_schedule(mapping), asked
    middle = min(start + timedelta(minutes=15 * quarters), end)
    parts = shifts(found, start, middle) + shifts(found, middle, end)
    whole = shifts(found, start, end)
    for at in {start, *(part.start for part in parts)}:
        assert {s.person for s in parts if s.start <= at < s.end} == {
            s.person for s in whole if s.start <= at < s.end
        }


@given(mappings(), moments())
def test_an_explanation_explains_who_is_on_call(mapping: dict[str, Any], at: datetime) -> None:
    found = parse_schedule(mapping)
    told = explain(found, at)
    assert told.people == on_call(found, at)
    assert len([r for r in told.reasons if r.part == "layer"]) == len(found.layers)
    assert told.people <= {person for reason in told.decisive for person in reason.people}


@given(rotations(), zones, ranges())
def test_a_rotation_has_no_gap(layer: dict[str, Any], zone: str, asked: Range) -> None:
    assert gaps(schedule(layer, zone=zone), *asked) == []


TILES = [("hour", 3600), ("day", 86400), ("week", 7 * 86400)]


@given(st.sampled_from(TILES), st.integers(0, 95), zones, ranges())
def test_shifts_that_touch_on_the_wall_leave_no_gap(
    tile: tuple[str, int], quarter: int, zone: str, asked: Range
) -> None:
    freq, seconds = tile
    start = datetime(1980, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    rule = {"freq": freq, "start": start.replace(tzinfo=None).isoformat(), "duration_s": seconds}
    layer = {"recurrence": {**rule, "participants": [["ana"], ["bo"], ["cy"]]}}
    assert gaps(schedule(layer, zone=zone), *asked) == []


@given(st.integers(0, 95), st.integers(0, 95), st.sampled_from(["", "wallclock"]), zones, ranges())
def test_windows_that_touch_on_the_wall_leave_no_gap(
    one: int, other: int, kind: str, zone: str, asked: Range
) -> None:
    early, late = (f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in (one, other))
    by_day = {"users": ["ana"], "restrictions": [{"type": kind, "start": early, "end": late}]}
    by_night = {"users": ["bo"], "restrictions": [{"type": kind, "start": late, "end": early}]}
    assert gaps(schedule(by_day, by_night, zone=zone), *asked) == []


@given(layers(), intervals(), st.sampled_from(ZONES), ranges())
def test_dates_clip_a_layer_and_never_shift_it(
    layer: dict[str, Any], dates: dict[str, Any], zone: str, asked: Range
) -> None:
    free = {**layer, "effective_from": None, "effective_until": None}
    clipped = {**layer, "effective_from": dates["start"], "effective_until": dates["end"]}
    start = max(asked[0], datetime.fromisoformat(dates["start"]))
    end = min(asked[1], datetime.fromisoformat(dates["end"]))
    assert shifts(schedule(clipped, zone=zone), *asked) == shifts(
        schedule(free, zone=zone), start, end
    )


@given(mappings(), st.lists(overrides(), max_size=4), st.randoms(), moments())
def test_overrides_of_unlike_priority_may_stand_in_any_order(
    mapping: dict[str, Any], made: list[dict[str, Any]], random: Any, at: datetime
) -> None:
    ranked = [{**override, "priority": rank} for rank, override in enumerate(made)]
    shuffled = random.sample(ranked, len(ranked))
    one, other = ({**mapping, "overrides": order} for order in (ranked, shuffled))
    assert on_call(parse_schedule(one), at) == on_call(parse_schedule(other), at)


@given(mappings(), moments())
def test_priority_goes_before_the_order_in_which_overrides_were_made(
    mapping: dict[str, Any], at: datetime
) -> None:
    made = sorted(mapping["overrides"], key=lambda override: override["priority"])
    ordered = parse_schedule({**mapping, "overrides": made})
    assert on_call(ordered, at) == on_call(parse_schedule(mapping), at)

"""Schedules as people write them: what is read, what is refused and in which words, and printing them again."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given

from bot.oncall.engine.coverage import on_call
from bot.oncall.engine.schedule import Schedule, Swap
from bot.organisation.format import read
from bot.organisation.schedules.cells import ScheduleError
from bot.organisation.schedules.parser import parse_schedule
from bot.organisation.schedules.parser import parse_schedule as parse_in_org
from bot.organisation.schedules.printer import print_schedule
from tests.schedules import PEOPLE, mappings, overrides, recurrence, rotation, utc

EVERYTHING = """
timezone: Europe/Berlin
layers:
  - name: weekly
    priority: 2
    rotation: {unit: week, turn_length: 1, start: 2026-01-05T09:00, participants: [ana, bo, [cy, mia]]}
    anchor: {at: 2026-01-05T09:00, person: mia}
    restrictions:
      - {days: [MO, TU, WE, TH, FR], start: "09:00", end: "17:00"}
      - {type: weekly, start_day: FR, start: "18:00", duration_s: 223200}
      - {type: daily, start: "06:00", duration_s: 90000}
      - {type: wallclock, days: [SA], start: "9:00", end: "24:00", months: [1, [3, 12]], days_of_month: [[-7, -1]], years: [2026]}
    effective_from: 2026-01-05T00:00
    effective_until: null
  - name: weekends
    timezone: Asia/Tokyo
    recurrence: {freq: week, every: 2, hold: 3, by_day: [SA, SU], week_start: SU, start: 2026-01-10T00:00, duration_s: 86400, participants: [[cy], [bo]]}
  - users: [mia]
fixed_periods:
  - {start: 2026-12-24T09:00, end: 2026-12-27T09:00, shifts: [{start: 2026-12-24T09:00, end: 2026-12-25T09:00, user: cy}]}
overrides:
  - {kind: replace_user, replaces: ana, user: bo, start: 2026-12-24T09:00, end: 2026-12-27T09:00Z, priority: -1}
swaps:
  - {requester: ana, taker: ~, start: 2026-12-24T09:00, end: 2026-12-27T09:00}
"""


def everything() -> dict[str, Any]:
    document = read(EVERYTHING)
    assert isinstance(document.data, dict)
    return document.data


def numbered(value: Any) -> Any:
    """The same as JSON has it: numbers are numbers."""
    if isinstance(value, dict):
        return {key: numbered(item) for key, item in value.items()}
    if isinstance(value, list):
        return [numbered(item) for item in value]
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


def lettered(value: Any) -> Any:
    """The same as YAML has it: everything is a text."""
    if isinstance(value, dict):
        return {key: lettered(item) for key, item in value.items()}
    if isinstance(value, list):
        return [lettered(item) for item in value]
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# --- reading and printing ----------------------------------------------------------------------


def test_numbers_may_be_texts_or_numbers() -> None:
    assert parse_schedule(everything()) == parse_schedule(numbered(everything()))


def test_the_organisation_file_reads_schedules_the_same_way() -> None:
    assert parse_in_org is parse_schedule


def test_what_is_printed_is_read_back_the_same() -> None:
    found = parse_schedule(everything())
    printed = json.loads(json.dumps(print_schedule(found)))
    assert parse_schedule(printed) == found
    assert parse_schedule(lettered(printed)) == found
    assert print_schedule(parse_schedule(printed)) == printed


@given(mappings())
def test_any_schedule_survives_printing(mapping: dict[str, Any]) -> None:
    found = parse_schedule(mapping)
    assert parse_schedule(lettered(mapping)) == found
    assert parse_schedule(json.loads(json.dumps(print_schedule(found)))) == found


def test_nothing_at_all_is_a_schedule_in_utc() -> None:
    assert parse_schedule({}) == parse_schedule({"timezone": "", "layers": None}) == Schedule("UTC")


def test_moments_without_an_offset_are_wall_time_of_the_schedule() -> None:
    swap = {"requester": "ana", "taker": "bo", "start": "2026-10-25T02:30"}
    found = parse_schedule(
        {"timezone": "Europe/Berlin", "swaps": [{**swap, "end": "2026-10-25T02:30"}]}
    )
    # Read twice: the first for a beginning, the last for an end.
    (only,) = found.swaps
    assert (only.start, only.end) == (utc("2026-10-25 00:30"), utc("2026-10-25 01:30"))
    assert isinstance(only, Swap)


def test_moments_with_an_offset_are_those_moments() -> None:
    layer = rotation("day", "2026-01-05T00:00Z", "ana", effective_from="2026-01-05T00:00-05:00")
    (found,) = parse_schedule({"timezone": "Asia/Tokyo", "layers": [layer]}).layers
    assert print_schedule(Schedule("Asia/Tokyo", (found,)))["layers"][0] == {
        "rotation": {
            "unit": "day",
            "turn_length": 1,
            "start": "2026-01-05T09:00:00",
            "participants": ["ana"],
        },
        "effective_from": "2026-01-05T14:00:00+09:00",
    }


# --- mistakes ----------------------------------------------------------------------------------

TURN = rotation("week", "2026-01-05T09:00", "ana", "bo")
SHIFT = recurrence("week", "2026-01-05T09:00", 3600, "ana")["recurrence"]
WHEN = {"start": "2026-01-05T09:00", "end": "2026-01-06T09:00"}


def layer(**fields: Any) -> dict[str, Any]:
    return {"layers": [{"users": ["ana"]}, fields]}


def turn(**fields: Any) -> dict[str, Any]:
    return layer(rotation={**TURN["rotation"], **fields})


def shift(**fields: Any) -> dict[str, Any]:
    return layer(recurrence={**SHIFT, **fields})


def limit(**fields: Any) -> dict[str, Any]:
    return layer(users=["ana"], restrictions=[fields])


def override(**fields: Any) -> dict[str, Any]:
    return {"overrides": [{"kind": "add", "user": "ana", **WHEN, **fields}]}


MISTAKES: list[tuple[Any, str]] = [
    ([], "schedule: must be a mapping with some of timezone, layers, fixed_periods, overrides, swaps."),
    ({"layer": []}, "layer: is not a field here; allowed: timezone, layers, fixed_periods, overrides, swaps. Did you mean layers?"),
    ({"timezone": "Europe/Berln"}, "timezone: must be an IANA time zone, such as Europe/Berlin, not 'Europe/Berln'."),
    ({"timezone": "Europe"}, "timezone: must be an IANA time zone"),
    ({"timezone": "../etc"}, "timezone: must be an IANA time zone"),
    ({"layers": "weekly"}, "layers: must be a list."),
    (layer(), "layers.2: needs exactly one of users, rotation, recurrence."),
    (layer(users=["ana"], recurrence=SHIFT), "layers.2: needs exactly one of users, rotation, recurrence, not users and recurrence."),
    (layer(users=[]), "layers.2.users: must name somebody."),
    (layer(users=["ana", None]), "layers.2.users.2: is required: a person."),
    (layer(users=["ana"], priority="high"), "layers.2.priority: must be a whole number from -1000000 to 1000000, not 'high'."),
    (layer(users=["ana"], priority=True), "layers.2.priority: must be a whole number"),
    (layer(users=["ana"], name=["x"]), "layers.2.name: must be a text, not ['x']."),
    (layer(users=["ana"], anchor={}), "layers.2.anchor: goes with a rotation only."),
    (layer(users=["ana"], effective_from="2026-01-05", effective_until="2026-01-05"), "layers.2.effective_until: must be after effective_from."),
    (turn(unit="fortnight"), "layers.2.rotation.unit: must be one of hour, day, week, month, not 'fortnight'."),
    (turn(unit=None), "layers.2.rotation.unit: is required: one of hour, day, week, month."),
    (turn(turn_length="0"), "layers.2.rotation.turn_length: must be a whole number from 1 to 10000, not '0'."),
    (turn(participants=[]), "layers.2.rotation.participants: must name somebody."),
    (turn(participants=[[]]), "layers.2.rotation.participants: must name somebody."),
    (turn(start="monday"), "layers.2.rotation.start: must be a moment such as 2026-01-05T09:00 or 2026-01-05T09:00+01:00, from 1900 to 2999, not 'monday'."),
    (turn(start="0001-01-01"), "layers.2.rotation.start: must be a moment"),
    (turn(start=20260105), "layers.2.rotation.start: must be a moment"),
    ({"layers": [{**TURN, "anchor": {"at": "2026-01-05", "person": "cy"}}]}, "layers.1.anchor.person: must be one of the participants, ana, bo, not 'cy'."),
    (shift(freq="year"), "layers.2.recurrence.freq: must be one of once, hour, day, week, month, not 'year'."),
    (shift(every=0), "layers.2.recurrence.every: must be a whole number from 1 to 10000, not 0."),
    (shift(hold=-1), "layers.2.recurrence.hold: must be a whole number from 1 to 10000, not -1."),
    (shift(by_day=["1MO"]), "layers.2.recurrence.by_day.1: must be one of MO, TU, WE, TH, FR, SA, SU, not '1MO'."),
    (shift(by_monthday=[1]), "layers.2.recurrence.by_monthday: does not go with freq week."),
    (shift(freq="once", by_day=["MO"]), "layers.2.recurrence.by_day: does not go with freq once."),
    (shift(freq="month", by_monthday=[0]), "layers.2.recurrence.by_monthday.1: 0 is no day of a month; the last is -1."),
    (shift(freq="month", by_monthday=[32]), "layers.2.recurrence.by_monthday.1: must be a whole number from -31 to 31, not 32."),
    (shift(duration_s=None), "layers.2.recurrence.duration_s: is required: a whole number from 1 to 31622400."),
    (shift(week_start=["MO"]), "layers.2.recurrence.week_start: must be one of MO"),
    (limit(type="monthly"), "layers.2.restrictions.1.type: must be one of daily, weekly, wallclock (or absent), not 'monthly'."),
    (limit(start="25:00", end="09:00"), "layers.2.restrictions.1.start: must be a time of day from 00:00 to 23:59:59, not '25:00'."),
    (limit(start="09:00"), "layers.2.restrictions.1.end: is required: a time of day"),
    (limit(start="09:00", end="17:00", duration_s=60), "layers.2.restrictions.1.duration_s: is not a field here; allowed: type, days, start, end."),
    (limit(type="weekly", start="09:00", duration_s=60), "layers.2.restrictions.1.start_day: is required: one of MO"),
    (limit(type="wallclock", months=[13]), "layers.2.restrictions.1.months.1: must be a whole number from 1 to 12, not 13."),
    (limit(type="wallclock", months=[[3, 1]]), "layers.2.restrictions.1.months.1: the first is after the last."),
    (limit(type="wallclock", days_of_month=[[1, 2, 3]]), "layers.2.restrictions.1.days_of_month.1: must be a number or [first, last], not [1, 2, 3]."),
    (limit(type="wallclock", days_of_month=[[0, 3]]), "layers.2.restrictions.1.days_of_month.1: 0 is no day of a month"),
    (override(kind="cover"), "overrides.1.kind: must be one of replace_all, replace_user, add, remove, not 'cover'."),
    (override(user=None), "overrides.1.user: is required: a person."),
    (override(replaces="bo"), "overrides.1.replaces: goes with replace_user or remove, not with add."),
    (override(kind="remove"), "overrides.1.user: goes with replace_all or replace_user or add, not with remove."),
    (override(end="2026-01-05T09:00"), "overrides.1.end: must be after start."),
    ({"swaps": [{"taker": "bo", **WHEN}]}, "swaps.1.requester: is required: a person."),
    ({"swaps": [{"requester": "bo", "deleted": "maybe", **WHEN}]}, "swaps.1.deleted: must be true or false, not 'maybe'."),
    ({"fixed_periods": [{**WHEN, "shifts": [{**WHEN}]}]}, "fixed_periods.1.shifts.1.user: is required: a person."),
]  # fmt: skip


@pytest.mark.parametrize(("mapping", "expected"), MISTAKES)
def test_a_mistake_names_its_field_and_what_is_allowed(mapping: Any, expected: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_schedule(mapping, PEOPLE)
    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    "layer",
    [{"users": []}, rotation("day", "2026-01-05T09:00"), recurrence("day", "2026-01-05T09:00", 60)],
)
def test_outside_the_organisation_file_a_layer_may_have_nobody(layer: dict[str, Any]) -> None:
    found = parse_schedule({"layers": [{"users": ["ana"]}, {**layer, "priority": 1}]})
    assert on_call(found, utc("2026-01-05 09:00")) == {"ana"}


def test_what_a_plain_yaml_reader_makes_of_it_is_read_too() -> None:
    """Dates, moments, 17:00 as 1020, 17:30:00 as 63000, null."""
    text = """
    timezone: Europe/Berlin
    layers:
      - name: 12
        rotation: {unit: day, turn_length: 1, start: 2026-01-05, participants: [ana, [bo]]}
        anchor: {at: 2026-01-05 09:00:00, person: ana}
        restrictions:
          - {days: [MO], start: 9:00, end: 17:00}
          - {type: daily, start: 17:30:00, duration_s: 3600}
          - {type: wallclock, start: 10:00, end: 24:00, days_of_month: [[1, -1]], years: [[2026, 2027]]}
        effective_from: 2026-01-01
        effective_until: 2026-12-31T10:00:00Z
    overrides: [{kind: remove, user: null, replaces: ana, start: 2026-01-01, end: 2026-01-02}]
    swaps: [{requester: ana, taker: null, start: 2026-01-01, end: 2026-01-02, deleted: false}]
    """
    assert parse_schedule(yaml.safe_load(text)) == parse_schedule(read(text).data)


def test_a_mistake_has_its_path() -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_schedule(turn(unit="fortnight"))
    assert caught.value.path == ("layers", 1, "rotation", "unit")


@pytest.mark.parametrize("place", ["users", "rotation", "override"])
def test_people_can_be_held_against_a_list(place: str) -> None:
    mapping = {
        "users": {"layers": [{"users": ["anna"]}]},
        "rotation": turn(participants=["bo", ["cy", "anna"]]),
        "override": override(user="anna"),
    }[place]
    parse_schedule(mapping)
    with pytest.raises(ScheduleError, match="anna is nobody of people"):
        parse_schedule(mapping, PEOPLE)


@given(overrides())
def test_people_on_the_list_are_let_through(made: dict[str, Any]) -> None:
    assert parse_schedule({"overrides": [made]}, PEOPLE).overrides

"""Rotas of other calendar programs, read as shifts of our people."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import yaml

from bot.core.errors import Invalid
from bot.core.people import Person, PersonId
from bot.oncall.engine.coverage import Shift, shifts
from bot.oncall.feeds import Calendar, Duty
from bot.organisation.schedules.parser import parse_schedule
from handlers.oncall.calendars import Rota, rota
from handlers.oncall.feeds import written
from tests.cli import settings, tocsin
from tests.installation import environment
from tests.schedules import utc

BERLIN = ZoneInfo("Europe/Berlin")
ANA, BO, AN = PersonId("ana"), PersonId("bo"), PersonId("an")
PEOPLE = {
    ANA: Person(ANA, "Ana Lima", email="ana@acme.example"),
    BO: Person(BO, "Bo Chen", email="bo@acme.example"),
    AN: Person(AN, "Ana"),
}


def read(*events: str, start: str = "2026-03-01", end: str = "2026-05-01") -> Rota:
    """The rota of events, each given by its lines."""
    blocks = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{text.strip()}\r\nEND:VEVENT\r\n" for n, text in enumerate(events))  # fmt: skip
    body = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{blocks}END:VCALENDAR\r\n"
    return rota(body.replace("\r\n", "\n").replace("\n", "\r\n").encode(), PEOPLE, utc(start), utc(end), BERLIN)  # fmt: skip


def hours(found: Rota) -> list[tuple[str, str, str]]:
    return [(f"{s.start:%m-%d %H:%M}", f"{s.end:%m-%d %H:%M}", s.person) for s in found.shifts]


def test_a_weekly_shift_stays_at_nine_over_the_change_of_the_clock() -> None:
    found = read(
        "SUMMARY:Bo Chen\nDTSTART;TZID=Europe/Berlin:20260323T090000\nDTEND;TZID=Europe/Berlin:20260330T090000\n"
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2"
    )
    assert hours(found) == [
        ("03-23 08:00", "03-30 07:00", "bo"),
        ("04-06 07:00", "04-13 07:00", "bo"),
    ]


def test_days_without_hours_are_whole_days_of_the_organisation() -> None:
    found = read("SUMMARY:ana\nDTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330")
    assert hours(found) == [("03-27 23:00", "03-29 22:00", "ana")]


def test_a_time_without_a_zone_is_the_organisations_and_one_in_utc_is_utc() -> None:
    found = read(
        "SUMMARY:bo\nDTSTART:20260310T090000\nDURATION:PT1H",
        "SUMMARY:bo\nDTSTART:20260311T090000Z\nDURATION:PT1H",
    )
    assert hours(found) == [
        ("03-10 08:00", "03-10 09:00", "bo"),
        ("03-11 09:00", "03-11 10:00", "bo"),
    ]


def test_what_was_left_out_moved_or_cancelled_is() -> None:
    day = "SUMMARY:bo\nDTSTART:20260302T090000Z\nDTEND:20260302T100000Z\n"
    body = [
        day + "RRULE:FREQ=DAILY;UNTIL=20260305T090000Z\nEXDATE:20260303T090000Z",
        "SUMMARY:bo\nDTSTART:20260320T090000Z\nDTEND:20260320T100000Z\nSTATUS:CANCELLED",
    ]
    assert [start for start, _, _ in hours(read(*body))] == ["03-02 09:00", "03-04 09:00", "03-05 09:00"]  # fmt: skip
    moved = (
        (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
            f"BEGIN:VEVENT\r\nUID:x\r\n{day}RRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\r\n"
            "BEGIN:VEVENT\r\nUID:x\r\nRECURRENCE-ID:20260303T090000Z\r\nSUMMARY:ana\r\n"
            "DTSTART:20260303T120000Z\r\nDTEND:20260303T130000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        .replace("\r\n", "\n")
        .replace("\n", "\r\n")
    )
    found = rota(moved.encode(), PEOPLE, utc("2026-03-01"), utc("2026-04-01"), BERLIN)
    assert [(start, who) for start, _, who in hours(found)] == [("03-02 09:00", "bo"), ("03-03 12:00", "ana")]  # fmt: skip


def test_only_the_days_asked_for_count_and_shifts_are_clipped_to_them() -> None:
    found = read(
        "SUMMARY:bo\nDTSTART:20200101T000000Z\nDURATION:P1D\nRRULE:FREQ=DAILY",
        start="2026-03-01 12:00", end="2026-03-02 12:00",
    )  # fmt: skip
    assert hours(found) == [
        ("03-01 12:00", "03-02 00:00", "bo"),
        ("03-02 00:00", "03-02 12:00", "bo"),
    ]


WHOSE = [
    ("SUMMARY:Ana Lima on call: payments", ["ana"]),
    ("SUMMARY:An, primary", ["an"]),
    ("SUMMARY:BO", ["bo"]),
    ("SUMMARY:bo@acme.example", ["bo"]),
    ("SUMMARY:Primary\nATTENDEE:mailto:Bo@Acme.example\nATTENDEE:mailto:ana@acme.example", ["ana", "bo"]),
    ("SUMMARY:Bond", []),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "who"), WHOSE)
def test_whose_an_event_is(lines: str, who: list[str]) -> None:
    found = read(f"{lines}\nDTSTART:20260310T090000Z\nDURATION:PT1H")
    assert sorted(shift.person for shift in found.shifts) == who
    assert list(found.unknown) == ([] if who else ["Bond"])


def calendar(*lines: str) -> Rota:
    body = "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""))
    return rota(body.replace("\n", "\r\n").encode(), PEOPLE, utc("2026-03-01"), utc("2026-05-01"), BERLIN)  # fmt: skip


DAYS = "BEGIN:VEVENT\nUID:x\nSUMMARY:bo\nDTSTART:20260302T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT"


def test_one_of_a_row_may_be_called_off_and_the_rest_may_go_to_somebody_else() -> None:
    other = "BEGIN:VEVENT\nUID:x\n{}\nDTSTART:202603{}T090000Z\nDURATION:PT1H\nEND:VEVENT"
    off = other.format("RECURRENCE-ID:20260303T090000Z\nSUMMARY:bo\nSTATUS:CANCELLED", "03")
    rest = other.format("RECURRENCE-ID;RANGE=THISANDFUTURE:20260304T090000Z\nSUMMARY:ana", "04")
    assert [(start, who) for start, _, who in hours(calendar(DAYS, off, rest))] == [
        ("03-02 09:00", "bo"),
        ("03-04 09:00", "ana"),
        ("03-05 09:00", "ana"),
    ]


def test_a_shift_in_the_hour_that_comes_twice_or_never_leaves_no_gap() -> None:
    found = read(
        "SUMMARY:bo\nDTSTART;TZID=Europe/Berlin:20260329T023000\nDTEND;TZID=Europe/Berlin:20260329T040000",
        "SUMMARY:bo\nDTSTART;TZID=Australia/Lord_Howe:20260405T010000\nDTEND;TZID=Australia/Lord_Howe:20260405T014500",
    )
    assert hours(found) == [
        ("03-29 01:00", "03-29 02:00", "bo"),
        ("04-04 14:00", "04-04 15:15", "bo"),
    ]


TOO_OFTEN = ["FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=3", "FREQ=DAILY;BYMINUTE=0,30"]


@pytest.mark.parametrize("rule", TOO_OFTEN)
def test_a_shift_by_the_minute_is_a_slip_and_is_not_counted_out(rule: str) -> None:
    with pytest.raises(Invalid, match="bo comes more than once an hour"):
        read(f"SUMMARY:bo\nDTSTART:20000101T000000Z\nDURATION:PT1M\nRRULE:{rule}")


def test_an_event_that_says_no_beginning_is_left_out() -> None:
    assert read("SUMMARY:bo") == Rota(())


BROKEN = [
    ("20260302T090000Z\nRRULE:COUNT=3", "bo comes again, and does not say how often"),
    ("20260302T090000Z\nRRULE:FREQ=DAILY;BYDAY=XX", "no iCalendar file"),
    ("20260302T090000Z\nRRULE:FREQ=DAILY;UNTIL=soon", "no iCalendar file"),
    ("yesterday", "no iCalendar file"),
]


@pytest.mark.parametrize(("start", "said"), BROKEN)
def test_what_cannot_be_read_of_an_event_is_said(start: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(f"SUMMARY:bo\nDTSTART:{start}")


def test_what_is_no_calendar_is_said() -> None:
    with pytest.raises(Invalid, match="no iCalendar file"):
        rota(b"hello", PEOPLE, utc("2026-03-01"), utc("2026-04-01"), BERLIN)


def test_our_own_feed_reads_back_as_the_same_shifts() -> None:
    wanted = [Shift(utc("2026-03-02 08:00"), utc("2026-03-09 08:00"), BO)]
    duties = tuple(Duty("primary", "Bo Chen", s.start, s.end, "u@t") for s in wanted)
    body = written(Calendar("primary", duties), "Acme")
    assert icalendar.Calendar.from_ical(body).errors == []
    assert list(rota(body, PEOPLE, utc("2026-03-01"), utc("2026-04-01"), BERLIN).shifts) == wanted


ORG = """\
organisation: Acme
timezone: Europe/Berlin
people: {ana: {name: Ana Lima}, bo: {name: Bo Chen}}
catch_all: {notify: [person:ana]}
"""


def test_the_command_prints_a_schedule_that_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text(ORG)
    calendar = tmp_path / "rota.ics"
    calendar.write_bytes(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bo Chen\r\n"
        b"DTSTART;TZID=Europe/Berlin:20260323T090000\r\nDTEND;TZID=Europe/Berlin:20260330T090000\r\n"
        b"RRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Zoe\r\n"
        b"DTSTART:20260323T090000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    with settings(environment(tmp_path, TOCSIN_ORG=str(tmp_path / "org.yaml"))):
        said = tocsin("org", "calendar", str(calendar), "payments", "--from", "2026-03-01", "--until", "2026-04-15")  # fmt: skip
    assert said.code == 0, said
    assert "Nobody of the organisation: Zoe" in said.err
    made = parse_schedule(yaml.safe_load(said.out)["schedules"]["payments"])
    assert shifts(made, utc("2026-03-01"), utc("2026-05-01")) == [
        Shift(utc("2026-03-23 08:00"), utc("2026-04-14 22:00"), BO)
    ]

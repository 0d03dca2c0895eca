"""Calendars behind a secret address: what stands in them, read back, and who gets none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import icalendar
import pytest

from bot.app import App
from bot.core.chat.vocabulary import Group, Invocation, Speaker
from bot.core.people import PersonId
from bot.core.times.when import Period
from bot.language.speakers import actor_of
from bot.oncall.covers import ask_cover, take
from bot.oncall.engine.coverage import Shift, shifts
from bot.oncall.feeds import AHEAD, BACK, open_feed
from bot.oncall.schedules import schedule_of
from bot.org import sample_org
from tests.installation import outcome, running

PRIMARY = "payments-primary"
AWKWARD = 'Bo "Böö"; Chen, of the night\\shift 🦉 whose name is so long that a line of it must be folded once'


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path, sample_org) as app:
        people = dict(app.org.people)
        people[PersonId("bo")] = replace(people[PersonId("bo")], name=AWKWARD)
        app.admin.adopt(replace(app.org, people=people))
        yield app


@pytest.fixture
async def calendar() -> AsyncIterator[aiohttp.ClientSession]:
    """A program that has never logged in."""
    async with aiohttp.ClientSession() as session:
        yield session


async def feed(app: App, person: str, schedule: str | None = None) -> str:
    """A fresh address."""

    def work(uow: Any) -> str:
        return open_feed(uow, actor_of(uow, "console", Speaker(person, person)), schedule)

    return await app.memory.write(work)


async def read(by: aiohttp.ClientSession, url: str) -> list[Any]:
    async with by.get(url) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/calendar"
        whole = icalendar.Calendar.from_ical(await answer.read())
    assert whole["VERSION"] == "2.0"
    assert whole.errors == []
    events: list[Any] = list(whole.walk("VEVENT"))
    for event in events:
        assert event.errors == []
        assert event["UID"]
        assert event["DTSTAMP"].dt.tzinfo is not None
        assert event["TRANSP"] == "TRANSPARENT", "being on call is not being busy"
    return events


async def planned(app: App) -> list[Shift]:
    """The schedule's shifts of the days that a feed shows."""
    midnight = app.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = midnight - BACK, midnight + AHEAD
    return await app.memory.read(lambda uow: shifts(schedule_of(uow, PRIMARY, start), start, end))


def span(event: Any) -> tuple[datetime, datetime]:
    return event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)


async def read_as_planned(
    app: App, by: aiohttp.ClientSession, url: str, person: str = ""
) -> list[Any]:
    """A feed's events, which are the schedule's shifts, one person's or everybody's. Should midnight pass while
    it is read, either day's are right."""

    async def wanted() -> list[tuple[datetime, datetime]]:
        return [(s.start, s.end) for s in await planned(app) if person in ("", s.person)]

    before, events = await wanted(), await read(by, url)
    assert [span(event) for event in events] in (before, await wanted())
    return events


async def test_ones_own_calendar_has_ones_own_shifts(
    installation: App, calendar: aiohttp.ClientSession
) -> None:
    events = await read_as_planned(installation, calendar, await feed(installation, "bo"), "bo")
    assert {str(event["SUMMARY"]) for event in events} == {f"{AWKWARD} on call: {PRIMARY}"}


async def test_a_schedules_calendar_has_everybodys(
    installation: App, calendar: aiohttp.ClientSession
) -> None:
    events = await read_as_planned(installation, calendar, await feed(installation, "mia", PRIMARY))
    assert len({str(event["SUMMARY"]) for event in events}) == 3


async def test_read_again_it_is_the_same_calendar(
    installation: App, calendar: aiohttp.ClientSession
) -> None:
    """Otherwise a calendar program would show each shift twice."""
    url = await feed(installation, "bo")
    first, again = await read(calendar, url), await read(calendar, url)
    ids = [str(event["UID"]) for event in first]
    assert ids == [str(event["UID"]) for event in again]
    assert len(ids) == len(set(ids))


async def test_an_address_answers_until_it_is_revoked_or_another_is_asked_for(
    installation: App, calendar: aiohttp.ClientSession
) -> None:
    old = await feed(installation, "bo")
    new = await feed(installation, "bo")
    schedule = await feed(installation, "bo", PRIMARY)
    assert await status(calendar, old) == 404
    assert await status(calendar, new) == 200

    said = Invocation("console", "revoke", Speaker("bo", "bo"), "feed --revoke", group=Group.ONCALL)
    await outcome(installation, said)
    assert await status(calendar, new) == 404
    assert await status(calendar, schedule) == 200, "another address, revoked by itself"


async def status(by: aiohttp.ClientSession, url: str) -> int:
    async with by.get(url, allow_redirects=False) as answer:
        return answer.status


async def test_a_guess_a_changed_address_and_one_of_somebody_who_left_are_not_there(
    installation: App, calendar: aiohttp.ClientSession
) -> None:
    base, url = installation.settings.internal_url, await feed(installation, "bo")
    secret = url.rpartition("/")[2].removesuffix(".ics")
    swapped = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for guess in ("A" * 32, swapped, secret[:-1], secret.swapcase(), "x"):
        assert await status(calendar, f"{base}/feeds/{guess}.ics") in (303, 404)
    left = {who: known for who, known in installation.org.people.items() if who != "bo"}
    installation.admin.adopt(replace(installation.org, people=left))
    assert await status(calendar, url) == 404


async def test_it_says_nothing_of_incidents_and_no_secret_is_kept(
    installation: App, calendar: aiohttp.ClientSession, tmp_path: Path
) -> None:
    text = "declare zebra payroll leak sev1 --private #checkout"
    await outcome(installation, Invocation("console", "d", Speaker("bo", "bo"), text))
    urls = [await feed(installation, "bo"), await feed(installation, "bo", PRIMARY)]
    for url in urls:
        async with calendar.get(url) as answer:
            body = await answer.text()
        for hidden in ("zebra", "payroll", "INC-1", "inc-1", "leak"):
            assert hidden not in body
    kept = b"".join(p.read_bytes() for p in tmp_path.glob("tocsin.db*"))
    for url in urls:
        assert url.rpartition("/")[2].removesuffix(".ics").encode() not in kept


async def test_a_cover_that_was_taken_moves_in_the_calendars(
    installation: App, calendar: aiohttp.ClientSession
) -> None:
    url = await feed(installation, "bo")
    before = [span(event) for event in await read(calendar, url)]
    ahead = next(
        s
        for s in await planned(installation)
        if s.person == "bo" and s.start > installation.clock.now()
    )

    def cover(uow: Any) -> None:

        hours = Period(ahead.start, ahead.start + timedelta(hours=4))
        bo, cy = (actor_of(uow, "console", Speaker(who, who)) for who in ("bo", "cy"))
        asked, _ = ask_cover(uow, bo, PRIMARY, PersonId("bo"), hours)
        take(uow, cy, asked.id)

    await installation.memory.write(cover)
    after = [span(event) for event in await read(calendar, url)]
    assert (ahead.start, ahead.end) in before
    assert (ahead.start + timedelta(hours=4), ahead.end) in after

"""On call in chat: who and until when, changing it, being told, trying it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.people import Person, PersonId
from bot.incident_pages import reads as incident_pages
from bot.oncall.engine.coverage import on_call
from bot.oncall.feeds import calendar
from bot.oncall.schedules import schedule_of
from bot.oncall.shifts import shifts_soon
from bot.org import sample_org
from tests.words import words
from tests.world import World, make_world

# The sample's rotation: ana until Monday 12 January 09:00 in Berlin, then bo, then cy. It is Tuesday.
PRIMARY = "payments-primary"


async def on_duty(world: World, at: str) -> set[str]:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return set(await world.read(lambda uow: on_call(schedule_of(uow, PRIMARY), moment)))


async def test_who_until_when_who_is_next_and_what_reaches_them(world: World) -> None:
    said = str(await world.person("bo").says("/oncall"))
    assert "payments-primary @Ana Lima until" in said
    assert "then @Bo Chen" in said
    assert f"(reached by {', '.join(dict.fromkeys(('console', world.stage.name)))})" in said
    assert str(await world.person("bo").says(f"/oncall {PRIMARY}")) == said
    later = await world.person("bo").says(f"/oncall {PRIMARY} at 2026-01-13 10:00")
    assert "Bo Chen until" in later
    assert "Bo Chen until" in await world.person("bo").says("/oncall at 2026-01-13 10:00")


async def test_ones_own_shifts_and_those_of_everybody(world: World) -> None:
    assert str(await world.person("bo").says("/oncall mine")).count("Bo Chen") == 3
    following = str(await world.person("bo").says("/oncall next"))
    assert following.index("Ana Lima") < following.index("Bo Chen") < following.index("Cy Okafor")


async def test_an_override_is_told_and_can_be_undone(world: World) -> None:
    said = await world.person("cy").says("/oncall override @bo 2h")
    assert "Bo Chen is on call for payments-primary" in said
    assert await on_duty(world, "2026-01-06 10:00") == {"bo"}
    assert await on_duty(world, "2026-01-06 11:00") == {"ana"}
    for person in ("ana", "bo"):
        assert "Bo Chen is on call for payments-primary" in await world.direct(person)
    await said.press("Undo")
    assert await on_duty(world, "2026-01-06 10:00") == {"ana"}


async def test_the_tracker_shows_who_is_on_call_as_it_stands(world: World) -> None:
    await world.person("cy").says("/oncall override @bo 2h")
    shown = {duty.name: duty for duty in await world.read(incident_pages.duties)}
    assert shown["payments-primary"].now == ("Bo Chen",)
    assert shown["payments-primary"].coming[1][2] == "Ana Lima"


async def test_a_page_goes_to_whom_the_override_names(world: World) -> None:
    await world.person("cy").says("/oncall override @bo 2h")
    await world.person("cy").says("/incident declare checkout is down sev1 #checkout")
    assert "checkout is down" in await world.direct("bo")


async def test_who_is_not_of_the_schedule_cannot_change_it(tmp_path: Path, on_stage: str) -> None:
    org = sample_org()
    zoe = Person(PersonId("zoe"), "Zoe Quill")
    async with make_world(
        tmp_path, replace(org, people={**org.people, zoe.id: zoe}), on=on_stage
    ) as world:
        said = await world.person("zoe").says("/oncall override @bo 2h")
    assert "Only people on payments-primary (Ana Lima, Bo Chen, Cy Okafor)" in said


async def test_the_first_to_accept_covers_and_the_requester_is_told(world: World) -> None:
    said = await world.person("ana").says("/oncall cover 2026-01-07T18:00/2026-01-07T22:00")
    assert "Bo Chen, Cy Okafor" in said
    bo, cy = (await world.direct("bo")).by_bot[-1], (await world.direct("cy")).by_bot[-1]
    assert "You cover payments-primary" in await world.person("bo").presses("Take the shift", bo)
    assert "Bo Chen already took it." in await world.person("cy").presses("Take the shift", cy)
    assert "Bo Chen covers payments-primary" in await world.direct("ana")
    # 18:00 to 22:00 in São Paulo, three hours behind UTC.
    assert await on_duty(world, "2026-01-07 20:59") == {"ana"}
    assert await on_duty(world, "2026-01-07 21:00") == {"bo"}
    assert await on_duty(world, "2026-01-08 01:00") == {"ana"}


async def test_a_manager_may_ask_for_somebody_and_a_request_can_be_taken_back(world: World) -> None:
    said = await world.person("mia").says("/oncall cover @bo sat payments-primary")
    assert "Bo Chen is not on call for payments-primary then." in said
    said = await world.person("mia").says("/oncall cover @ana sat payments-primary")
    asked = (await world.direct("cy")).by_bot[-1]
    await said.press("Take it back")
    assert "taken back" in await world.person("cy").presses("Take the shift", asked)


async def test_joining_leaves_whoever_is_on_call_in_place(world: World) -> None:
    said = await world.person("mia").says(f"/oncall join @mia {PRIMARY}")
    assert "Mia Keller joins payments-primary on" in said
    weeks = ("2026-01-08", "2026-01-13", "2026-01-20", "2026-01-27", "2026-02-03")
    found = [await on_duty(world, f"{day} 12:00") for day in weeks]
    assert found == [{"ana"}, {"bo"}, {"cy"}, {"ana"}, {"mia"}]


async def test_leaving_hands_on_to_the_next_one(world: World) -> None:
    await world.person("cy").says(f"/oncall leave @bo {PRIMARY}")
    found = [await on_duty(world, f"2026-01-{day} 12:00") for day in ("08", "13", "20", "27")]
    assert found == [{"ana"}, {"cy"}, {"ana"}, {"cy"}]


async def test_a_change_of_shift_is_told_with_a_hand_over(world: World) -> None:
    await world.memory.write(shifts_soon)
    await world.person("cy").says("/incident declare search is slow sev3 #search")
    await world.passes(days=6)
    for person in ("ana", "bo"):
        (notice,) = (await world.direct(person)).saying("Shift change")
        assert "@Bo Chen on call now for payments-primary until" in words(notice)
        assert "Off: @Ana Lima." in words(notice)
        assert "INC-1 search is slow" in words(notice)
    assert (await world.direct("cy")).saying("Shift change") == []


async def test_admins_hear_weekly_where_nobody_is_on_call(tmp_path: Path, on_stage: str) -> None:
    org = sample_org()
    left = {who: person for who, person in org.people.items() if who != "bo"}
    async with make_world(tmp_path, replace(org, people=left), on=on_stage) as world:
        await world.memory.write(shifts_soon)
        await world.passes(days=2)
        (told,) = (await world.direct("ana")).saying("Nobody is on call in the next 60 days")
        assert words(told).count(PRIMARY) == 3
        await world.passes(days=7)
        assert len((await world.direct("ana")).saying("Nobody is on call")) == 2


async def test_a_calendar_has_a_secret_address_that_can_be_revoked(world: World) -> None:
    said = str(await world.person("bo").says("/oncall feed"))
    secret = said.partition("/feeds/")[2].partition(".ics")[0]
    found = await world.read(lambda uow: calendar(uow, secret))
    assert found is not None
    assert {duty.person for duty in found.duties} == {"Bo Chen"}
    assert all(duty.end - duty.start == timedelta(days=7) for duty in found.duties[1:3])
    again = await world.read(lambda uow: calendar(uow, secret))
    assert again is not None
    assert [duty.uid for duty in again.duties] == [duty.uid for duty in found.duties]

    assert "is switched off" in await world.person("bo").says("/oncall feed --revoke")
    assert await world.read(lambda uow: calendar(uow, secret)) is None


async def test_how_duty_is_shared_out_with_nights_and_weekends(world: World) -> None:
    said = str(await world.person("mia").says("/oncall fairness"))
    rows = [row for row in said.splitlines() if " h (" in row]
    assert [row.split(" h (")[0].rpartition(" ")[0].strip("@• ") for row in rows] == [
        "Bo Chen", "Ana Lima", "Cy Okafor",
    ]  # fmt: skip
    assert "nights" in rows[0]
    assert "on each one's own clock" in said
    assert str(await world.person("mia").says(f"/oncall fairness {PRIMARY}")) == said

"""The sample organisation and the README's steps on any day: whoever is on call is paged, and named."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.incident import Status
from bot.core.people import PersonId
from bot.core.timeline import Kind
from bot.drills.service import scenarios
from bot.oncall.duties import duty
from tests.world import World, make_world

PRIMARY = "payments-primary"
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TRIED = README.partition("## Try it")[2].partition("\n## ")[0]
DAYS = {
    "ana is on call": datetime(2026, 12, 8, 10, tzinfo=UTC),
    "bo is on call": datetime(2026, 12, 15, 10, tzinfo=UTC),
    "cy is on call": datetime(2026, 12, 22, 10, tzinfo=UTC),
    "a minute before the hand-off": datetime(2026, 12, 7, 7, 59, tzinfo=UTC),
    "the hour that is missing": datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
    "the hour that comes twice": datetime(2027, 10, 31, 0, 59, tzinfo=UTC),
    "the last minutes of a year": datetime(2027, 12, 31, 23, 58, tzinfo=UTC),
    "29 February": datetime(2028, 2, 29, 12, tzinfo=UTC),
    "years later": datetime(2034, 7, 2, 3, tzinfo=UTC),
    # The sample's rotation has not begun.
    "a clock that is years behind": datetime(2016, 2, 1, 12, tzinfo=UTC),
}


@pytest.fixture(params=DAYS)
async def day(
    request: pytest.FixtureRequest, tmp_path: Path, on_stage: str
) -> AsyncIterator[World]:
    async with make_world(tmp_path, on=on_stage, start=DAYS[request.param]) as made:
        yield made


async def on_call(world: World) -> list[PersonId]:
    """By the schedule; where it names nobody, the policy's next step, which is the team."""
    found = await world.read(lambda uow: duty(uow, PRIMARY, uow.now).people)
    return list(found) or [PersonId(who) for who in ("ana", "bo", "cy")]


async def paged(world: World) -> list[PersonId]:
    """Those of whom the timeline says it."""
    told = [e for e in await world.timeline("INC-1") if e.kind is Kind.PAGED]
    return [PersonId(each.data["person"]) for each in told]


def commands() -> list[str]:
    """Those of the README's section *Try it*, in its order."""
    return re.findall(
        r"^/incident declare .+$|(?<=`)/incident [a-z][^`]*(?=`)", TRIED, re.MULTILINE
    )


@pytest.mark.stage("console")  # it is the console that the README shows
async def test_the_readmes_steps_page_whoever_is_on_call_and_end_in_a_draft(day: World) -> None:
    first, *then = commands()
    assert [words.split()[1] for words in then] == ["lead", "update", "task", "publish", "resolved"]
    expected = await on_call(day)
    await day.person("bo").says(first)
    assert await paged(day) == expected
    for who in expected:
        assert "INC-1" in str(await day.direct(who))
    bo = day.person("bo", "INC-1")
    for words in then:
        said = await bo.says(words)
        assert "Not done" not in said
        if words == "/incident publish":
            await said.press("Publish")
    assert (await day.incident("INC-1")).status is Status.RESOLVED
    assert "postmortem" in str(await day.direct("mia")).casefold()


@pytest.mark.stage("console", "slack", "discord")
async def test_the_tutorial_names_whom_it_paged(day: World) -> None:
    expected = await on_call(day)
    await day.person("bo").says("/incident tutorial checkout")
    await day.passes(seconds=6)
    await day.person("bo", "INC-1").says("/incident lead")
    await day.passes(seconds=6)
    assert len(scenarios()["checkout"].steps) == 6
    shown = str(await day.room("INC-1"))
    assert "step 2 of 6" in shown
    names = ", ".join(day.org.people[who].name for who in expected)
    assert f"Paged, in a direct message: {names}." in shown

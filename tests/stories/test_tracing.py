"""Traces: whoever collects them sees one command with all that followed from it, and nothing that people wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core import tracing
from bot.org import sample_org
from tests.fakes.platform import FakePlatform, down
from tests.fakes.tracer import collected
from tests.world import World, make_world

MARK = "zanzibar"


async def test_one_trace_from_a_command_to_its_last_job(world: World) -> None:
    with collected() as found:
        await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
        await world.passes(
            minutes=20
        )  # nobody acknowledges: timers fire, and somebody else is paged

    [declared] = [span for span in found.spans if span.name == "incident declare"]
    followed = [span for span in found.spans if span.trace == declared.trace]
    names = {span.name for span in followed}
    assert {"job open_room", "job post_card", "job pin_card", "job invite"} <= names
    assert {"timer page_on_call", "timer escalate", "job notify"} <= names
    assert all(span.ended for span in found.spans)
    known = {span.traceparent for span in followed}
    assert all(span.above in known for span in followed if span is not declared)
    jobs = [span for span in found.spans if span.facts.get("tocsin.incident") == 1]
    assert {span.trace for span in jobs} == {declared.trace}, "no job of the incident stands alone"


async def test_what_people_wrote_and_who_they_are_is_in_no_span(world: World) -> None:
    with collected() as found:
        bo = world.person("bo")
        await bo.says(f"/incident declare {MARK} is down sev1 #checkout")
        await bo.says(f"/incident declare {MARK} leaked --private")
        await bo.says(f'/incident note INC-1 "{MARK} noted"')
        await bo.says(f'/incident update INC-1 identified "{MARK} found" next 20m')
        await bo.says(f"/incident {MARK} is not a verb")
        await bo.says(f'/incident resolved INC-1 "{MARK} is up"')
        await world.passes(hours=1)
    told = repr([(span.name, span.facts, span.failure) for span in found.spans]).casefold()
    assert "incident declare" in told
    assert MARK not in told
    allowed = {"platform", "way", "job", "incident", "queue", "attempt"}
    assert {fact for span in found.spans for fact in span.facts} <= {f"tocsin.{f}" for f in allowed}


@pytest.mark.stage("console")  # a platform of the test's own is what fails
async def test_a_job_that_fails_says_by_which_error_and_its_next_attempt_is_of_the_same_trace(
    tmp_path: Path,
) -> None:
    fake = FakePlatform()
    fake.before = down("open_room")
    org = sample_org()
    org = replace(org, chat=replace(org.chat, rooms=()))
    async with make_world(tmp_path, org, {"fake": fake}) as both:
        with collected() as found:
            await both.person("bo").says("/incident declare checkout is down")
            fake.before = lambda method: None
            await both.passes(minutes=5)
    opened = [span for span in found.spans if span.name == "job open_room"]
    failures = [span.failure for span in opened]
    assert "Retry" in failures
    assert failures[-1] == ""
    assert len({span.trace for span in opened}) == 1


async def test_nobody_collects_unless_told_to(world: World) -> None:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    assert tracing.here() == ""
    assert tracing.carried({"platform": "console"}) == {"platform": "console"}

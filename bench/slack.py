"""From a command in Slack to a war room that is ready, beside a bare Bolt app making the same calls.

    .venv/bin/python -m bench.slack [--quick] [--postgres]

Two workspaces on loopback, 120 ms on every call; the bare app (bench/slack_floor.py) and the bot as it is
deployed (``python -m bot run``) are processes of their own, and take turns. A room is ready when it is
made, the declarer and the one on call are invited, the topic is set, the card is posted and pinned.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench._measure import beside
from handlers.chat.slack.manifest import EVENTS
from tests.databases import fresh_postgres
from tests.fakes.slack import Channel, Delivery, Person, Workspace, serving
from tests.fakes.slack.workspace import Call
from tests.installation import environment
from tests.process.slack_stage import COMMAND, organisation

LATENCY = 0.12
AT_ONCE = 20
ROOT = Path(__file__).parent.parent
NEEDED = ("conversations.invite", "conversations.setTopic", "pins.add")


@dataclass(frozen=True)
class Opened:
    """One command: seconds to its acknowledgement and to the room; the calls that led there, in a row."""

    ack: float
    ready: float
    chain: tuple[str, ...]


@dataclass
class Side:
    """The bare app or the product, with a workspace of its own."""

    name: str
    text: str
    workspace: Workspace
    bo: Person
    ana: Person

    async def declare(self) -> Opened:
        """One person declares and waits for the room."""
        (opened,), _ = await self.declare_at_once(1)
        return opened

    async def declare_at_once(self, count: int) -> tuple[list[Opened], float]:
        """So many at the same moment; with it the seconds until the last room is ready."""
        slack = self.workspace.slack
        calls, rooms = len(slack.calls), len(slack.made_by_bot())
        told = [self.bo.sends_command(self.text) for _ in range(count)]
        await slack.until(
            lambda: len(self._ready(rooms, calls)) == count, 60, f"{self.name}: no room"
        )
        await slack.until(
            lambda: all(each.acked for each in told), 5, f"{self.name}: not acknowledged"
        )
        await self._quiet()
        rounds = slack.calls[calls:]
        ends = self._ready(rooms, calls)
        began = min(each.sent for each in told)
        opened = [self._opened(each, end, rounds) for each, end in zip(told, ends, strict=True)]
        return opened, max(ends) - began

    def _opened(self, told: Delivery, end: float, calls: Sequence[Call]) -> Opened:
        return Opened(told.ack_seconds, end - told.sent, chain(calls, end))

    def _ready(self, rooms: int, calls: int) -> list[float]:
        """When each of the new rooms was ready, of those that are."""
        slack = self.workspace.slack
        made = [room for room in slack.made_by_bot()[rooms:] if room.name.startswith("inc")]
        ends = [self._ready_at(room, slack.calls[calls:]) for room in made]
        return sorted(end for end in ends if end)

    def _ready_at(self, room: Channel, calls: Sequence[Call]) -> float:
        if not ({self.ana.id, self.bo.id} <= set(room.members) and room.topic and room.pins):
            return 0.0
        ends = {
            call.method: call.ended
            for call in calls
            if call.method in NEEDED
            and call.args.get("channel") == room.id
            and call.outcome == "ok"
        }
        return max(ends.values()) if len(ends) == len(NEEDED) and all(ends.values()) else 0.0

    async def _quiet(self) -> None:
        """What else follows (bookmarks, the announcement, edits of the card) belongs to this turn."""
        slack = self.workspace.slack
        seen, since = len(slack.calls), time.perf_counter()

        def still() -> bool:
            nonlocal seen, since
            if len(slack.calls) != seen or any(not call.ended for call in slack.calls):
                seen, since = len(slack.calls), time.perf_counter()
            return time.perf_counter() - since > 0.5

        await slack.until(still, 60, f"{self.name}: never quiet")


def chain(calls: Sequence[Call], end: float) -> tuple[str, ...]:
    """The calls that came one after another before ``end``, read backwards from the last."""
    last = next(call for call in calls if call.ended == end)
    found = [last]
    while True:
        before = [call for call in calls if call.ended and call.ended <= found[0].began]
        if not before:
            return tuple(call.method for call in found)
        found.insert(0, max(before, key=lambda call: call.ended))


@asynccontextmanager
async def process(module: str, *words: str, **env: str) -> AsyncIterator[None]:
    """A child with these settings, stopped at the end; what it says goes to a file."""
    with tempfile.TemporaryFile() as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *words, cwd=ROOT, env={**os.environ, **env},
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield
        except AssertionError:
            log.seek(0)
            print(log.read().decode()[-3000:])
            raise
        finally:
            child.terminate()
            await child.wait()


@asynccontextmanager
async def side(name: str, text: str) -> AsyncIterator[Side]:
    async with serving() as workspace:
        slack = workspace.slack
        slack.faults.latency["*"] = LATENCY
        people = {who: slack.person(who, email=f"{who}@acme.example") for who in ("ana", "bo")}
        slack.add_channel("incidents", "U0BOT", creator="U0BOT")
        yield Side(name, text, workspace, people["bo"], people["ana"])


async def _linked(made: Side) -> None:
    slack = made.workspace.slack
    await slack.until(lambda: slack.post.links, 60, f"{made.name} did not connect")


@asynccontextmanager
async def floor() -> AsyncIterator[Side]:
    async with side("floor", "/incident declare checkout is down") as made:
        announce = made.workspace.slack.channel_named("incidents").id
        made.workspace.slack.subscribed = frozenset()
        env = {**made.workspace.environ, "ON_CALL": made.ana.id, "ANNOUNCE": announce}
        async with process("bench.slack_floor", **env):
            await _linked(made)
            yield made


@asynccontextmanager
async def product(database: str) -> AsyncIterator[Side]:
    async with side("product", COMMAND) as made:
        made.workspace.slack.subscribed = frozenset(EVENTS)
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            org = Path(folder) / "org.yaml"
            org.write_text(organisation(made.ana, made.bo))
            more = {"DATABASE_URL": database} if database else {}
            env = environment(Path(folder), TOCSIN_ORG=str(org), SLACK_PACE="1000", **more)
            async with process("bot", "run", **env, **made.workspace.environ):
                await _linked(made)
                yield made


def _shown(name: str, samples: Sequence[Opened]) -> None:
    ready = median(each.ready for each in samples) * 1000
    ack = sorted(each.ack for each in samples)
    print(
        f"  {name}: room ready {ready:.0f} ms (median of {len(samples)}), "
        f"acknowledged {median(ack) * 1000:.0f} ms, at most {ack[-1] * 1000:.0f} ms"
    )


async def main(
    runs: int, bursts: int, database: str = "", *, twice: bool = False
) -> dict[str, float]:
    """Prints medians, chains and ratios; returns what is held to a bar. ``twice``: our calls, not the bare app's, take
    Slack twice as long, to see that the gate would notice."""
    kind = "PostgreSQL" if database else "SQLite"
    print(f"{kind}, {LATENCY * 1000:.0f} ms on every call, {runs} runs in turn")
    async with AsyncExitStack() as stack:
        sides = [
            await stack.enter_async_context(floor()),
            await stack.enter_async_context(product(database)),
        ]
        if twice:
            sides[1].workspace.slack.faults.latency["*"] = 2 * LATENCY
        for each in sides:
            await each.declare()
            await each.declare()
        alone: list[list[Opened]] = [[], []]
        for _ in range(runs):
            for which, each in enumerate(sides):
                alone[which].append(await each.declare())
        for each, found in zip(sides, alone, strict=True):
            _shown(each.name, found)
        for each, found in zip(sides, alone, strict=True):
            worst = max((opened.chain for opened in found), key=len)
            print(f"  {each.name}: in a row {len(worst)}: {' → '.join(worst)}")
        ratio = beside(*([opened.ready for opened in found] for found in reversed(alone)))
        print(f"  ratio {ratio:.2f} (median of pairs)")
        together = await _together(sides, bursts)
    in_a_row = max(len(opened.chain) for opened in alone[1])
    return {"ratio": ratio, "in_a_row": in_a_row, **together}


async def _together(sides: Sequence[Side], bursts: int) -> dict[str, float]:
    whole: list[list[float]] = [[], []]
    acks: list[list[float]] = [[], []]
    for _ in range(bursts):
        for which, each in enumerate(sides):
            opened, seconds = await each.declare_at_once(AT_ONCE)
            whole[which].append(seconds)
            acks[which] += [one.ack for one in opened]
    for each, seconds_, found in zip(sides, whole, acks, strict=True):
        print(
            f"  {AT_ONCE} at once, {each.name}: all ready in {median(seconds_) * 1000:.0f} ms "
            f"(median of {bursts}), acknowledged in at most {max(found) * 1000:.0f} ms"
        )
    ratio = beside(whole[1], whole[0])
    print(f"  {AT_ONCE} at once, ratio {ratio:.2f} (median of pairs)")
    return {"together": ratio, "ack": max(acks[1])}


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    both = ["", fresh_postgres()] if "--postgres" in sys.argv or not quick else [""]
    for place in both:
        asyncio.run(main(5 if quick else 30, 1 if quick else 5, place))

"""Faults of Slack: whatever goes wrong with whichever call, each incident has one complete room afterwards."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.slack import ALL, Fault, Message, Wrong, serving
from tests.faults.slack_rooms import (
    COMMAND,
    METHODS,
    announcements,
    pages,
    rooms_of,
    settled,
)
from tests.handlers.chat.slack.running import Tocsin, running
from tests.organisations import ON_CALL

SEED = int(os.environ.get("TOCSIN_SEED", "20260105"))
DECLARES = int(os.environ.get("TOCSIN_DECLARES", "200"))
AT_ONCE = 20


@asynccontextmanager
async def on_slack(folder: Path, **environ: str) -> AsyncIterator[Tocsin]:
    async with serving() as workspace:
        env = {"SLACK_PACE": "10000", **environ}
        async with running(folder, workspace, **env) as tocsin:
            await tocsin.until(lambda: workspace.slack.post.links, "connected")
            yield tocsin


def _short(fault: Fault) -> Fault:
    """A hanging call is cut after half a second, so that the test need not wait for our own limit."""
    seconds = 0.5 if fault.wrong is Wrong.HANG else fault.seconds
    return Fault(fault.wrong, fault.moment, fault.code, seconds)


def arm(tocsin: Tocsin, chance: random.Random, how_many: int) -> list[str]:
    """That many faults on methods of a declare, by the seed; returns what they are."""
    told = []
    for _ in range(how_many):
        method, fault = chance.choice(METHODS), _short(chance.choice(ALL))
        tocsin.slack.faults.at(method, fault)
        told.append(f"{method} {fault.wrong} {fault.moment}")
    return told


async def declared(tocsin: Tocsin, count: int) -> None:
    """So many declares at once; each is acknowledged in time and told its number."""
    bo = tocsin.person("bo")
    told = await asyncio.gather(*(bo.types(COMMAND) for _ in range(count)))
    assert [each.failed for each in told if each.failed] == []
    assert max(each.ack_seconds for each in told) < 3
    # On a busy machine "not recorded yet" may come first.
    await tocsin.until(lambda: all("INC-" in each.words for each in told), "told their numbers", 60)


async def faulty(tocsin: Tocsin, declares: int, seed: int) -> None:
    chance = random.Random(seed)
    armed: list[str] = []
    for first in range(0, declares, AT_ONCE):
        count = min(AT_ONCE, declares - first)
        for _ in range(count):  # alone, or in pairs
            armed += arm(tocsin, chance, chance.choice((1, 2)))
        await declared(tocsin, count)
        try:
            numbers = range(first + 1, first + count + 1)
            await settled(tocsin, numbers, tocsin.person("bo").id, 90)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}\n{armed[-40:]}") from None
    happened = tocsin.slack.faults.happened
    print(f"seed {seed}: {declares} declares, {len(happened)} faults, 0 lost, 0 doubled")


@pytest.mark.timeout(240)
async def test_faults_on_every_kind_of_call(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as tocsin:
        await faulty(tocsin, 10, SEED)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("method", ["conversations.create", "chat.postMessage"])
async def test_every_fault_on_the_calls_that_must_not_double(method: str, tmp_path: Path) -> None:
    async with on_slack(tmp_path) as tocsin:
        for fault in ALL:
            tocsin.slack.faults.at(method, _short(fault))
        await declared(tocsin, 3)
        await settled(tocsin, range(1, 4), tocsin.person("bo").id, 90)


@pytest.mark.timeout(120)
async def test_what_comes_twice_and_out_of_order_is_done_once(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as tocsin:
        tocsin.slack.post.misdeliver(SEED, duplicates=1.0, disorder=0.5)
        await declared(tocsin, 4)
        await settled(tocsin, range(1, 5), tocsin.person("bo").id, 60)
        assert not [c for c in tocsin.slack.made_by_bot() if c.name.startswith("inc-5")]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("how", "within"), [("reset", 6), ("stall", 12), ("close", 6), ("refresh", 6)]
)
async def test_a_socket_that_is_lost_is_replaced(how: str, within: float, tmp_path: Path) -> None:
    async with on_slack(tmp_path) as tocsin:
        slack, sockets = tocsin.slack, tocsin.workspace.sockets
        before = list(slack.post.links)
        match how:
            case "reset":
                sockets.reset()
            case "stall":
                sockets.stall()
            case "close":
                await sockets.close()
            case _:
                await sockets.refresh(warned=0.5)

        def replaced() -> bool:
            new = [link for link in slack.post.links if link not in before and link.takes]
            return bool(new) and not any(link.takes for link in before)

        await tocsin.until(replaced, f"a new socket after {how}", within)
        await declared(tocsin, 1)
        await settled(tocsin, [1], tocsin.person("bo").id, 30)


@pytest.mark.timeout(120)
async def test_slack_gone_for_a_while_costs_no_room(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as tocsin:
        tocsin.slack.faults.latency["*"] = 0.05
        bo = tocsin.person("bo")
        await asyncio.gather(*(bo.types(COMMAND) for _ in range(5)))
        tocsin.workspace.goes_away()
        lost = len(tocsin.slack.calls)
        await tocsin.until(lambda: len(tocsin.slack.calls) > lost + 10, "tried in vain", 30)
        tocsin.workspace.comes_back()
        await settled(tocsin, range(1, 6), bo.id, 60)


@pytest.mark.timeout(240)
async def test_within_slacks_limits_all_come_late_the_important_first_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    """Slack's minute is six seconds here, and the bot is told so by its pace. The minor ones are declared
    first, and must wait all the same."""
    async with on_slack(tmp_path, SLACK_PACE="10") as tocsin:
        rates, slack, bo = tocsin.slack.rates, tocsin.slack, tocsin.person("bo")
        rates.enforced, rates.minute = True, 6.0
        minor = [COMMAND.replace("sev1", "sev3")] * (AT_ONCE // 2)
        told = await asyncio.gather(*(bo.types(text) for text in [*minor, *[COMMAND] * 10]))
        assert max(each.ack_seconds for each in told) < 3
        await settled(tocsin, range(1, AT_ONCE + 1), bo.id, 200)

        major = {_number(each.words) for each in told[len(minor) :]}
        assert len(major) == 10
        informed = [_sent(announcements(slack, n)[0]) for n in range(1, 21) if n not in major]
        opened = [rooms_of(slack, n)[0].created for n in major]
        on_call = tocsin.person(ON_CALL).id
        paged = {n: pages(slack, n, on_call) for n in range(1, AT_ONCE + 1)}
        assert max(opened) < max(informed), "a room waited for what merely informs"
        assert max(_sent(paged[n][0]) for n in major) < max(informed), "a page waited"
        plain = {n: [m for m in found if "(repeat)" not in m.words] for n, found in paged.items()}
        assert {n: len(found) for n, found in plain.items() if len(found) != 1} == {}
        print(f"{len(rates.refused)} calls refused, all done after all")


def _number(words: str) -> int:
    return int(re.findall(r"INC-(\d+)", words)[0])


def _sent(message: Message) -> float:
    return float(message.ts)


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_two_hundred_declares_under_faults(tmp_path: Path) -> None:
    seed = int(os.environ.get("TOCSIN_SEED", "0")) or random.SystemRandom().randrange(10**6)
    print(f"seed {seed}: TOCSIN_SEED={seed} repeats this run")
    async with on_slack(tmp_path) as tocsin:
        await faulty(tocsin, DECLARES, seed)

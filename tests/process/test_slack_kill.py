"""kill -9 right after a call that Slack has carried out and not yet answered: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.slack import BOT_USER, Delivery, Person, Workspace, serving
from tests.faults.slack_rooms import COMMAND, doubled, lacking
from tests.house import environment

pytestmark = pytest.mark.process

ORG = """\
organisation: Acme
chat: {{rooms: [slack]}}
people:
  ana: {{name: Ana, identities: {{slack: {ana}}}}}
  bo: {{name: Bo, identities: {{slack: {bo}}}}}
teams:
  payments: {{members: [ana, bo], managers: [bo]}}
services:
  checkout: {{team: payments, escalation: payments}}
escalations:
  payments: {{steps: [{{notify: [person:ana]}}]}}
catch_all: {{notify: [person:bo]}}
"""
# Every call of a declare that writes, and how often it comes before the room is complete.
CALLS = [
    ("conversations.create", 1), ("conversations.invite", 1), ("conversations.setTopic", 1),
    ("chat.postMessage", 1), ("chat.postMessage", 2), ("chat.postMessage", 3), ("pins.add", 1),
    ("bookmarks.add", 1), ("chat.update", 1),
]  # fmt: skip


@dataclass
class SlackBot:
    """The bot as a process beside a workspace that outlives it."""

    workspace: Workspace
    env: dict[str, str]
    folder: Path
    bo: Person
    ana: Person
    process: asyncio.subprocess.Process | None = None
    starts: int = 0

    async def start(self) -> None:
        self.starts += 1
        slack = self.workspace.slack
        before = list(slack.post.links)
        with (self.folder / f"bot-{self.starts}.log").open("wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env={**os.environ, **self.env}, stderr=log,
                stdout=log,
            )  # fmt: skip
        await slack.until(
            lambda: [link for link in slack.post.links if link not in before and link.takes],
            40,
            "not connected",
        )

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def declares_and_is_killed_after(self, method: str, nth: int) -> Delivery:
        """Kill it when Slack has done the ``nth`` such call, and start it again."""
        slack = self.workspace.slack
        killed, seen = asyncio.Event(), 0

        def witness(called: str) -> bool:
            nonlocal seen
            seen += called == method
            if called != method or seen != nth or killed.is_set():
                return False
            assert self.process is not None
            self.process.kill()
            killed.set()
            return True

        slack.faults.witness = witness
        told = await self.bo.types(COMMAND)
        async with asyncio.timeout(40):
            await killed.wait()
        slack.faults.witness = lambda _: False
        await self.kill()
        await self.start()
        return told

    def pages(self, number: int) -> list[str]:
        direct = self.workspace.slack.direct(self.ana.id)
        said = [m.words for m in direct.messages.values() if m.user == BOT_USER]
        return [words for words in said if re.search(rf"INC-{number}\b", words)]


@asynccontextmanager
async def beside(folder: Path) -> AsyncIterator[SlackBot]:
    async with serving() as workspace:
        ana, bo = workspace.slack.person("ana"), workspace.slack.person("bo")
        org = folder / "org.yaml"
        org.write_text(ORG.format(ana=ana.id, bo=bo.id))
        env = environment(folder, TOCSIN_ORG=str(org), SLACK_PACE="10000", **workspace.environ)
        made = SlackBot(workspace, env, folder, bo, ana)
        await made.start()
        try:
            yield made
        finally:
            await made.kill()


async def killed_after(folder: Path, calls: list[tuple[str, int]]) -> None:
    async with beside(folder) as bot:
        slack = bot.workspace.slack
        for number, (method, nth) in enumerate(calls, start=1):
            told = await bot.declares_and_is_killed_after(method, nth)
            assert f"INC-{number}" in told.words

            def complete(number: int = number) -> bool:
                return not lacking(slack, number, bot.bo.id) and bool(bot.pages(number))

            try:
                await slack.until(complete, 60)
            except AssertionError:
                wants = lacking(slack, number, bot.bo.id) or "nobody was paged"
                raise AssertionError(f"killed after {method} {nth}: {wants}") from None
            assert doubled(slack, number) == [], f"killed after {method} {nth}"
            plain = [words for words in bot.pages(number) if "(repeat)" not in words]
            assert len(plain) <= 1, f"killed after {method} {nth}: paged twice, unmarked"


@pytest.mark.timeout(180)
async def test_killed_after_the_room_and_after_the_card(tmp_path: Path) -> None:
    await killed_after(tmp_path, [("conversations.create", 1), ("chat.postMessage", 2)])


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_killed_after_each_call(tmp_path: Path) -> None:
    await killed_after(tmp_path, CALLS)
    print(f"killed after each of {len(CALLS)} calls: 0 lost, 0 doubled")

"""The real bot as a process beside the fake Slack, which outlives it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.slack import BOT_USER, Delivery, Person, Workspace, serving
from tests.installation import environment

COMMAND = "/incident declare checkout is down sev1 #checkout"
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


def organisation(ana: Person, bo: Person) -> str:
    """Ana is on call for what Bo declares."""
    return ORG.format(ana=ana.id, bo=bo.id)


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
        seen = 0

        def done(called: str) -> bool:
            nonlocal seen
            seen += called == method
            return called == method and seen == nth

        return await self.says_and_is_killed_when(done, COMMAND)

    async def says_and_is_killed_when(self, done: Callable[[str], bool], text: str) -> Delivery:
        """Kill it once ``done`` says so of a method that Slack has carried out, and start it again."""
        slack = self.workspace.slack
        killed = asyncio.Event()

        def witness(called: str) -> bool:
            if killed.is_set() or not done(called):
                return False
            assert self.process is not None
            self.process.kill()
            killed.set()
            return True

        slack.faults.witness = witness
        told = await self.bo.types(text)
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
async def beside(folder: Path, database: str = "") -> AsyncIterator[SlackBot]:
    """A bot, connected, on SQLite or on the PostgreSQL that is named."""
    async with serving() as workspace:
        ana, bo = workspace.slack.person("ana"), workspace.slack.person("bo")
        org = folder / "org.yaml"
        org.write_text(organisation(ana, bo))
        more = {"DATABASE_URL": database} if database else {}
        env = environment(
            folder, TOCSIN_ORG=str(org), SLACK_PACE="10000", **workspace.environ, **more
        )
        made = SlackBot(workspace, env, folder, bo, ana)
        await made.start()
        try:
            yield made
        finally:
            await made.kill()

"""Slack: the real gateway and the vendor's own client, against the workspace on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.people import PersonId
from bot.core.ports.platforms import ChatPlatform
from bot.org import sample_org
from handlers.chat.slack.connector import SlackPlatform, connected
from tests.contracts.subjects import Place, Posted, Subject
from tests.fakes.clock import FakeClock
from tests.fakes.slack import BOT_USER, LOST, FakeSlack, Kind, Message, serving
from tests.fakes.slack.typed import calls, labels
from tests.world import make_world, platform_context

METHODS = {
    "open_room": "conversations.create",
    "post": "chat.postMessage",
    "edit": "chat.update",
    "pin": "pins.add",
    "set_topic": "conversations.setTopic",
    "bookmark": "bookmarks.add",
    "invite": "conversations.invite",
    "remove": "conversations.kick",
    "archive": "conversations.archive",
}


@dataclass(repr=False)
class SlackSubject:
    slack: FakeSlack
    platform: ChatPlatform
    clock: FakeClock
    people: tuple[str, str]
    outsider: str

    def loses(self, method: str) -> None:
        self.slack.faults.at(METHODS[method], LOST)

    def now(self) -> datetime:
        return self.clock.now()

    def passes(self, length: timedelta) -> None:
        self.clock.move_to(self.clock.now() + length)

    async def place(self, room: str) -> Place:
        found = self.slack.channels[room]
        return Place(
            found.name,
            found.topic.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
            found.kind is Kind.PRIVATE,
            found.archived,
            frozenset(found.members),
            {mark["title"]: mark["link"] for mark in found.bookmarks.values()},
            tuple(_posted(m) for m in found.said() if m.user == BOT_USER),
        )

    async def war_rooms(self) -> int:
        return len([room for room in self.slack.made_by_bot() if room.name.startswith("inc-")])


def _posted(message: Message) -> Posted:
    return Posted(message.words, labels(message.blocks), calls(message), message.pinned)


@asynccontextmanager
async def subject(folder: Path) -> AsyncIterator[Subject]:
    org = sample_org()
    async with serving() as workspace:
        slack = workspace.slack
        users = {who: slack.add_user(who).id for who in ("ana", "bo")}
        people = {
            who: replace(person, identities={"slack": users.get(who, "")})
            for who, person in org.people.items()
        }
        org = replace(org, people={PersonId(who): person for who, person in people.items()})
        async with make_world(folder, org) as world:
            slack.clock = lambda: world.clock.now().timestamp()
            env = {**workspace.environ, "SLACK_PACE": "10000"}
            platform = connected(env).build(platform_context(env, world.memory, world.clock))
            assert isinstance(platform, SlackPlatform)
            guest = slack.add_user("guest", restricted=True).id
            try:
                yield SlackSubject(slack, platform, world.clock, (users["ana"], users["bo"]), guest)
            finally:
                await platform.calls.close()

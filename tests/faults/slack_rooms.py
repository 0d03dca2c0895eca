"""What must be there of each incident on Slack once everything has settled, and what must not be twice."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from bot.core.incident import IncidentId
from bot.core.people import SYSTEM
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, Kind, fold
from bot.incidents.plan import PlanStep
from tests.fakes.slack import BOT_USER, Channel, FakeSlack, Message
from tests.handlers.chat.slack.running import Tocsin
from tests.process.slack_stage import COMMAND

__all__ = [
    "COMMAND",
    "METHODS",
    "announcements",
    "doubled",
    "lacking",
    "pages",
    "rooms_of",
    "settled",
]

# Every method that a declare uses, and that a fault can therefore befall.
METHODS = (
    "conversations.create", "conversations.invite", "conversations.setTopic", "chat.postMessage",
    "pins.add", "bookmarks.list", "bookmarks.add", "chat.update", "conversations.open",
    "users.conversations", "conversations.history",
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What memory holds of one incident."""

    plan: list[PlanStep]
    timeline: list[Entry]


async def kept(tocsin: Tocsin, number: int) -> Kept:
    def read(uow: UnitOfWork) -> Kept:
        incident = IncidentId(number)
        return Kept(uow.plans.of(incident), list(fold(uow.timeline.of(incident, SYSTEM))))

    return await tocsin.memory.read(read)


def rooms_of(slack: FakeSlack, number: int) -> list[Channel]:
    return [c for c in slack.made_by_bot() if re.match(rf"inc-{number}(-|$)", c.name)]


def marker(message: Message) -> str:
    payload = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("marker", ""))


def announcements(slack: FakeSlack, number: int) -> list[Message]:
    found = [c for c in slack.made_by_bot() if c.name == "incidents"]
    said = [m for c in found for m in c.said() if m.user == BOT_USER]
    return [m for m in said if f":inc{number}:" in marker(m)]


def pages(slack: FakeSlack, number: int, person: str) -> list[Message]:
    """What one person was paged with, in their direct conversation with the bot: it says the incident's
    reference, or its room by name."""
    said = slack.direct(person).said()
    mine = [m for m in said if m.user == BOT_USER]
    named = re.compile(rf"\binc-{number}\b", re.IGNORECASE)
    return [m for m in mine if named.search(m.words) and "page" in marker(m)]


def lacking(slack: FakeSlack, number: int, declarer: str) -> str:
    """What the incident still wants on Slack; empty when its room is complete."""
    rooms = rooms_of(slack, number)
    if not rooms:
        return f"INC-{number}: no room"
    room = rooms[0]
    lacks = {
        "declarer": declarer not in room.members,
        "topic": not room.topic,
        "card": not [m for m in room.said() if marker(m).endswith(":card")],
        "pin": not room.pins,
        "bookmarks": not room.bookmarks,
        "announcement": not announcements(slack, number),
    }
    missing = [what for what, absent in lacks.items() if absent]
    return f"INC-{number}: no {', '.join(missing)}" if missing else ""


def doubled(slack: FakeSlack, number: int) -> list[str]:
    """Whatever there is more than once."""
    rooms = rooms_of(slack, number)
    said = Counter(marker(m) for room in rooms for m in room.said() if m.user == BOT_USER)
    titles = Counter(mark["title"] for room in rooms for mark in room.bookmarks.values())
    found = {
        "rooms": len(rooms),
        "announcements": len(announcements(slack, number)),
        "pins": max((len(room.pins) for room in rooms), default=0),
        **{f"messages {key}": count for key, count in said.items() if key},
        **{f"bookmarks {title}": count for title, count in titles.items()},
    }
    return [f"INC-{number}: {count} {what}" for what, count in found.items() if count > 1]


async def untrue(tocsin: Tocsin, number: int) -> list[str]:
    """Where plan or timeline do not say what happened on Slack."""
    held = await kept(tocsin, number)
    steps = [
        f"{s.step} is {s.state}" for s in held.plan if s.platform == "slack" and s.state != "done"
    ]
    kinds = Counter(entry.kind for entry in held.timeline)
    wrong = [] if kinds[Kind.DECLARED] == 1 else [f"declared {kinds[Kind.DECLARED]} times"]
    return [f"INC-{number}: {text}" for text in [*steps, *wrong]]


async def settled(tocsin: Tocsin, numbers: Iterable[int], declarer: str, seconds: float) -> None:
    """Every one of them is complete, once, and memory says so."""
    wanted, slack = list(numbers), tocsin.slack
    unsettled = list(wanted)

    def complete() -> bool:
        """The first that was not complete is looked at first: the bot shares this loop with us."""
        while unsettled and not lacking(slack, unsettled[0], declarer):
            unsettled.pop(0)
        return not unsettled

    try:
        await tocsin.until(complete, "rooms", seconds)
    except AssertionError:
        found = [text for number in unsettled if (text := lacking(slack, number, declarer))]
        raise AssertionError("\n".join(found[:20] + unended(tocsin))) from None
    wrong = ["not looked"]
    for _ in range(100):
        wrong = [text for number in wanted for text in await untrue(tocsin, number)]
        if not wrong:
            break
        await slack_rests(slack)
    assert wrong == []
    assert [text for number in wanted for text in doubled(slack, number)] == []


def unended(tocsin: Tocsin) -> list[str]:
    """The jobs that are not done, as the table has them: why a room is not complete."""

    with closing(sqlite3.connect(tocsin.folder / "tocsin.db")) as file:
        file.row_factory = sqlite3.Row
        query = "SELECT * FROM jobs WHERE state <> 'done' ORDER BY id LIMIT 40"
        return [str(dict(row)) for row in file.execute(query)]


async def slack_rests(slack: FakeSlack) -> None:
    """Until the next thing happens on Slack, or a little while."""
    seen = len(slack.calls)
    try:
        await slack.until(lambda: len(slack.calls) != seen, 0.3)
    except AssertionError:
        return

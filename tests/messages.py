"""docs/messages.md: every message that people can see, with the situation, from what is really rendered.

    python -m tests.messages

writes it; a test compares. Replies come from a small world in which every example of every verb is said and
taken back; what the bot says on its own account from the views; refusals from where the code raises them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.core.chat.plain import card_text, form_text
from bot.core.chat.vocabulary import Admission, Group, Invocation, Reply, Speaker
from bot.core.errors import UserError
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.spec import Command
from bot.language.table import all_commands
from tests.exhibits import cards
from tests.said_in_code import raised, said
from tests.world import World, make_world

PAGE = Path("docs/messages.md")
_HEAD = """# What people read

Written by `make docs` from what is really rendered; a test keeps it true. Read it aloud: a message says what
happened and what to do next, and no more than is needed in an outage.

"""
_SAID = """## Answers

Each example of each verb, said by somebody who joined `INC-1` in its war room; `INC-2` is open too. Only who
asks sees the answer. Buttons stand in brackets; a form shows its questions.

"""
_BACK = """## Questions back

What is not done on a guess, and what is asked first. Mia has joined nothing.

"""
# Who says what, and whether in the war room of INC-1.
ASKED = (
    ("outside a room", "mia", "search is down", ""),
    ("outside a room", "mia", "decalre checkout is down", ""),
    ("outside a room", "mia", "severity sev2 INC-1", ""),
    ("outside a room", "mia", "INC-1 resolved", ""),
    ("outside a room", "bo", "resolved", ""),
    ("in the room", "mia", "resolved", "INC-1"),
    ("in the room", "bo", "page payments", "INC-1"),
    ("in the room", "bo", "page nobody-known", "INC-1"),
    ("in the room", "bo", "update", "INC-1"),
    ("in the room", "bo", "declare it is slow #nope", "INC-1"),
    ("anywhere", "mia", "show INC-99", ""),
    ("anywhere", "a guest", "list", ""),
)
_TOLD = """## What the bot says by itself

| situation | message |
|---|---|
"""
_REFUSED = """## Refusals and errors

What stands between ‹ › is filled in. Only who asks sees them.

| when | message |
|---|---|
"""
_ELSE = """## What else is answered

Sentences of answers that the examples above do not come to, by where they are made.

| where | message |
|---|---|
"""
# Situations of the messages in tests/exhibits.py, by name.
SITUATIONS = {
    "card": "the pinned card of a war room",
    "card-quiet": "the same of a test, nothing known yet",
    "card-resolved": "the same when it is resolved",
    "card-in-trouble": "the same while steps fail",
    "announcement": "the announcement channel, edited as things change",
    "declared": "to who declared, in the same second",
    "home": "one's own start page",
    "home-empty": "the same with nothing to do",
    "page": "a page, to whoever is on call",
    "page-to-catch-all": "the same, to the catch-all",
    "unreached": "the room: everybody was tried and nobody acknowledged",
    "refusal": "a refusal",
    "fault": "something of ours broke",
    "pending": "the database is slow",
    "not-recorded": "the database could not be reached for a minute",
    "unknown": "the database stopped answering half-way",
    "question": "a question back",
    "done": "something was done",
    "maintenance-preview": "whoever plans maintenance, before customers see it",
    "maintenance-list": "what is planned and under way",
    "maintenance-begun": "whoever planned it: it began by itself",
    "maintenance-ending": "the same, ten minutes before its end",
    "maintenance-ended": "the same: it ended by itself",
    "occasion-trouble": "the lead: a step failed for good",
    "occasion-confirm": "the reporter: it is resolved",
    "occasion-draft": "the managers of the owning team: it is resolved",
    "occasion-lead": "the room: nobody leads after two minutes",
    "answered-lead": "the same message, once somebody took the lead",
    "occasion-severity": "the room: severity not set after five minutes",
    "occasion-quiet": "the room: nobody wrote for two hours",
    "occasion-due": "the lead: two minutes before a promised update",
    "occasion-overdue": "the room: a promised update is due",
    "occasion-role": "the room of a major incident: no communications role after fifteen minutes",
    "occasion-merged": "the room of what was merged into another",
    "occasion-news": "a subscriber: an update",
    "occasion-handover": "whoever is handed a role",
    "occasion-moved": "the lead: a room was archived or deleted by hand",
    "occasion-debrief": "the room: the debrief is set",
    "occasion-plugin": "the room: a plug-in has something to say",
}
_SECRETS = (
    (re.compile(r"(meet\.jit\.si/inc-\d+)-[\w-]+"), r"\1-…"),
    (re.compile(r"/(link|feeds|ack|verify)/[\w.~-]{8,}"), r"/\1/…"),
    (re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b"), "ABCD-2345"),
)
SPEAKERS = {
    "bo": Speaker("bo", "Bo Chen"),
    "mia": Speaker("mia", "Mia Keller"),
    "a guest": Speaker("guest", "A guest", admission=Admission.REFUSED),
}


def page() -> str:
    """The whole page."""
    shown = _HEAD + asyncio.run(_answers()) + "\n" + _by_itself() + "\n" + _refusals()
    return shown + "\n" + _else(shown)


def _else(shown: str) -> str:
    """What is said in the code, none of whose words stand on the page so far."""
    files = (path for path in (*core(), *sorted(Path("handlers/chat").rglob("*.py"))))
    rows = dict.fromkeys(row for path in files for row in said(path))
    return _ELSE + "".join(
        f"| {where} | {_cell(text)} |\n" for where, text in rows if not _is_shown(text, shown)
    )


def _is_shown(text: str, shown: str) -> bool:
    """Whether every fixed part of a sentence stands on the page."""
    parts = [part.strip() for part in re.split(r"‹[^›]*›", text)]
    return all(_cell(part) in shown for part in parts if len(part) > 2)


# --- answers -------------------------------------------------------------------------------------


class _Rolled(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__("rolled back")
        self.reply = reply


async def _answers() -> str:
    with TemporaryDirectory() as folder:
        async with make_world(Path(folder)) as world:
            bo = world.person("bo", room="INC-1")
            await bo.says("/incident declare checkout is down sev2 #checkout")
            await bo.says("/incident declare payments are slow sev3")
            for said in ('task "Fail over the database"', 'note "CPU went up"', "lead"):
                await bo.says(f"/incident {said}")
            room = await world.room_id("INC-1")
            parts = [_SAID]
            for command in sorted(all_commands().commands, key=lambda c: (c.group, c.name)):
                parts += [await _example(world, command, said, room) for said in command.examples]
            parts.append(_BACK)
            parts += [
                await _answer(
                    world,
                    f"{where}, {who}: ",
                    said,
                    Group.INCIDENT,
                    room if inside else "",
                    SPEAKERS[who],
                )
                for where, who, said, inside in ASKED
            ]
            return "".join(parts)


async def _example(world: World, command: Command, said: str, room: str) -> str:
    text = said.replace("INC-42", "INC-1").replace("INC-41", "INC-2")
    return await _answer(world, "", text, command.group, room, SPEAKERS["bo"])


async def _answer(
    world: World, where: str, text: str, group: Group, room: str, who: Speaker
) -> str:
    """What is said, and what comes back; nothing of it stays."""
    call = Invocation("console", f"m-{who.id}-{text}", who, text, room, group=group)

    def attempt(uow: UnitOfWork) -> None:
        raise _Rolled(world.dispatcher._at_once(uow, call))

    shown = ""
    try:
        await world.memory.write(attempt)
    except _Rolled as rolled:
        shown = _shown(rolled.reply)
    except UserError as refusal:
        shown = str(refusal)
    for secret, word in _SECRETS:
        shown = secret.sub(word, shown)
    lines = "\n".join(f"> {line}".rstrip() for line in shown.splitlines())
    return f"{where}`/{group} {text}`\n\n{lines}\n\n"


def _shown(reply: Reply) -> str:
    parts = [
        card_text(reply.card) if reply.card else "",
        form_text(reply.form) if reply.form else "",
    ]
    return "\n".join(part for part in parts if part) or "(nothing is shown)"


# --- by itself -----------------------------------------------------------------------------------


def _by_itself() -> str:
    rows = (
        f"| {SITUATIONS[name]} | {_cell(card_text(card))} |\n" for name, card in cards().items()
    )
    return _TOLD + "".join(rows)


def _cell(text: str) -> str:
    return "<br>".join(
        line.replace("|", "\\|").replace("<", "&lt;") for line in text.splitlines() if line
    )


# --- refusals ------------------------------------------------------------------------------------


def _refusals() -> str:
    rows = dict.fromkeys(row for path in sorted(_sources()) for row in raised(path))
    return _REFUSED + "".join(f"| {when} | {_cell(text)} |\n" for when, text in rows)


def _sources() -> Iterator[Path]:
    yield from core()
    for room in ("storage", "handlers/chat"):
        yield from Path(room).rglob("*.py")


def core() -> list[Path]:
    """The core's files that people in chat read of; what operators read at the command line is theirs."""
    found = Path("bot").rglob("*.py")
    return sorted(path for path in found if path.parts[1] not in _OPERATORS)


_OPERATORS = ("admin", "app.py", "cli", "organisation", "plugins", "settings", "wiring")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

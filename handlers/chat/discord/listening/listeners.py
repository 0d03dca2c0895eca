"""Discord's interactions as invocations: commands, menus of messages, buttons, lists, modals, completion."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.core.chat.card import Button, Buttons, Card, Form, Style, Tone, text
from bot.core.chat.vocabulary import Delivery, Invocation, MenuEntry, MessageRef, Reply, Speaker
from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory
from bot.language.dispatch import Dispatcher
from handlers.chat.discord.config import Config
from handlers.chat.discord.listening.people import People
from handlers.chat.discord.listening.replying import Replying, Turn
from handlers.chat.discord.rendering import limits, menus
from handlers.chat.discord.rendering.forms import answers
from handlers.chat.discord.rendering.limits import clipped
from handlers.chat.discord.rendering.markdown import NAME, flat
from handlers.chat.discord.rendering.presses import (
    NOTHING,
    About,
    Press,
    memory_key,
    press_from,
    read,
)

# Discord waits 3 s for a first answer; what has not come by now is said to come.
PROMPT = timedelta(seconds=1.5)
# With so many under way, whoever said all that is needed hears at once that an answer comes: the work for those
# before would keep them waiting to be heard. (What may open a form cannot be answered ahead of it.)
CROWD = 1
_COMMAND, _PRESS, _COMPLETE, _SUBMIT = 2, 3, 4, 5
_ON_MESSAGE = 3
_STALE = Card(
    "This button is too old.", (text("Its message is no longer known. Type the command."),)
)
_ELSEWHERE = Card(
    "Not here.",
    (text("This bot serves another server. Nothing was done: type it there."),),
    Tone.WARNING,
)
# So that a form without a single answer is still a form's answer.
_SENT = {"": ""}


@dataclass(slots=True)
class Listener:
    dispatcher: Dispatcher
    replying: Replying
    people: People
    memory: Memory
    clock: Clock
    config: Config
    menu: tuple[MenuEntry, ...]
    _under_way: set[asyncio.Task[Any]] = field(default_factory=set)

    async def interaction(self, found: discord.Interaction) -> None:
        """One interaction, answered once. What comes twice is done once: its id is the delivery's."""
        data: Mapping[str, Any] = found.data or {}
        turn = Turn(
            str(found.id),
            found.token,
            str(found.application_id),
            str(found.user.id),
            str(found.channel_id or ""),
            self.clock.now(),
        )
        if found.guild_id is not None and str(found.guild_id) != self.config.guild:
            await self.replying.answer(turn, Reply(_ELSEWHERE))
        elif found.type.value == _COMPLETE:
            await self._complete(turn, found, data)
        else:
            await self._in_time(turn, found, data)

    async def _in_time(
        self, turn: Turn, found: discord.Interaction, data: Mapping[str, Any]
    ) -> None:
        """Answer when the work is done; after 1.5 s, and in a crowd first of all, say that it is under way."""
        if len(self._under_way) >= CROWD and found.type.value == _COMMAND and menus.says_all(data):
            await self.replying.defer(turn)
        work = asyncio.ensure_future(self._work(turn, found, data))
        self._under_way.add(work)
        work.add_done_callback(self._under_way.discard)
        ended = asyncio.Event()
        work.add_done_callback(lambda _: ended.set())
        await self.clock.wait(ended, turn.began + PROMPT)
        if not work.done() and not turn.spent:
            await self.replying.defer(turn)
        await self.replying.answer(turn, await work)

    async def _work(self, turn: Turn, found: discord.Interaction, data: Mapping[str, Any]) -> Reply:
        match found.type.value:
            case 2 if data.get("type") == _ON_MESSAGE:
                return await self._on_message(turn, found, data)
            case 2:
                return await self._command(turn, found, data)
            case 3:
                return await self._press(turn, found, data)
            case _:
                return await self._submit(turn, found, data)

    # --- what was done ---

    async def _command(
        self, turn: Turn, found: discord.Interaction, data: Mapping[str, Any]
    ) -> Reply:
        meant = menus.chosen(data, self.menu)
        turn.group = meant.group
        return await self._dispatch(turn, found, meant.text, Delivery.COMMAND, meant.values)

    async def _on_message(
        self, turn: Turn, found: discord.Interaction, data: Mapping[str, Any]
    ) -> Reply:
        message = data["resolved"]["messages"][data["target_id"]]
        turn.about = about_of(turn.room, message)
        verb = menus.ON_MESSAGES.get(str(data["name"]), "help")
        reply = await self._dispatch(turn, found, verb, Delivery.COMMAND)
        if reply.form is None or verb != "declare":
            return reply
        return replace(reply, form=_titled(reply.form, turn.about.text))

    async def _press(
        self, turn: Turn, found: discord.Interaction, data: Mapping[str, Any]
    ) -> Reply:
        pressed = data["values"][0] if data.get("values") else data["custom_id"]
        press = await self.press_of(str(pressed))
        if press is None:
            return Reply(_STALE)
        turn.group, turn.about = press.group, press.about
        if press.asks:
            sure = Button(press.label or "Yes", press.command, Style.DANGER)
            return Reply(Card(press.asks, (Buttons((sure,)),), Tone.WARNING))
        return await self._dispatch(turn, found, press.command, Delivery.PRESS)

    async def _submit(
        self, turn: Turn, found: discord.Interaction, data: Mapping[str, Any]
    ) -> Reply:
        turn.opens_forms = False  # a modal cannot answer a modal
        press = await self.press_of(str(data["custom_id"]))
        if press is None:
            return Reply(_STALE)
        turn.group, turn.about = press.group, press.about
        given = answers(data.get("components") or ()) or _SENT
        return await self._dispatch(turn, found, press.command, Delivery.SUBMIT, given)

    async def press_of(self, custom_id: str) -> Press | None:
        command, key = read(custom_id)
        if not key:
            return Press(command)
        kept = await self.memory.read(lambda uow: uow.key_values.get(memory_key(key)))
        return None if kept is None else press_from(kept)

    async def _dispatch(
        self,
        turn: Turn,
        found: discord.Interaction,
        said: str,
        kind: Delivery,
        values: Mapping[str, str] | None = None,
    ) -> Reply:
        speaker = await self.people.speaker(found.user)
        known = await self._introduced([said, *(values or {}).values()], found.data or {})
        call = Invocation(
            NAME,
            f"{NAME}:{turn.id}",
            speaker,
            menus.with_people(said, known),
            turn.room,
            turn.group,
            kind,
            {name: menus.with_people(each, known) for name, each in (values or {}).items()},
        )

        async def later(reply: Reply) -> None:
            await self.replying.answer(turn, reply)

        return await self.dispatcher.handle(acting_on(call, turn.about, self.config.guild), later)

    async def _introduced(self, texts: list[str], data: Mapping[str, Any]) -> Mapping[str, str]:
        """Our ids of the people whom a text mentions; bots are nobody."""
        named = [native for each in texts for native in menus.mentions(each)]
        users: Mapping[str, Any] = (data.get("resolved") or {}).get("users") or {}
        return await introduced(self.dispatcher, named, users)

    # --- completion ---

    async def _complete(
        self, turn: Turn, found: discord.Interaction, data: Mapping[str, Any]
    ) -> None:
        meant = menus.chosen(data, self.menu)
        typed, start = menus.completing(meant, data, self.menu)
        speaker = await self.people.speaker(found.user)
        call = Invocation(NAME, f"{NAME}:{turn.id}", speaker, typed, turn.room, meant.group)
        offered = await self.dispatcher.complete(call, len(typed))
        choices = []
        for each in offered[: limits.CHOICES]:
            whole = (typed[: each.start] + each.insert)[start:].strip()
            label = f"{each.label} – {each.detail}" if each.detail else each.label
            if whole and limits.size(whole) <= limits.CHOICE_TEXT:
                choices.append({"name": clipped(flat(label), limits.CHOICE_TEXT), "value": whole})
        await self.replying.complete(turn, choices)


async def introduced(
    dispatcher: Dispatcher, named: list[str], users: Mapping[str, Any]
) -> Mapping[str, str]:
    """Our ids of people by their numbers; ``users`` says what they are called, and who is a bot."""
    people = [
        Speaker(native, str(users.get(native, {}).get("global_name") or _name(users, native)))
        for native in dict.fromkeys(named)
        if not users.get(native, {}).get("bot")
    ]
    return dict(await dispatcher.introduce(NAME, people)) if people else {}


def _name(users: Mapping[str, Any], native: str) -> str:
    return str(users.get(native, {}).get("username") or native)


def about_of(room: str, message: Mapping[str, Any]) -> About:
    """A message as Discord tells it."""
    author = message["author"]
    return About(
        room,
        str(message["id"]),
        str(author["id"]),
        str(author.get("global_name") or author.get("username") or author["id"]),
        str(message["timestamp"]),
        str(message.get("content") or "")[:4000],
    )


def acting_on(call: Invocation, about: About, guild: str) -> Invocation:
    """The same invocation, about a message."""
    if about == NOTHING:
        return call
    url = f"https://discord.com/channels/{guild}/{about.room}/{about.message}"
    return replace(
        call,
        source=MessageRef(NAME, about.room, about.message, url),
        quoted=about.text,
        quoted_by=about.author,
        quoted_at=datetime.fromisoformat(about.at) if about.at else None,
    )


def _titled(form: Form, said: str) -> Form:
    """A declare from a message proposes its first line."""
    first = flat(said.strip().split("\n", 1)[0])
    inputs = tuple(
        replace(each, value=clipped(first, each.limit)) if each.name == menus.TITLE else each
        for each in form.inputs
    )
    return replace(form, inputs=inputs)

"""Discord as a stage: people use the fake server's client, the unmodified discord.py hears of it, and what
people see is read back from Discord's Markdown."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from discord.http import Route
from discord.utils import snowflake_time

from bot.core.organisation import Organisation
from bot.core.people import PersonId
from bot.core.ports.platforms import ChatPlatform, PlatformContext
from handlers.chat.discord.platform import Discord as Platform
from handlers.chat.discord.rendering.forms import FLAGS
from handlers.chat.discord.warrooms.rooms import marker_in
from tests.fakes.clock import FakeClock
from tests.fakes.discord import TOKEN, Channel, Discord, Interaction, Message, Person, serving
from tests.fakes.discord.model import Watch, flat
from tests.installation import until
from tests.reading_discord import Reader, asked
from tests.seen import NOTHING, Asked, Press, Seen, Shown
from tests.stages import Backstage, Stage

NAME = "discord"
_EMOJI = {"capture": "📌", "totask": "📋", "tofollowup": "⏭️"}
_SELECTS = (3, 5)


@dataclass
class _Told(Watch):
    """The platform's clock is the story's."""

    clock: FakeClock = field(default_factory=FakeClock)

    def now(self) -> float:
        return self.clock.now().timestamp() + self.ahead


class _Counted:
    """A listener that counts what was handled to its end."""

    def __init__(self, inner: Any, heard: Counter[tuple[str, str]]) -> None:
        self._inner = inner
        self._heard = heard

    async def message(self, message: Any) -> None:
        await self._inner.message(message)
        self._heard["message", str(message.id)] += 1

    async def edited(self, payload: Any) -> None:
        await self._inner.edited(payload)
        self._heard["edited", str(payload.message_id)] += 1

    async def deleted(self, room: str, message: str) -> None:
        await self._inner.deleted(room, message)
        self._heard["deleted", message] += 1

    async def reacted(self, payload: Any) -> None:
        await self._inner.reacted(payload)
        self._heard["reacted", str(payload.message_id)] += 1


@dataclass
class DiscordStage:
    name: str = NAME
    told: list[tuple[PersonId, Seen]] = field(default_factory=list)
    discord: Discord = field(default_factory=Discord)
    heard: Counter[tuple[str, str]] = field(default_factory=Counter)
    people: dict[str, Person] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    _sent: dict[str, Interaction] = field(default_factory=dict)
    _made: list[Platform] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _holding: asyncio.Task[None] | None = None

    def organisation(self, org: Organisation) -> Organisation:
        role = self.discord.world.role("engineers")
        known = {}
        for who, person in org.people.items():
            self.people[who] = self.discord.person(who, [role])
            ids = {**person.identities, NAME: self.people[who].id}
            known[who] = replace(person, identities=ids)
            self.names[who] = person.name
        allowed = {**org.chat.allowed, NAME: {"allowed_roles": ("engineers",)}}
        return replace(org, people=known, chat=replace(org.chat, allowed=allowed))

    def platform(self, context: PlatformContext) -> ChatPlatform:
        assert isinstance(context.clock, FakeClock)
        world = self.discord.world
        world.watch.__class__ = _Told
        world.watch.clock = context.clock  # type: ignore[attr-defined]  # it is a _Told now
        self.discord.rates.on = False
        environ = {"DISCORD_TOKEN": TOKEN, "DISCORD_GUILD_ID": str(world.guild)}
        self._made.append(Platform(replace(context, environ=environ)))
        return self._made[-1]

    async def begin(self, backstage: Backstage) -> None:
        self._stack.callback(setattr, Route, "BASE", Route.BASE)
        await self._stack.enter_async_context(serving(self.discord))
        Route.BASE = self.discord.api
        self.discord.channel("general")
        platform = self._made[-1]
        session = platform.listen(backstage.dispatcher)
        platform.router.message_listener = _Counted(platform.router.message_listener, self.heard)  # type: ignore[assignment]  # has the same methods
        self._holding = asyncio.ensure_future(session.hold())
        await until(lambda: self.discord.gateway.live() and self.discord.world.commands)

    async def end(self) -> None:
        if self._holding is not None:
            self._holding.cancel()
            await asyncio.gather(self._holding, return_exceptions=True)
        await self._made[-1].client.close()
        await self._stack.aclose()

    # --- what people do ---

    async def command(self, who: PersonId, text: str, room: str, delivery: str) -> Seen:
        name, _, rest = text.removeprefix("/").partition(" ")
        path = "oncall" if name == "oncall" else "incident do"
        options = {"text": rest} if rest else {}
        return await self._answered(
            delivery, lambda: self.people[who].slash(self._where(room), path, **options)
        )

    async def press(self, who: PersonId, button: Press, on: Seen, delivery: str) -> Seen:
        message, custom_id = button.handle
        person = self.people[who]
        if isinstance(custom_id, tuple):
            return await self._answered(delivery, lambda: person.pick(message, *custom_id))
        answer = await self._answered(delivery, lambda: person.press(message, custom_id))
        # A button that asks first is asked about by its own question, which others show by themselves.
        sure = answer.buttons
        if [each.label for each in sure] == [button.label] and _asks_first(custom_id, sure[0]):
            return await self.press(who, sure[0], answer, f"{delivery}-sure")
        return answer

    async def fill(
        self, who: PersonId, form: Asked, answers: Mapping[str, str], delivery: str
    ) -> Seen:
        opened: Interaction = form.handle
        assert opened.modal is not None
        values: dict[str, str | list[str]] = {}
        for part in flat(opened.modal["components"]):
            if part.get("custom_id") == FLAGS:
                values[FLAGS] = [o["value"] for o in part["options"] if answers.get(o["value"])]
            elif part.get("type") in _SELECTS:
                answer = answers.get(part["custom_id"], "")
                values[part["custom_id"]] = [self._native(word) for word in answer.split()]
            elif part.get("custom_id"):
                values[part["custom_id"]] = answers.get(part["custom_id"], "")
        return await self._answered(delivery, lambda: self.people[who].submit(opened, values))

    def _native(self, word: str) -> str:
        return self.people[word[1:]].id if word.startswith("@") else word

    async def write(self, who: PersonId, text: str, room: str) -> Seen:
        message = self.people[who].say(self._where(room), text)
        await self._until_heard("message", message, 0)
        return self._seen(message)

    async def rewrite(self, message: Seen, text: str) -> None:
        said: Message = message.handle
        author = next(p for p in self.people.values() if p.id == str(said.author.id))
        kind = "edited" if text else "deleted"
        before = self.heard[kind, str(said.id)]
        author.edit(said, text) if text else author.delete(said)
        await self._until_heard(kind, said, before)

    async def react(self, who: PersonId, meaning: str, message: Seen, delivery: str) -> Seen:
        said: Message = message.handle
        person, emoji = self.people[who], _EMOJI[meaning.removeprefix("un")]
        before = self.heard["reacted", str(said.id)]
        # So that the same one is told once more.
        if meaning.startswith("un"):
            said.reactions[emoji] = [int(person.id)]
        else:
            said.reactions.pop(emoji, None)
        person.unreact(said, emoji) if meaning.startswith("un") else person.react(said, emoji)
        told = len(self._direct(who).said())
        await self._until_heard("reacted", said, before)
        answers = self._direct(who).said()[told:]
        return self._seen(answers[-1]) if answers else NOTHING

    async def _until_heard(self, kind: str, message: Message, before: int) -> None:
        await until(lambda: self.heard[kind, str(message.id)] > before)

    async def _answered(self, delivery: str, act: Callable[[], Interaction]) -> Seen:
        """What a person did, or the same told once more."""
        again = self._sent.get(delivery)
        if again is None:
            made = self._sent[delivery] = act()
            await made.until_answered()
        else:
            made, refused = again, len(again.refused)
            self.discord.gateway.tell("INTERACTION_CREATE", made.payload)
            await until(lambda: len(made.refused) > refused)
            await made.until_answered()
        if made.modal is not None:
            return replace(NOTHING, form=asked(made))
        return self._seen(made.messages[-1])

    def _where(self, room: str) -> Channel:
        world = self.discord.world
        return world.channels[int(room)] if room else world.named("general")

    # --- what there is to see ---

    async def room(self, room: str) -> Shown:
        return self._shown(self._where(room))

    async def reads(self, who: PersonId, room: str) -> bool:
        return self.discord.world.sees(int(self.people[who].id), self._where(room))

    def _shown(self, channel: Channel) -> Shown:
        topic, marker = channel.topic or "", marker_in(channel.topic or "")
        said = tuple(
            self._seen(m, str(m.id in channel.pins)) for m in channel.said() if not m.ephemeral
        )
        notices = tuple(
            self._seen(m) for m in channel.messages.values() if m.type != 0 and not m.deleted
        )
        return Shown(channel.name, topic.removesuffix(f" · {marker}"), said, notices)

    async def announcements(self) -> Shown:
        made = [c for c in self.discord.world.standing() if c.name == "incidents" and c.kind == 0]
        return self._shown(made[0]) if made else Shown("incidents")

    async def direct(self, who: PersonId) -> Shown:
        return self._shown(self._direct(who))

    def _direct(self, who: str) -> Channel:
        return self.discord.world.direct(int(self.people[who].id))

    def _seen(self, message: Message, pinned: str = "") -> Seen:
        reader = Reader(
            {person.id: self.names[who] for who, person in self.people.items()},
            {str(c.id): c.name for c in self.discord.world.channels.values()},
        )
        text = reader.message(message.content, message.embeds)
        shown = [part["label"] for part in message.parts() if part.get("label")]
        found = [*_buttons(message), *_listed(message)]
        return Seen(
            "\n".join([text, *(f"[{label}]" for label in shown)]).strip(),
            tuple(found),
            frozenset(
                PersonId(who) for who in self.people if self.people[who].id in reader.mentioned
            ),
            bot=message.author.bot,
            pinned=pinned == "True",
            at=snowflake_time(message.id),
            handle=message,
        )


def _buttons(message: Message) -> list[Press]:
    parts = [p for p in message.parts() if p["type"] == 2 and p.get("custom_id")]
    return [Press(p["label"], (message, p["custom_id"])) for p in parts]


def _asks_first(custom_id: str, sure: Press) -> bool:
    """A button that asks is kept under a key; the answer's own does the thing."""
    return custom_id.split(":", 2)[2].startswith("~") and custom_id != sure.handle[1]


def _listed(message: Message) -> list[Press]:
    lists = [p for p in message.parts() if p["type"] == 3]
    return [
        Press(o["label"], (message, (p["custom_id"], o["value"])))
        for p in lists
        for o in p["options"]
    ]


def stage() -> Stage:
    return DiscordStage()

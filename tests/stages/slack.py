"""Slack as a stage: people type, press and fill in a workspace on loopback, to which the real platform
listens; what they see is read from Block Kit."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.core.organisation import Organisation
from bot.core.people import PersonId
from bot.core.ports.platforms import ChatPlatform, PlatformContext
from handlers.chat.slack.connector import SlackPlatform, connected
from handlers.chat.slack.listening.inbound import EMOJI
from tests.fakes.slack import (
    BOT_USER,
    Channel,
    Delivery,
    Ephemeral,
    FakeSlack,
    Message,
    Person,
    View,
    Workspace,
    serving,
)
from tests.fakes.slack.typed import elements_of
from tests.handlers.chat.slack.reading import block_text, marked, unmarked
from tests.seen import NOTHING, Asked, Press, Question, Seen, Shown
from tests.stages import Backstage, Stage

NAME = "slack"
# What the bot's work in a room leaves there; that it opened the room itself is not counted.
_NOTICED = ("channel_topic", "channel_purpose", "pinned_item")
_JOINED = ("channel_join", "group_join")
_MEANS = {"capture": "pushpin", "totask": "clipboard", "tofollowup": "next_track_button"}


@dataclass
class SlackStage:
    name: str = NAME
    told: list[tuple[PersonId, Seen]] = field(default_factory=list)
    slack: FakeSlack = field(default_factory=FakeSlack)
    workspace: Workspace | None = None
    _platform: SlackPlatform | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _running: asyncio.Task[None] | None = None
    _sent: dict[str, Delivery] = field(default_factory=dict)
    _sending: dict[str, asyncio.Lock] = field(default_factory=dict)

    @property
    def platform_(self) -> SlackPlatform:
        assert self._platform is not None
        return self._platform

    def organisation(self, org: Organisation) -> Organisation:
        people = {}
        for who, person in org.people.items():
            user = self.slack.person(who, real_name=person.name, email=person.email or "").user
            people[who] = replace(person, identities={**person.identities, NAME: user.id})
        return replace(org, people=people)

    def platform(self, context: PlatformContext) -> ChatPlatform:
        self.slack.clock = lambda: context.clock.now().timestamp()
        # Stories stand still while everything happens: no rate applies to them.
        environ = {**Workspace(self.slack, None).environ, "SLACK_PACE": "10000"}  # type: ignore[arg-type]  # not yet
        made = connected(environ).build(replace(context, environ=environ))
        assert isinstance(made, SlackPlatform)
        self._platform = made
        return made

    async def begin(self, backstage: Backstage) -> None:
        self.workspace = await self._stack.enter_async_context(serving(self.slack))
        self.platform_.calls._base = f"{self.slack.url}/api/"
        run = self.platform_.run(backstage.dispatcher)
        self._running = asyncio.get_running_loop().create_task(run)
        # A busy machine may take the first connection away: the bot comes back by itself.
        await self.slack.until(lambda: self.slack.post.links and self.platform_.directory.me, 20)

    async def end(self) -> None:
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self._stack.aclose()

    # --- what people do ---

    def person(self, who: str) -> Person:
        return self.slack.person(who)

    async def command(self, who: PersonId, text: str, room: str, delivery: str) -> Seen:
        where = self.slack.channels[room] if room else None
        return await self._answered(
            who, delivery, lambda: self.person(who).sends_command(text, where)
        )

    async def press(self, who: PersonId, button: Press, on: Seen, delivery: str) -> Seen:
        return await self._later(
            who, delivery, lambda: self.person(who).presses(button.handle, on.handle)
        )

    async def fill(
        self, who: PersonId, form: Asked, answers: Mapping[str, str], delivery: str
    ) -> Seen:
        view: View = form.handle

        def act() -> Any:
            kinds = {block["block_id"]: each["type"] for block, each in elements_of(view.blocks)}
            given = {name: self._typed(kinds[name], text) for name, text in answers.items()}
            return self.person(who).submits(view, given)

        return await self._later(who, delivery, act)

    def _typed(self, kind: str, text: str) -> Any:
        if kind == "users_select":
            return self.slack.user_named(text.lstrip("@")).id if text else None
        if kind in ("multi_static_select", "multi_external_select", "checkboxes"):
            return [part.strip("#") for part in text.split()]
        return text or None

    async def write(self, who: PersonId, text: str, room: str) -> Seen:
        message = self.person(who).says(text, self.slack.channels[room])
        await self._heard()
        return self._message(message)

    async def rewrite(self, message: Seen, text: str) -> None:
        said: Message = message.handle
        author = Person(self.slack, self.slack.users[said.user])
        if text:
            author.edits(said, text)
        else:
            author.deletes(said)
        await self._heard()

    async def react(self, who: PersonId, meaning: str, message: Seen, delivery: str) -> Seen:
        emoji = _MEANS[meaning.removeprefix("un")]
        assert emoji in EMOJI
        before = len(self.slack.ephemerals)
        if delivery in self._sent:
            again = self._sent[delivery]
            self.slack.post.send(Delivery(again.kind, again.payload))
        elif meaning.startswith("un"):
            self.person(who).unreacts(emoji, message.handle)
        else:
            self.person(who).reacts(emoji, message.handle)
        self._sent.setdefault(delivery, self.slack.post.sent[-1])
        await self._heard()
        answers = self.slack.ephemerals[before:]
        return self._private(answers[-1]) if answers else NOTHING

    async def _heard(self) -> None:
        """Everything sent so far has been worked on, and what it led to as well."""
        await self.slack.until(
            lambda: all(each.acked or each.failed for each in self.slack.post.sent), 10
        )
        assert self.platform_.adapter is not None
        await self.platform_.adapter.idle()

    async def _later(self, who: PersonId, key: str, act: Callable[[], Any]) -> Seen:
        async with self._sending.setdefault(key, asyncio.Lock()):
            known = key in self._sent
            if not known:
                self._sent[key] = await act()
        if known:
            return await self._answered(who, key, lambda: NotImplemented)
        await self._heard()
        assert not self._sent[key].failed, self._sent[key].failed
        return self._shown(self._sent[key])

    async def _answered(self, who: PersonId, key: str, act: Callable[[], Delivery]) -> Seen:
        """What one delivery led to; a name that was there before is the platform telling it again."""
        known = self._sent.get(key)
        if known is None:
            delivery = self._sent[key] = act()
        else:
            delivery = Delivery(known.kind, known.payload, on_ack=known.on_ack)
            known.shown.clear()
            known.views.clear()
            self.slack.post.send(delivery)
        await self._heard()
        assert not delivery.failed, delivery.failed
        return self._shown(known or delivery)

    # --- what there is to see ---

    def _shown(self, delivery: Delivery) -> Seen:
        if delivery.views:
            return self._view(delivery.views[-1])
        if delivery.kind == "interactive" and "view" in delivery.payload and not delivery.shown:
            return self._view(self.slack.views[delivery.payload["view"]["id"]])
        if delivery.shown:
            return self._private(delivery.shown[-1])
        container = delivery.payload.get("container", {})
        asked = [e for e in self.slack.ephemerals if e.ts == container.get("message_ts")]
        return self._private(asked[0]) if asked and asked[0].replaced else NOTHING

    def _view(self, view: View) -> Seen:
        if view.errors:
            return Seen("\n".join(view.errors.values()), handle=view)
        questions = tuple(self._questions(view))
        if questions:
            return Seen("", form=Asked(view.body["title"]["text"], questions, view), handle=view)
        return self._seen(view.blocks, view)

    def _questions(self, view: View) -> Iterator[Question]:
        for block, element in elements_of(view.blocks):
            if block["type"] == "input":
                options = tuple(option["value"] for option in element.get("options", []))
                required = not block.get("optional", False)
                label = block["label"]["text"]
                value = self._first(element)
                yield Question(block["block_id"], label, value, options, required)

    def _first(self, element: Mapping[str, Any]) -> str:
        if "initial_user" in element:
            return f"@{self.slack.users[element['initial_user']].name}"
        if "initial_option" in element:
            return str(element["initial_option"]["value"])
        chosen = element.get("initial_options", [])
        sign = "" if element["type"] == "checkboxes" else "#"
        return " ".join(sign + each["value"] for each in chosen) or element.get("initial_value", "")

    def _private(self, shown: Ephemeral) -> Seen:
        return self._seen(shown.blocks, shown) if shown.blocks else Seen(shown.text, handle=shown)

    def _seen(self, blocks: list[dict[str, Any]], handle: Any) -> Seen:
        text = "\n".join(block_text(self.slack, block) for block in blocks).strip()
        buttons = tuple(
            Press(each["text"]["text"], each["action_id"])
            for _, each in elements_of(blocks)
            if each["type"] == "button"
        )
        called = re.findall(r"<@(\w+)>", "\n".join(marked(blocks)))
        names = {self.slack.users[user].name for user in called}
        return Seen(text, buttons, frozenset(map(PersonId, names)), handle=handle)

    def _message(self, message: Message) -> Seen:
        at = datetime.fromtimestamp(float(message.ts), UTC)
        if message.blocks:
            shown = self._seen(message.blocks, message)
        else:
            shown = Seen(unmarked(self.slack, message.text), handle=message)
        return replace(shown, bot=message.user == BOT_USER, pinned=message.pinned, at=at)

    async def room(self, room: str) -> Shown:
        await self._heard()
        return self._channel(self.slack.channels[room])

    async def reads(self, who: PersonId, room: str) -> bool:
        return self.slack.user_named(who).id in self.slack.channels[room].members

    def _channel(self, channel: Channel) -> Shown:
        messages = [m for m in channel.messages.values() if not m.subtype]
        notices = tuple(
            self._notice(m)
            for m in channel.messages.values()
            if m.subtype in _NOTICED or (m.subtype in _JOINED and m.user != BOT_USER)
        )
        topic = html.unescape(channel.topic)
        return Shown(channel.name, topic, tuple(map(self._message, messages)), notices)

    def _notice(self, message: Message) -> Seen:
        came = f"joined: @{self.slack.users[message.user].name}"
        return (
            replace(self._message(message), text=came)
            if message.subtype in _JOINED
            else self._message(message)
        )

    async def announcements(self) -> Shown:
        found = [c for c in self.slack.channels.values() if c.name == "incidents"]
        return self._channel(found[0]) if found else Shown("incidents")

    async def direct(self, who: PersonId) -> Shown:
        return self._channel(self.slack.direct(self.slack.user_named(who).id))


def stage() -> Stage:
    return SlackStage()

"""A person at their keyboard: types, presses, fills, reacts, pins; and Slack tells the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.slack import chat, conversations, marks, members, modals
from tests.fakes.slack.model import (
    APP,
    BOT_USER,
    TEAM,
    Channel,
    Ephemeral,
    Json,
    Message,
    User,
    View,
)
from tests.fakes.slack.post import Delivery
from tests.fakes.slack.typed import Answer, escaped, filled, found_element, state_of

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack


@dataclass
class Person:
    slack: FakeSlack
    user: User

    @property
    def id(self) -> str:
        return self.user.id

    # --- what is answered ---

    def sends_command(self, text: str, channel: Channel | None = None) -> Delivery:
        """Type a slash command and look elsewhere; see ``types`` for waiting."""
        command, _, rest = text.partition(" ")
        assert command in self.slack.commands, f"Slack knows no {command}"
        where = channel or self.slack.direct(self.id)
        typed = escaped(self.slack, rest, named=True) if self.slack.escapes else rest
        delivery = Delivery("slash_commands", {})
        delivery.payload = {
            "token": "verification",
            "team_id": TEAM,
            "team_domain": "acme",
            "channel_id": where.id,
            "channel_name": where.shown_name,
            "user_id": self.id,
            "user_name": self.user.name,
            "command": command,
            "text": typed.strip(),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self.slack.response_url(self.id, where.id, delivery),
            "trigger_id": self.slack.trigger(self.id, delivery),
        }

        def acked(ack: Json) -> None:
            shown = chat.acknowledged_with(self.slack, where.id, self.id, ack)
            if shown is not None:
                delivery.shown.append(shown)

        delivery.on_ack = acked
        return self.slack.post.send(delivery)

    async def types(self, text: str, channel: Channel | None = None) -> Delivery:
        """Type a slash command; returns when it was acknowledged, or failed."""
        return await self.settled(self.sends_command(text, channel))

    async def settled(self, delivery: Delivery) -> Delivery:
        await self.slack.until(lambda: delivery.acked is not None or delivery.failed, 10)
        return delivery

    async def answered(self, delivery: Delivery, seconds: float = 5) -> Delivery:
        """Wait until the person was shown something because of it, or a form opened."""
        await self.slack.until(
            lambda: delivery.shown or delivery.views or delivery.failed, seconds, "no answer"
        )
        return delivery

    async def presses(
        self,
        wanted: str,
        on: Message | Ephemeral | View,
        choose: Answer = None,
    ) -> Delivery:
        """Press the button with that label or action_id; ``choose`` for a menu."""
        block, element = found_element(on.blocks, wanted)
        delivery = Delivery("interactive", {})
        action = {"action_id": element["action_id"], "block_id": block["block_id"]}
        action |= {"type": element["type"], "action_ts": self.slack.stamp()}
        if element["type"] == "button":
            action |= {key: element[key] for key in ("text", "value", "style") if key in element}
        else:
            action |= state_of(element, choose, given=True)
        delivery.payload = {
            **self._usual("block_actions"),
            "trigger_id": self.slack.trigger(
                self.id, delivery, on.id if isinstance(on, View) else ""
            ),
            **self._about(on, delivery),
            "actions": [action],
        }
        return await self.settled(self.slack.post.send(delivery))

    def _usual(self, kind: str) -> Json:
        return {
            "type": kind,
            "user": {
                "id": self.id,
                "username": self.user.name,
                "name": self.user.name,
                "team_id": self.user.team,
            },
            "api_app_id": APP,
            "token": "verification",
            "team": self.slack.team_json(),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _about(self, on: Message | Ephemeral | View, delivery: Delivery) -> Json:
        if isinstance(on, View):
            kept = {**on.json(), "state": {"values": {}}}
            return {"container": {"type": "view", "view_id": on.id}, "view": kept}
        channel = self.slack.channels[on.channel]
        private = isinstance(on, Ephemeral)
        container = {"type": "message", "message_ts": on.ts, "channel_id": channel.id}
        found: Json = {
            "container": {**container, "is_ephemeral": private},
            "channel": {"id": channel.id, "name": channel.shown_name},
            "state": {"values": {}},
            "response_url": self.slack.response_url(self.id, channel.id, delivery, on.ts),
        }
        return {**found, "message": on.json()} if isinstance(on, Message) else found

    async def submits(
        self, view: View, answers: Mapping[str, Answer] | None = None, **more: Answer
    ) -> Delivery:
        """Fill the form and send it; keys are labels, block_ids or action_ids."""
        assert view.open, "that form is closed"
        values = filled(view, {**(answers or {}), **more})
        delivery = Delivery("interactive", {})
        delivery.payload = {
            **self._usual("view_submission"),
            "trigger_id": self.slack.trigger(self.id, delivery, view.id),
            "view": {**view.json(), "state": {"values": values}},
            "response_urls": [],
        }
        delivery.on_ack = lambda ack: modals.answered(self.slack, view, ack, delivery)
        return await self.settled(self.slack.post.send(delivery))

    async def closes(self, view: View) -> None:
        view.open = False
        if view.body.get("notify_on_close"):
            more = {"view": view.json(), "is_cleared": False}
            body = {**self._usual("view_closed"), **more}
            await self.settled(self.slack.post.send(Delivery("interactive", body)))

    async def uses_shortcut(self, callback: str, on: Message | None = None) -> Delivery:
        """The global shortcut, or the one in a message's menu."""
        delivery = Delivery("interactive", {})
        delivery.payload = {
            **self._usual("shortcut" if on is None else "message_action"),
            "callback_id": callback,
            "action_ts": self.slack.stamp(),
            "trigger_id": self.slack.trigger(self.id, delivery),
        }
        if on is not None:
            channel = self.slack.channels[on.channel]
            delivery.payload |= {
                "message_ts": on.ts,
                "message": on.json(),
                "channel": {"id": channel.id, "name": channel.shown_name},
                "response_url": self.slack.response_url(self.id, channel.id, delivery),
            }
        return await self.settled(self.slack.post.send(delivery))

    # --- what the app merely hears of ---

    def says(self, text: str, channel: Channel, thread: str = "") -> Message:
        """Write a message; mentioning the app calls it."""
        written = escaped(self.slack, text, named=False)
        message = Message(self.slack.stamp(), channel.id, self.id, written, thread=thread)
        self.slack.write(channel, message)
        if f"<@{BOT_USER}>" in written:
            body = {**message.json(), "channel": channel.id}
            self.slack.emit("app_mention", channel, body)
        return message

    def edits(self, message: Message, text: str) -> None:
        before = message.json()
        message.text, message.edited = escaped(self.slack, text, named=False), self.slack.stamp()
        self.slack.rewritten(self._of(message), message, before)

    def deletes(self, message: Message) -> None:
        self.slack.removed(self._of(message), message)

    def _of(self, message: Message) -> Channel:
        return self.slack.channels[message.channel]

    def reacts(self, emoji: str, message: Message) -> None:
        marks.reacted(self.slack, self._of(message), message, self.id, emoji)

    def unreacts(self, emoji: str, message: Message) -> None:
        marks.unreacted(self.slack, self._of(message), message, self.id, emoji)

    def pins(self, message: Message) -> None:
        marks.pinned(self.slack, self._of(message), message, self.id)

    def unpins(self, message: Message) -> None:
        marks.unpinned(self.slack, self._of(message), message, self.id)

    def joins(self, channel: Channel) -> None:
        members.joined(self.slack, channel, self.id)

    def leaves(self, channel: Channel) -> None:
        members.left(self.slack, channel, self.id)

    def removes_the_app(self, channel: Channel) -> None:
        members.left(self.slack, channel, BOT_USER)

    def archives(self, channel: Channel) -> None:
        conversations.archived(self.slack, channel, self.id)

    def renames(self, channel: Channel, name: str) -> None:
        conversations.renamed(self.slack, channel, name, self.id)

    def sets_topic(self, channel: Channel, topic: str) -> None:
        channel.topic, channel.topic_by = topic, self.id
        self.slack.system(channel, "channel_topic", self.id, f"set the channel topic: {topic}")

    def deletes_channel(self, channel: Channel) -> None:
        self.slack.emit("channel_deleted", channel, {"channel": channel.id})
        del self.slack.channels[channel.id]

    def opens_home(self) -> None:
        """Open the app's own tab."""
        where = self.slack.direct(self.id)
        body = {"user": self.id, "channel": where.id, "tab": "home"}
        shown = self.slack.homes.get(self.id)
        self.slack.emit(
            "app_home_opened", None, {**body, **({"view": shown.json()} if shown else {})}
        )

"""The workspace itself: who and what is in it, and the events that a change in it sends out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from tests.fakes.slack.faults import Faults
from tests.fakes.slack.model import (
    APP,
    BOT,
    BOT_USER,
    DOMAIN,
    TEAM,
    Channel,
    Ephemeral,
    Json,
    Kind,
    Message,
    SlackError,
    User,
    UserGroup,
    View,
)
from tests.fakes.slack.person import Person
from tests.fakes.slack.post import Delivery, Post
from tests.fakes.slack.rates import Rates
from tests.fakes.slack.scopes import EVERY, HEARD, of_kind

# How Slack names the kinds of channel in the subscriptions to messages.
_WORDS = {
    Kind.PUBLIC: "channels",
    Kind.PRIVATE: "groups",
    Kind.IM: "im",
    Kind.MPIM: "mpim",
}
BOT_TOKEN = "xoxb-fake-bot"
APP_TOKEN = "xapp-fake-app"
SIGNING_SECRET = "fake-signing-secret"


@dataclass
class Call:
    """One call of a method. ``began`` and ``ended`` are ``time.perf_counter`` seconds; ``outcome`` is
    ``ok``, an error's code, or the fault that befell it."""

    method: str
    args: Json
    began: float
    ended: float = 0.0
    outcome: str = ""


@dataclass
class Trigger:
    """Good once, for three seconds."""

    user: str
    at: float
    delivery: Delivery | None
    view: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """Good five times, for thirty minutes. ``about`` is the message that it may replace."""

    user: str
    channel: str
    at: float
    delivery: Delivery
    about: str = ""
    uses: int = 0


@dataclass
class FakeSlack:
    """One workspace with one app installed. ``clock`` gives seconds since 1970.

    ``history_lag`` is how many seconds a new message takes to appear in history; ``echo`` whether the
    app hears of what it did itself, as it does in Slack; ``subscribed`` the events that its manifest
    names (``message.channels``), every one when it is None.
    """

    clock: Callable[[], float] = time.time
    seed: int = 1
    url: str = ""
    scopes: frozenset[str] = EVERY
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    token_error: str = ""
    escapes: bool = True
    echo: bool = True
    subscribed: frozenset[str] | None = None
    history_lag: float = 0.0
    commands: set[str] = field(default_factory=lambda: {"/incident", "/inc", "/oncall"})
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    rates: Rates = field(default_factory=Rates)
    chance: Random = field(init=False)
    changed: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    post: Post = field(init=False)
    _ids: count[int] = field(default_factory=lambda: count(1))
    _last: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.post = Post(self)
        self.users[BOT_USER] = User(BOT_USER, "tocsin", "Tocsin", bot=True)

    # --- small makers ---

    def new(self, letter: str) -> str:
        """A new id: upper case, as Slack's are."""
        return f"{letter}{next(self._ids):08d}"

    def stamp(self) -> str:
        """A message's ``ts``: seconds and a counter, never twice."""
        self._last = max(self._last + 1, int(self.clock() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add_user(self, name: str, **more: Any) -> User:
        user = User(self.new("U"), name, **more)
        self.users[user.id] = user
        return user

    def person(self, name: str, **more: Any) -> Person:
        """Somebody at their keyboard; known from the first time that they are named."""
        known = [user for user in self.users.values() if user.name == name]
        return Person(self, known[0] if known else self.add_user(name, **more))

    def add_channel(
        self, name: str, *members: str, kind: Kind = Kind.PUBLIC, creator: str = "U0ADMIN"
    ) -> Channel:
        letter = {Kind.PUBLIC: "C", Kind.PRIVATE: "C", Kind.IM: "D", Kind.MPIM: "G"}[kind]
        channel = Channel(self.new(letter), name, kind, creator, self.clock(), list(members))
        self.channels[channel.id] = channel
        return channel

    def add_group(self, handle: str, *users: str) -> UserGroup:
        group = UserGroup(self.new("S"), handle, handle, list(users))
        self.groups[group.id] = group
        return group

    def direct(self, user: str, other: str = BOT_USER) -> Channel:
        """The conversation of two, made when there is none."""
        for channel in self.channels.values():
            if channel.kind is Kind.IM and set(channel.members) == {user, other}:
                return channel
        return self.add_channel("", user, other, kind=Kind.IM, creator=user)

    # --- looking around ---

    def user_named(self, name: str) -> User:
        return next(user for user in self.users.values() if user.name == name)

    def channel_named(self, name: str) -> Channel:
        return next(channel for channel in self.channels.values() if channel.name == name)

    def made_by_bot(self) -> list[Channel]:
        """The channels that the app has made, oldest first."""
        return [c for c in self.channels.values() if c.creator == BOT_USER and c.kind != Kind.IM]

    def called(self, method: str = "") -> list[Call]:
        return [call for call in self.calls if method in {"", call.method}]

    def private_to(self, user: str) -> list[Ephemeral]:
        return [each for each in self.ephemerals if each.user == user and not each.gone]

    # --- what changes, and who hears of it ---

    def write(self, channel: Channel, message: Message) -> Message:
        """Put a message into a channel and tell the app."""
        message.visible = self.clock() + self.history_lag
        channel.messages[message.ts] = message
        self.emit("message", channel, {**message.json(), **self._in(channel)})
        return message

    def system(self, channel: Channel, subtype: str, user: str, text: str) -> Message:
        """The line that Slack itself leaves in a channel."""
        return self.write(channel, Message(self.stamp(), channel.id, user, text, subtype=subtype))

    @staticmethod
    def _in(channel: Channel) -> Json:
        words = {Kind.PUBLIC: "channel", Kind.PRIVATE: "group", Kind.IM: "im", Kind.MPIM: "mpim"}
        return {"channel": channel.id, "channel_type": words[channel.kind]}

    def rewritten(self, channel: Channel, message: Message, before: Json) -> None:
        inner = {"message": message.json(), "previous_message": before, "hidden": True}
        kind = {"subtype": "message_changed", "ts": self.stamp(), **self._in(channel)}
        self.emit("message", channel, {**kind, **inner})

    def removed(self, channel: Channel, message: Message) -> None:
        channel.messages.pop(message.ts, None)
        if message.ts in channel.pins:
            channel.pins.remove(message.ts)
        kind = {"subtype": "message_deleted", "ts": self.stamp(), **self._in(channel)}
        gone = {"deleted_ts": message.ts, "previous_message": message.json(), "hidden": True}
        self.emit("message", channel, {**kind, **gone})

    def emit(self, kind: str, channel: Channel | None, body: Json) -> None:
        """Send an event, when the app may hear it: by its scopes, and as a member of the channel."""
        self.touch()
        by_bot = BOT_USER in {body.get("user"), body.get("message", {}).get("user")}
        if by_bot and not self.echo:
            return
        if channel is not None and BOT_USER not in channel.members and kind != "channel_deleted":
            return
        if not self._hears(kind, channel):
            return
        event = {**body, "type": kind, "event_ts": self.stamp()}
        envelope = {
            "token": "verification",
            "team_id": TEAM,
            "api_app_id": APP,
            "type": "event_callback",
            "event_id": self.new("Ev"),
            "event_time": int(self.clock()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "is_ext_shared_channel": False,
            "event": event,
        }
        self.post.send(Delivery("events_api", envelope))

    def _hears(self, kind: str, channel: Channel | None) -> bool:
        named = f"message.{_WORDS[channel.kind]}" if kind == "message" and channel else kind
        if self.subscribed is not None and named not in self.subscribed:
            return False
        if kind in HEARD:
            return not HEARD[kind] or HEARD[kind] in self.scopes
        if channel is None:
            return True
        action = "history" if kind == "message" else "read"
        return bool(self.scopes & set(of_kind(action, channel.kind)))

    def touch(self) -> None:
        """Something changed: whoever waits for a condition looks again."""
        self.changed.set()

    async def until(self, holds: Callable[[], Any], seconds: float = 5, what: str = "") -> None:
        """Wait for a condition, with a deadline."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    self.changed.clear()
                    try:
                        async with asyncio.timeout(0.05):
                            await self.changed.wait()
                    except TimeoutError:
                        continue
        except TimeoutError:
            if not holds():
                raise AssertionError(f"after {seconds:.0f} s: {what or 'not so'}") from None

    # --- triggers and response addresses ---

    def trigger(self, user: str, delivery: Delivery, view: str = "") -> str:
        made = f"{next(self._ids)}.{next(self._ids)}.{self.chance.getrandbits(64):016x}"
        self.triggers[made] = Trigger(user, self.clock(), delivery, view)
        return made

    def spend(self, trigger_id: str) -> Trigger:
        """Use a trigger. Raises ``invalid_trigger_id``, ``expired_`` and ``exchanged_``."""
        found = self.triggers.get(trigger_id)
        if found is None:
            raise SlackError("invalid_trigger_id")
        if found.used:
            raise SlackError("exchanged_trigger_id")
        if self.clock() - found.at > 3:
            raise SlackError("expired_trigger_id")
        found.used = True
        return found

    def response_url(self, user: str, channel: str, delivery: Delivery, about: str = "") -> str:
        key = f"{next(self._ids)}{self.chance.getrandbits(64):016x}"
        self.response_urls[key] = ResponseUrl(user, channel, self.clock(), delivery, about)
        return f"{self.url}/commands/{TEAM}/{key}"

    def team_json(self) -> Json:
        return {"id": TEAM, "domain": DOMAIN}

    def about_bot(self) -> Json:
        return {"user_id": BOT_USER, "bot_id": BOT, "team_id": TEAM, "user": "tocsin"}

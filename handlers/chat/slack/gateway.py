"""Slack as a ``ChatPlatform``: what the core asks for, in Slack's calls."""

from __future__ import annotations

import asyncio
import html
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bot.core.chat.card import Card
from bot.core.chat.vocabulary import Limits, MessageRef, Refused, Room, RoomSpec, Secrecy
from bot.core.ports.platforms import ChatPlatform
from handlers.chat.slack.api.calls import Calls, SlackRefused, SlackRoomMissing
from handlers.chat.slack.api.lookup import Lookup, metadata
from handlers.chat.slack.api.refusals import ALREADY_IN, NOT_IN, NOT_INVITED
from handlers.chat.slack.directory import NAME, Directory
from handlers.chat.slack.rendering.mrkdwn import cut, label, words
from handlers.chat.slack.rendering.render import message

INVITED_AT_ONCE = 100
TOPIC = 250
_REMEMBERED = 1000
T = TypeVar("T")
_TAKEN = ("name_taken", "name_taken_by_archived_channel")


@dataclass(slots=True)
class SlackGateway:
    """``announce`` says how the announcement channel is called now. What is remembered here is only what
    saves a call; a new process starts without."""

    calls: Calls
    directory: Directory
    lookup: Lookup
    announce: Callable[[], str] = lambda: "incidents"
    _announced: dict[str, str] = field(default_factory=dict)
    _direct: dict[str, str] = field(default_factory=dict)
    _topics: dict[str, str] = field(default_factory=dict)
    _wrote: dict[str, str] = field(default_factory=dict)
    # What bookmarks the rooms that we have just opened have.
    _marks: dict[str, frozenset[str]] = field(default_factory=dict)
    _finding: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def name(self) -> str:
        return NAME

    @property
    def limits(self) -> Limits:
        return Limits(text=12_000, buttons=25, blocks=49, title=150)

    # --- rooms ---

    async def open_room(self, spec: RoomSpec) -> Room:
        private = spec.secrecy is Secrecy.INVITED
        for name in _names(spec.name):
            try:
                answer = await self.calls.call(
                    "conversations.create", name=name, is_private=private
                )
            except SlackRefused as error:
                if error.code not in _TAKEN:
                    raise
            else:
                _remember(self._topics, answer["channel"]["id"], "fresh")
                _remember(self._marks, answer["channel"]["id"], frozenset())
                return self._room(answer["channel"])
        raise Refused("every name for the room is taken", "Rename the old channels.")

    def _room(self, channel: dict[str, Any]) -> Room:
        return Room(NAME, channel["id"], channel["name"], self.url(channel["id"]))

    def url(self, room: str, message_ts: str = "") -> str:
        """Where it opens."""
        me = self.directory.me
        if me is None or not me.url:
            return f"https://slack.com/app_redirect?channel={room}"
        tail = f"/p{message_ts.replace('.', '')}" if message_ts else ""
        return f"{me.url}/archives/{room}{tail}"

    async def find_room(self, spec: RoomSpec, since: datetime) -> Room | None:
        me = await self.directory.whoami()
        found = await self.lookup.room(spec, me.user, since)
        return None if found is None else self._room(found)

    async def invite(self, room: str, people: Sequence[str]) -> Sequence[str]:
        left_out: list[str] = []
        for at in range(0, len(people), INVITED_AT_ONCE):
            left_out += await self._invite(room, people[at : at + INVITED_AT_ONCE])
        return left_out

    async def remove(self, room: str, people: Sequence[str]) -> None:
        for who in people:
            try:
                await self.calls.call("conversations.kick", room, user=who)
            except SlackRefused as error:
                if error.code not in NOT_IN:
                    raise

    async def _invite(self, room: str, people: Sequence[str]) -> list[str]:
        """All at once; when one of them is the trouble, the others are invited without."""
        force: dict[str, Any] = {"force": True} if len(people) > 1 else {}
        try:
            answer = await self._inside(
                "conversations.invite", room, users=",".join(people), **force
            )
            told = answer.get("errors")
        except SlackRefused as error:
            told = error.answer.get("errors")
            if len(people) == 1:
                return _left_out(people[0], error)
            if error.code not in (ALREADY_IN | NOT_INVITED) and not told:
                raise
        else:
            return [each["user"] for each in told or [] if each.get("error") not in ALREADY_IN]
        return await self._without(room, people, {each.get("user") for each in told or []})

    async def _without(self, room: str, people: Sequence[str], known: set[Any]) -> list[str]:
        """Slack named who is the trouble: the rest at once, and each of them alone."""
        rest = [who for who in people if who not in known] if known else []
        left_out = await self._invite(room, rest) if rest else []
        for who in people:
            if who not in rest:
                left_out += await self._invite(room, [who])
        return left_out

    async def set_topic(self, room: str, topic: str) -> None:
        """Not fought over: a topic that somebody else wrote stays."""
        if room not in self._topics:
            answer = await self.calls.call("conversations.info", room)
            me = await self.directory.whoami()
            now = answer["channel"].get("topic") or {}
            value = html.unescape(str(now.get("value", "")))
            ours = now.get("creator") == me.user or value == self._wrote.get(room, "")
            if value == topic or (value and not ours):
                return
        shown = cut(words(topic), TOPIC)
        await self._inside("conversations.setTopic", room, topic=shown)
        _remember(self._wrote, room, html.unescape(shown))
        self._topics.pop(room, None)

    async def bookmark(self, room: str, title: str, url: str) -> None:
        shown, fresh = label(title, 255), self._marks.pop(room, None)
        if fresh is None or shown in fresh:
            there = await self._inside("bookmarks.list", channel_id=room)
            known = [mark for mark in there["bookmarks"] if mark.get("title") == shown]
            if known and known[0].get("link") == url:
                return
            if known:
                change = {"bookmark_id": known[0]["id"], "link": url}
                await self.calls.call("bookmarks.edit", channel_id=room, **change)
                return
        await self._inside("bookmarks.add", channel_id=room, title=shown, type="link", link=url)
        if fresh is not None:  # an answer that was lost leaves us knowing nothing of the room
            _remember(self._marks, room, fresh | {shown})

    async def archive(self, room: str) -> None:
        try:
            await self.calls.call("conversations.archive", room)
        except SlackRefused as error:
            if error.code not in ("already_archived", "channel_not_found", "is_archived"):
                raise

    async def _inside(
        self, method: str, room: str = "", *, informs: bool = False, **params: Any
    ) -> Any:
        """A call in a channel; one that we were taken out of we join again, if it is public."""
        try:
            return await self.calls.call(method, room, informs=informs, **params)
        except SlackRoomMissing as error:
            if error.code != "not_in_channel":
                raise
            try:
                await self.calls.call("conversations.join", error.room)
            except SlackRefused as refused:
                raise error from refused
        return await self.calls.call(method, room, informs=informs, **params)

    # --- messages ---

    async def post(self, room: str, card: Card, marker: str, thread: str = "") -> MessageRef:
        answer = await self._inside(
            "chat.postMessage",
            room,
            informs=self._informs(room),
            **message(card, await self.directory.ids(card)),
            metadata=metadata(marker),
            unfurl_links=False,
            unfurl_media=False,
            **({"thread_ts": thread} if thread else {}),
        )
        return self._ref(answer["channel"], answer["ts"])

    def _ref(self, room: str, ts: str) -> MessageRef:
        return MessageRef(NAME, room, ts, self.url(room, ts))

    def _informs(self, room: str) -> bool:
        return room in self._announced.values()

    async def find_message(self, room: str, marker: str, since: datetime) -> MessageRef | None:
        found = await self.lookup.message(room, marker, since)
        return None if found is None else self._ref(room, found["ts"])

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Unlike a post, an edit reads bare ``@channel`` as a mention unless told not to."""
        shown = message(card, await self.directory.ids(card))
        shown |= {"ts": ref.message, "parse": "none"}
        await self._inside("chat.update", ref.room, informs=self._informs(ref.room), **shown)

    async def pin(self, ref: MessageRef) -> None:
        try:
            await self._inside("pins.add", ref.room, timestamp=ref.message)
        except SlackRefused as error:
            if error.code != "already_pinned":
                raise

    # --- where else we speak ---

    async def announce_room(self) -> str:
        name = self.announce().removeprefix("#")
        async with self._finding:
            if name not in self._announced:
                self._announced[name] = await self._announcements(name)
        return self._announced[name]

    async def _announcements(self, name: str) -> str:
        """Ours already; else made; else, when the name is taken, found and joined."""
        if name[:1] in "CG" and name.isupper():
            return name
        known = await self.lookup.own(name)
        if known is not None:
            return str(known["id"])
        try:
            made = await self.calls.call("conversations.create", name=name, is_private=False)
            return str(made["channel"]["id"])
        except SlackRefused as error:
            if error.code not in _TAKEN:
                raise
        return await self._joined(name)

    async def _joined(self, name: str) -> str:
        cursor = ""
        while True:
            more: dict[str, Any] = {"cursor": cursor} if cursor else {}
            answer = await self.calls.call(
                "conversations.list",
                types="public_channel",
                exclude_archived=True,
                limit=1000,
                **more,
            )
            for channel in answer["channels"]:
                if channel["name"] == name:
                    await self.calls.call("conversations.join", channel["id"])
                    return str(channel["id"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                fix = f"Invite Tocsin to #{name}, or unarchive it, or name another in the organisation file."
                raise Refused(f"#{name} is private or archived", fix)

    async def direct_room(self, person: str) -> str:
        if person not in self._direct:
            answer = await self.calls.call("conversations.open", users=person)
            _remember(self._direct, person, answer["channel"]["id"])
        return self._direct[person]


def _left_out(person: str, error: SlackRefused) -> list[str]:
    if error.code in ALREADY_IN:
        return []
    if error.code in NOT_INVITED:
        return [person]
    raise error


def _remember(among: dict[str, T], key: str, value: T) -> None:
    """The newest thousand: a process may run for years."""
    among[key] = value
    while len(among) > _REMEMBERED:
        del among[next(iter(among))]


def _names(name: str) -> list[str]:
    """The name, then with a number, then with something nobody else thinks of; at most 80."""
    short = name[:74].rstrip("-")
    return [name, f"{short}-2", f"{short}-3", f"{short}-{secrets.token_hex(2)}"]


def _conforms(gateway: SlackGateway) -> ChatPlatform:
    return gateway

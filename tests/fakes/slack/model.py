"""What a workspace holds: people, channels, messages, views; and the error that Slack answers with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

TEAM, DOMAIN, APP = "T0TEAM", "acme", "A0APP"
BOT_USER, BOT = "U0BOT", "B0BOT"


class SlackError(Exception):
    """An answer with ``ok: false``. ``more`` goes into the answer beside the code."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    def json(self) -> Json:
        return {"ok": False, "error": self.code, **self.more}


def invalid(*messages: str) -> SlackError:
    """``invalid_arguments`` with its explanations, as Slack words them."""
    told = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_arguments", response_metadata={"messages": told})


@dataclass
class User:
    """``stranger``: from another company, met through Slack Connect."""

    id: str
    name: str
    real_name: str = ""
    email: str = ""
    tz: str = "Europe/Berlin"
    bot: bool = False
    deleted: bool = False
    restricted: bool = False
    ultra_restricted: bool = False
    stranger: bool = False
    admin: bool = False
    team: str = TEAM

    def json(self, *, with_email: bool = True) -> Json:
        profile = {
            "real_name": self.real_name or self.name,
            "display_name": self.name,
            "team": self.team,
        }
        if with_email and self.email:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.real_name or self.name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_offset": 3600,
            "profile": profile,
            "is_admin": self.admin,
            "is_owner": False,
            "is_restricted": self.restricted or self.ultra_restricted,
            "is_ultra_restricted": self.ultra_restricted,
            "is_bot": self.bot,
            "is_app_user": False,
            **({"is_stranger": True} if self.stranger else {}),
        }


@dataclass
class Message:
    """``visible`` is when history begins to show it, in the workspace's seconds; ``loose``: bare
    ``@words`` in its text were read as mentions."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot: bool = False
    subtype: str = ""
    thread: str = ""
    metadata: Json | None = None
    edits: int = 0
    visible: float = 0.0
    edited: str = ""
    loose: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned: bool = False

    def json(self, *, with_metadata: bool = False) -> Json:
        found: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        if self.bot:
            found |= {"bot_id": BOT, "app_id": APP, "team": TEAM}
        found |= {"blocks": self.blocks} if self.blocks else {}
        found |= {"attachments": self.attachments} if self.attachments else {}
        found |= {"subtype": self.subtype} if self.subtype else {}
        found |= {"thread_ts": self.thread} if self.thread else {}
        if self.edited:
            found["edited"] = {"user": self.user, "ts": self.edited}
        if self.reactions:
            found["reactions"] = [
                {"name": name, "users": users, "count": len(users)}
                for name, users in self.reactions.items()
            ]
        if self.pinned:
            found["pinned_to"] = [self.channel]
        if self.metadata is not None:
            kept = self.metadata if with_metadata else {"event_type": self.metadata["event_type"]}
            found["metadata"] = kept
        return found

    @property
    def words(self) -> str:
        """The fallback text and whatever text its blocks hold, for tests to look into."""
        return "\n".join([self.text, *texts(self.blocks), *texts(self.attachments)])


def texts(value: Any) -> list[str]:
    """Every text in a structure of blocks, in order."""
    match value:
        case {"text": str(text), **rest}:
            return [text, *texts(rest)]
        case dict():
            return [text for inner in value.values() for text in texts(inner)]
        case list():
            return [text for inner in value for text in texts(inner)]
        case _:
            return []


class Kind(StrEnum):
    """What sort of conversation; the value is Slack's word in ``types``."""

    PUBLIC = "public_channel"
    PRIVATE = "private_channel"
    IM = "im"
    MPIM = "mpim"


@dataclass
class Channel:
    id: str
    name: str
    kind: Kind
    creator: str
    created: float
    members: list[str] = field(default_factory=list)
    topic: str = ""
    topic_by: str = ""
    purpose: str = ""
    archived: bool = False
    previous: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    bookmarks: dict[str, Json] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        return self.kind is not Kind.PUBLIC

    @property
    def shown_name(self) -> str:
        """The name that interactions carry."""
        names = {Kind.PRIVATE: "privategroup", Kind.IM: "directmessage", Kind.MPIM: "mpdm"}
        return names.get(self.kind, self.name)

    def json(self, seen_by: str = BOT_USER) -> Json:
        if self.kind is Kind.IM:
            other = next((user for user in self.members if user != seen_by), seen_by)
            return {"id": self.id, "created": int(self.created), "is_im": True, "user": other}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind is Kind.PUBLIC,
            "is_group": self.kind is Kind.PRIVATE,
            "is_im": False,
            "is_mpim": self.kind is Kind.MPIM,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_general": False,
            "is_member": seen_by in self.members,
            "created": int(self.created),
            "creator": self.creator,
            "context_team_id": TEAM,
            "topic": {"value": self.topic, "creator": self.topic_by, "last_set": 0},
            "purpose": {"value": self.purpose, "creator": "", "last_set": 0},
            "previous_names": list(self.previous),
            "num_members": len(self.members),
        }

    def said(self, text: str = "") -> list[Message]:
        """The messages with that text anywhere in them, system messages left out."""
        return [
            m for m in self.messages.values() if not m.subtype and (not text or text in m.words)
        ]

    def lines(self, subtype: str) -> list[Message]:
        """The system messages of one kind."""
        return [m for m in self.messages.values() if m.subtype == subtype]

    @property
    def pinned(self) -> list[Message]:
        return [self.messages[ts] for ts in self.pins if ts in self.messages]


_NAME = re.compile(r"[\w-]*", re.UNICODE)


def check_name(name: str) -> None:
    """The rules for a channel's name: 1 to 80, lower case letters, digits, ``-`` and ``_``."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if not name.strip("-_.!?,;:'\"()[]{}@#$%^&*+=/\\|<>~` "):
        raise SlackError("invalid_name_punctuation")
    if name != name.lower() or not _NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")


@dataclass
class Ephemeral:
    """What one person alone is shown. ``via`` is how it came: ack, response_url or a method."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    via: str
    thread: str = ""
    replaced: int = 0
    gone: bool = False

    @property
    def words(self) -> str:
        return "\n".join([self.text, *texts(self.blocks)])


@dataclass
class View:
    """A modal or a home tab. ``errors`` are what the last submission was answered with."""

    id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str = ""
    updates: int = 0
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    def json(self) -> Json:
        return {
            **self.body,
            "id": self.id,
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous or None,
            "state": self.body.get("state", {"values": {}}),
        }

    @property
    def blocks(self) -> list[Json]:
        return list(self.body["blocks"])

    @property
    def words(self) -> str:
        return "\n".join(texts([self.body.get("title", {}), self.body["blocks"]]))


@dataclass
class UserGroup:
    id: str
    handle: str
    name: str
    users: list[str]

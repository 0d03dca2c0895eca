"""What a Discord guild is made of: plain records, no rules."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, IntFlag
from typing import Any

Json = dict[str, Any]

EPOCH_MS = 1_420_070_400_000
EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15
LOADING = 1 << 7


class Kind(IntEnum):
    TEXT = 0
    DM = 1
    CATEGORY = 4
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREADS = frozenset({Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD})


class May(IntFlag):
    """The permissions that a war room needs; the rest are in ``ALL``."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


ALL = (1 << 52) - 1
# What everybody has in a new guild, as far as it matters here.
EVERYONE = (
    May.VIEW_CHANNEL | May.SEND_MESSAGES | May.READ_MESSAGE_HISTORY | May.ADD_REACTIONS
    | May.EMBED_LINKS | May.ATTACH_FILES | May.USE_APPLICATION_COMMANDS
    | May.CREATE_PUBLIC_THREADS | May.SEND_MESSAGES_IN_THREADS
)  # fmt: skip
# What the bot's own role has: the least that war rooms need.
BOT = (
    EVERYONE | May.MANAGE_CHANNELS | May.MANAGE_ROLES | May.MANAGE_MESSAGES | May.PIN_MESSAGES
    | May.MENTION_EVERYONE | May.MANAGE_THREADS | May.CREATE_PRIVATE_THREADS
)  # fmt: skip


class Intent(IntFlag):
    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_REACTIONS = 1 << 13
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT


@dataclass
class Watch:
    """The platform's clock; a test may set it ahead."""

    ahead: float = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def at(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass
class User:
    id: int
    name: str
    bot: bool = False
    takes_direct: bool = True


@dataclass
class Role:
    id: int
    name: str
    permissions: int
    position: int


@dataclass
class Member:
    user: User
    joined: datetime
    roles: set[int] = field(default_factory=set)


@dataclass
class Overwrite:
    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass
class Message:
    id: int
    channel: int
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    nonce: str = ""
    allowed_mentions: Json | None = None
    mentions: list[int] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: dict[str, list[int]] = field(default_factory=dict)
    reference: Json | None = None
    edited: datetime | None = None
    edits: int = 0
    deleted: bool = False
    webhook: int = 0
    interaction: int = 0
    attachments: list[Json] = field(default_factory=list)
    seen_by: int = 0

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def pings(self) -> int:
        """How many mentions woke somebody: people, roles, and everyone as one."""
        return len(self.mentions) + len(self.mention_roles) + self.mention_everyone

    def parts(self) -> list[Json]:
        """Every component, depth first."""
        return flat(self.components)


@dataclass
class Channel:
    id: int
    kind: Kind
    name: str = ""
    topic: str | None = None
    parent: int | None = None
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pins: dict[int, datetime] = field(default_factory=dict)
    recipient: User | None = None
    owner: int = 0
    members: set[int] = field(default_factory=set)
    archived: bool = False
    locked: bool = False
    tags: list[Json] = field(default_factory=list)
    applied: list[int] = field(default_factory=list)
    deleted: bool = False
    topic_edits: int = 0

    @property
    def thread(self) -> bool:
        return self.kind in THREADS

    def said(self) -> list[Message]:
        """What stands there now, oldest first, without the notices that pins leave."""
        return [m for m in self.messages.values() if not m.deleted and m.type == 0]


def flat(components: list[Json]) -> list[Json]:
    """Every component of a tree, depth first."""
    found: list[Json] = []
    for part in components:
        found.append(part)
        inner = [*part.get("components", ())]
        inner += [part[key] for key in ("accessory", "component") if part.get(key)]
        found += flat(inner)
    return found

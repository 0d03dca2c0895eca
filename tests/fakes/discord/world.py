"""One guild, one application, and everybody's conversations: the state, and who may see what."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.fakes.discord import errors
from tests.fakes.discord.model import (
    ALL,
    BOT,
    EPOCH_MS,
    EVERYONE,
    PRIVILEGED,
    Channel,
    Intent,
    Json,
    Kind,
    May,
    Member,
    Message,
    Overwrite,
    Role,
    User,
    Watch,
)

TOKEN = "fake.discord.token"


@dataclass
class World:
    """All that Discord remembers. Ids are snowflakes: they hold the time and grow."""

    watch: Watch = field(default_factory=Watch)
    token: str = TOKEN
    granted: Intent = PRIVILEGED
    users: dict[int, User] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    commands: dict[int, Json] = field(default_factory=dict)
    creates: deque[float] = field(default_factory=deque)
    syncs: int = 0
    nonces: dict[tuple[int, str], tuple[float, Message]] = field(default_factory=dict)
    nonce_life: float = 120.0
    guild_name: str = "Acme"
    _counter: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.guild = self.new_id()
        self.roles[self.guild] = Role(self.guild, "@everyone", EVERYONE, 0)
        self.owner = self.join("owner").user
        self.me = User(self.new_id(), "tocsin", bot=True)
        self.users[self.me.id] = self.me
        own = self.role("tocsin", BOT)
        self.members[self.me.id] = Member(self.me, self.watch.at(), {own.id})
        self.bot_role = own

    # --- making things ---

    def new_id(self) -> int:
        return (int(self.watch.now() * 1000) - EPOCH_MS << 22) | (next(self._counter) & 0xFFF)

    def role(self, name: str, permissions: int = 0) -> Role:
        made = Role(self.new_id(), name, int(permissions), len(self.roles))
        self.roles[made.id] = made
        return made

    def join(self, name: str, roles: Iterable[Role] = ()) -> Member:
        """Somebody becomes a member of the guild."""
        user = User(self.new_id(), name)
        self.users[user.id] = user
        made = Member(user, self.watch.at(), {role.id for role in roles})
        self.members[user.id] = made
        return made

    def channel(
        self,
        name: str,
        kind: Kind = Kind.TEXT,
        *,
        parent: int | None = None,
        topic: str | None = None,
    ) -> Channel:
        """A channel that was there before the bot came."""
        made = Channel(self.new_id(), kind, name, topic, parent, len(self.channels))
        self.channels[made.id] = made
        return made

    # --- finding things ---

    def find_channel(self, channel: int) -> Channel:
        """Raises 10003."""
        found = self.channels.get(channel)
        if found is None or found.deleted:
            raise errors.unknown("Channel")
        return found

    def find_message(self, channel: Channel, message: int) -> Message:
        """Raises 10008."""
        found = channel.messages.get(message)
        if found is None or found.deleted or found.ephemeral:
            raise errors.unknown("Message")
        return found

    def named(self, name: str) -> Channel:
        """The one standing channel of that name, for tests."""
        [found] = [c for c in self.standing() if c.name == name]
        return found

    def standing(self) -> Iterator[Channel]:
        """Every channel of the guild that is not deleted, threads too."""
        return (c for c in self.channels.values() if not c.deleted and c.kind != Kind.DM)

    def places(self) -> list[Channel]:
        """What counts against the guild's 500: threads do not."""
        return [c for c in self.standing() if not c.thread]

    def direct(self, person: int) -> Channel:
        """The conversation between the bot and one person, made when there is none."""
        for found in self.channels.values():
            if found.kind == Kind.DM and found.recipient is self.users[person]:
                return found
        made = Channel(self.new_id(), Kind.DM, recipient=self.users[person])
        self.channels[made.id] = made
        return made

    # --- who may ---

    def guild_permissions(self, user: int) -> int:
        member = self.members.get(user)
        if member is None:
            return 0
        have = self.roles[self.guild].permissions
        for role in member.roles & self.roles.keys():
            have |= self.roles[role].permissions
        return ALL if user == self.owner.id or have & May.ADMINISTRATOR else have

    def permissions(self, user: int, channel: Channel) -> int:
        """Discord's documented order: guild, @everyone's overwrite, the roles' together, the member's."""
        if channel.kind == Kind.DM:
            assert channel.recipient is not None
            return ALL if user in {self.me.id, channel.recipient.id} else 0
        if channel.thread and channel.parent is not None:
            return self._in_thread(user, channel)
        have = self.guild_permissions(user)
        if have & May.ADMINISTRATOR or user not in self.members:
            return have
        allow = deny = 0
        for role in self.members[user].roles & channel.overwrites.keys():
            allow |= channel.overwrites[role].allow
            deny |= channel.overwrites[role].deny
        everyone = channel.overwrites.get(self.guild, Overwrite(0, 0))
        own = channel.overwrites.get(user, Overwrite(0, 1))
        have = have & ~everyone.deny | everyone.allow
        have = have & ~deny | allow
        have = have & ~own.deny | own.allow
        return have if have & May.VIEW_CHANNEL else 0

    def _in_thread(self, user: int, thread: Channel) -> int:
        have = self.permissions(user, self.channels[thread.parent or 0])
        if thread.kind == Kind.PRIVATE_THREAD and not have & May.MANAGE_THREADS:
            return have if user in thread.members else 0
        return have

    def may(self, user: int, channel: Channel, *wanted: May) -> None:
        """Raises 50001 when the channel cannot be seen, 50013 when something else is missing."""
        have = self.permissions(user, channel)
        if not have & May.VIEW_CHANNEL:
            raise errors.no_access()
        for one in wanted:
            if not have & one:
                raise errors.no_permission()

    def sees(self, user: int, channel: Channel) -> bool:
        return bool(self.permissions(user, channel) & May.VIEW_CHANNEL)

    # --- for those who look at the end ---

    def rooms(self, prefix: str = "inc-") -> list[Channel]:
        """Standing channels and threads whose name begins so."""
        return [c for c in self.standing() if c.name.startswith(prefix)]

    def pinned(self, channel: Channel) -> list[Message]:
        return [channel.messages[one] for one in channel.pins]

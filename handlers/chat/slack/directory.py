"""Who is who: people of ours by their Slack ids and back, and what Slack says of somebody who speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.core.chat.card import Block, Bullets, Card, Context, Fields, Line, Mention, Text
from bot.core.chat.vocabulary import Admission, Refused, Retry, Speaker
from bot.core.people import Person
from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from handlers.chat.slack.api.calls import Calls, within

NAME = "slack"
# How long Slack's answer about a person is cached.
FRESH = timedelta(minutes=15)
# An acknowledgement waits for Slack's word no longer than this.
_TIMEOUT = 1.0


@dataclass(frozen=True, slots=True)
class Self:
    """Who we are in the workspace, as auth.test says."""

    user: str
    bot: str
    team: str
    enterprise: str
    url: str


@dataclass(slots=True)
class Directory:
    """``admits_guests`` asks whether the organisation file lets guests in now (``chat.slack.guests``)."""

    calls: Calls
    memory: Memory
    clock: Clock
    admits_guests: Callable[[], bool] = lambda: False
    me: Self | None = None
    _seen: dict[str, tuple[datetime, dict[str, Any]]] = field(default_factory=dict)

    async def whoami(self) -> Self:
        """Ourselves, asked once."""
        return self.me or await self.introduced()

    async def introduced(self) -> Self:
        """Ourselves, asked now: whether Slack still takes our token."""
        said = await self.calls.call("auth.test")
        self.me = Self(
            said["user_id"],
            said.get("bot_id", ""),
            said["team_id"],
            said.get("enterprise_id") or "",
            said.get("url", "").rstrip("/"),
        )
        return self.me

    # --- ours and theirs ---

    async def ids(self, card: Card) -> Mapping[str, str]:
        """The Slack ids of the people that a card mentions."""
        people = sorted(mentioned(card.blocks))
        return await self.ids_of(people) if people else {}

    async def ids_of(self, people: Iterable[str]) -> Mapping[str, str]:
        wanted = list(people)

        def read(uow: UnitOfWork) -> dict[str, str]:
            found = {who: uow.people.get(who).identities.get(NAME) for who in wanted}  # type: ignore[arg-type]
            return {who: native for who, native in found.items() if native}

        return await self.memory.read_inline(read)

    async def known(self, users: Iterable[str]) -> dict[str, str]:
        """Our ids of those of these whom we know."""
        wanted = list(users)

        def read(uow: UnitOfWork) -> dict[str, str]:
            found = {user: uow.people.by_identity(NAME, user) for user in wanted}
            return {user: person.id for user, person in found.items() if person is not None}

        return await self.memory.read(read)

    # --- who speaks ---

    async def speaker(self, user: str, team: str = "", name: str = "") -> Speaker:
        """Somebody who spoke. People of the organisation file are known without asking Slack."""

        def read(uow: UnitOfWork) -> tuple[Person | None, bool]:
            found = uow.people.by_identity(NAME, user)
            return found, found is not None and found.id in uow.org.people

        known, ours = await self.memory.read_inline(read)
        if known is not None and ours:
            return Speaker(user, known.name, known.timezone, known.email or "")
        try:
            said = await within(_TIMEOUT, self.info(user))
        except (Retry, Refused):
            # Slack does not say: whoever was let in before still is, others are not.
            admission = Admission.ALLOWED if known else Admission.UNKNOWN
            return Speaker(user, name or user, admission=admission)
        profile = said.get("profile") or {}
        return Speaker(
            user,
            str(profile.get("real_name") or said.get("real_name") or name or user),
            str(said.get("tz") or ""),
            str(profile.get("email") or ""),
            self._admission(said, team),
        )

    async def info(self, user: str) -> dict[str, Any]:
        """users.info, remembered for a quarter of an hour."""
        now = self.clock.now()
        at, said = self._seen.get(user, (None, {}))
        if at is None or now - at > FRESH:
            answer = await self.calls.call("users.info", user=user)
            said = dict(answer["user"])
            self._seen[user] = (now, said)
        return said

    def changed(self, user: Mapping[str, Any]) -> None:
        """Slack told us of somebody's change."""
        self._seen[str(user.get("id"))] = (self.clock.now(), dict(user))

    def _admission(self, said: Mapping[str, Any], team: str) -> Admission:
        if said.get("is_bot") or said.get("deleted") or said.get("is_workflow_bot"):
            return Admission.REFUSED
        guest = said.get("is_restricted") or said.get("is_ultra_restricted")
        if (guest or self._stranger(said, team)) and not self.admits_guests():
            return Admission.REFUSED
        return Admission.ALLOWED

    def _stranger(self, said: Mapping[str, Any], team: str) -> bool:
        """From another company, met through Slack Connect."""
        if said.get("is_stranger"):
            return True
        theirs = str(said.get("team_id") or team)
        me = self.me
        if me is None or not theirs or theirs == me.team:
            return False
        grid = said.get("enterprise_user") or {}
        return not me.enterprise or grid.get("enterprise_id") != me.enterprise


def mentioned(blocks: Iterable[Block]) -> set[str]:
    """The people that these blocks mention."""
    return {
        span.person for block in blocks for line in _lines(block) for span in line
        if isinstance(span, Mention)
    }  # fmt: skip


def _lines(block: Block) -> Iterable[Line]:
    if isinstance(block, Text | Context):
        return (block.line,)
    if isinstance(block, Fields):
        return tuple(item.line for item in block.items)
    return block.items if isinstance(block, Bullets) else ()

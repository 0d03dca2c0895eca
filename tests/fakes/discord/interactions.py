"""Interactions: acknowledged once and in time, then followed up for a quarter of an hour."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from tests.fakes.discord import checks, command_checks
from tests.fakes.discord.errors import Refusal, form, unknown
from tests.fakes.discord.model import EPHEMERAL, Json, Message
from tests.fakes.discord.world import World

ACKNOWLEDGE_WITHIN = 3.0
TOKEN_LIVES = 900.0
COMMAND, COMPONENT, COMPLETION, SUBMIT = 2, 3, 4, 5
_MESSAGE, _DEFER, _DEFER_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9


@dataclass
class Interaction:
    """What a person did, and what was answered. Times are the platform's, in seconds."""

    id: int
    token: str
    kind: int
    person: int
    channel: int
    made: float
    payload: Json
    on: Message | None = None
    acked: float | None = None
    answer: int = 0
    flags: int = 0
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    refused: list[int] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def took(self) -> float:
        """Seconds from the key press to the acknowledgement."""
        assert self.acked is not None, "not acknowledged"
        return self.acked - self.made

    @property
    def deferred(self) -> bool:
        return self.answer in {_DEFER, _DEFER_UPDATE}

    @property
    def messages(self) -> list[Message]:
        """All that was answered, in order."""
        first = [self.original] if self.original is not None else []
        return first + self.followups

    @property
    def ephemeral(self) -> bool:
        return all(message.ephemeral for message in self.messages)

    async def until_acknowledged(self, seconds: float = 5.0) -> Interaction:
        await self._until(lambda: self.acked is not None, seconds, "not acknowledged")
        return self

    async def until_answered(self, seconds: float = 10.0) -> Interaction:
        """Wait for a message, a modal, or choices: a deferral alone is no answer."""
        await self._until(self._answered, seconds, "not answered")
        return self

    def _answered(self) -> bool:
        done = self.answer == _DEFER_UPDATE or self.modal is not None or self.choices is not None
        return done or bool(self.messages)

    async def _until(self, holds: object, seconds: float, what: str) -> None:
        assert callable(holds)
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            raise AssertionError(f"after {seconds:.0f} s: {what} {self.payload['data']}") from None


@dataclass
class Interactions:
    world: World
    listed: dict[int, Interaction] = field(default_factory=dict)
    tokens: dict[str, Interaction] = field(default_factory=dict)

    def begin(
        self, kind: int, person: int, channel: int, payload: Json, on: Message | None = None
    ) -> Interaction:
        made = Interaction(
            self.world.new_id(), secrets.token_urlsafe(48), kind, person, channel,
            self.world.watch.now(), payload, on,
        )  # fmt: skip
        self.listed[made.id] = self.tokens[made.token] = made
        return made

    def acknowledge(self, number: int, token: str, body: Json) -> Interaction:
        """The first response. Raises 10062 when late or unknown, 40060 when it is the second."""
        found = self.listed.get(number)
        if found is None or found.token != token:
            raise unknown("Interaction")
        if found.acked is not None:
            found.refused.append(40060)
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if self.world.watch.now() - found.made > ACKNOWLEDGE_WITHIN:
            found.refused.append(10062)
            raise unknown("Interaction")
        self._check(found, body)
        found.acked, found.answer = self.world.watch.now(), body["type"]
        data = body.get("data") or {}
        found.flags = data.get("flags") or 0
        found.modal = data if found.answer == _MODAL else None
        found.choices = data.get("choices", []) if found.answer == _CHOICES else None
        found.changed.set()
        return found

    def _check(self, found: Interaction, body: Json) -> None:
        kind, data = body.get("type"), body.get("data") or {}
        allowed = {
            COMMAND: {_MESSAGE, _DEFER, _MODAL},
            COMPONENT: {_MESSAGE, _DEFER, _DEFER_UPDATE, _UPDATE, _MODAL},
            COMPLETION: {_CHOICES},
            SUBMIT: {_MESSAGE, _DEFER} | ({_DEFER_UPDATE, _UPDATE} if found.on else set()),
        }[found.kind]
        if kind not in allowed:
            told = f"Value must be one of {sorted(allowed)}."
            raise form("type", "BASE_TYPE_CHOICES", told)
        if kind == _MODAL:
            checks.modal(data)
        elif kind == _CHOICES:
            command_checks.check_choices("data.choices", data.get("choices") or [])
        elif kind in {_MESSAGE, _UPDATE}:
            checks.message(data, fresh=kind == _MESSAGE)

    def by_token(self, token: str) -> Interaction:
        """For follow-ups. Raises 10015 before the first response, 50027 after the token's life."""
        found = self.tokens.get(token)
        if found is None or self.world.watch.now() - found.made > TOKEN_LIVES:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if found.acked is None:
            raise unknown("Webhook")
        return found

    @staticmethod
    def inherits(found: Interaction, flags: int) -> int:
        """The first follow-up after a deferral is as private as the deferral was."""
        if found.answer == _DEFER and found.original is None:
            return flags & ~EPHEMERAL | found.flags & EPHEMERAL
        return flags

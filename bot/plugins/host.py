"""The host of plug-ins: each call in a thread of its own, waited for two seconds, bounded in what it may return.

A thread cannot be stopped, so one that does not come back is abandoned, and its plug-in switched off until the next start.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog

from bot.core.errors import Fault
from bot.core.ports.clock import Clock
from bot.plugins.api import Plugin
from bot.plugins.bounds import InvalidAnswer
from bot.plugins.loading import Found, where

log = structlog.get_logger()

T = TypeVar("T")

LIMIT = timedelta(seconds=2)
# Calls of one plug-in at a time, and commands a minute.
AT_ONCE = 2
COMMANDS, WINDOW = 60, timedelta(minutes=1)


class Failed(Fault):
    """A plug-in raised. The call may be tried again."""


class Busy(Fault):
    """As many calls of the plug-in are under way as may be, and none came back. Nothing was called."""


class SwitchedOff(Fault):
    """A plug-in is not called any more, and why."""


@dataclass(slots=True)
class _Call(Generic[T]):
    """What a thread came to: a result or a failure, of whatever kind."""

    result: list[T] = field(default_factory=list)
    failure: BaseException | None = None


@dataclass(slots=True)
class State:
    """How it goes with one plug-in. ``off`` is why it is not called any more; empty while it is. ``freed`` is set when a call comes back; ``carried`` has the commands asked for lately, by what they
    came of."""

    plugin: Plugin
    off: str = ""
    running: int = 0
    freed: asyncio.Event = field(default_factory=asyncio.Event)
    carried: dict[str, tuple[datetime, int]] = field(default_factory=dict)


class Host:
    """All plug-ins of one process. ``call`` may be called for many at once."""

    def __init__(self, found: Found, clock: Clock) -> None:
        self._clock = clock
        self.refused = dict(found.refused)
        self.states = {plugin.name: State(plugin) for plugin in found.plugins}

    def usable(self, name: str) -> Plugin:
        """Raises ``SwitchedOff``, also for one that is not there any more."""
        state = self.states.get(name)
        if state is None:
            raise SwitchedOff(f"The plug-in {name} is not installed.")
        if state.off:
            raise SwitchedOff(f"The plug-in {name} is switched off: {state.off}.")
        return state.plugin

    def switch_off(self, name: str, why: str) -> None:
        """Until the next start. Idempotent: the first reason stands."""
        state = self.states[name]
        if not state.off:
            state.off = why
            log.error("plugin.switched_off", plugin=name, why=why, do="mend it, then restart")

    async def call(self, name: str, work: Callable[[], T]) -> T:
        """``work`` in a thread of its own, after the two calls before it. Raises ``Busy``, ``Failed``, or
        ``SwitchedOff`` when it was or now is."""
        self.usable(name)
        state = self.states[name]
        await self._turn(name, state)
        state.running += 1
        try:
            return await self._within(name, work)
        finally:
            state.running -= 1
            state.freed.set()

    async def _turn(self, name: str, state: State) -> None:
        until = self._clock.now() + LIMIT
        while state.running >= AT_ONCE:
            if self._clock.now() >= until:
                raise Busy(f"The plug-in {name} is busy.")
            state.freed.clear()
            await self._clock.wait(state.freed, until)
            self.usable(name)

    async def _within(self, name: str, work: Callable[[], T]) -> T:
        call, ended = _Call[T](), asyncio.Event()
        loop = asyncio.get_running_loop()

        def run() -> None:
            try:
                call.result.append(work())
            except BaseException as error:  # noqa: BLE001 - others' code, which may raise anything
                call.failure = error
            with suppress(RuntimeError):  # the loop has closed: nobody waits any more
                loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=run, name=f"plugin-{name}", daemon=True).start()
        await self._clock.wait(ended, self._clock.now() + LIMIT)
        if not call.result and call.failure is None:
            self.switch_off(name, f"it did not answer within {LIMIT.seconds} seconds")
        elif isinstance(call.failure, InvalidAnswer):
            self.switch_off(name, str(call.failure))
        elif call.failure is not None:
            self._tell_of(name, call.failure)
            kind = type(call.failure).__name__
            raise Failed(f"The plug-in {name} failed: {kind}") from call.failure
        self.usable(name)
        return call.result[0]

    def _tell_of(self, name: str, error: BaseException) -> None:
        """Its kind and where, and not its words: others' errors quote addresses, keys and texts."""
        log.error("plugin.failed", plugin=name, error=type(error).__name__, where=where(error))

    def may_carry_out(self, name: str, of: str, commands: int) -> None:
        """So many commands more. Raises ``SwitchedOff`` beyond 60 a minute. What comes again under the same name
        ``of`` counts once: it is tried again because it was not written."""
        state, now = self.states[name], self._clock.now()
        late = {k: v for k, v in state.carried.items() if v[0] > now - WINDOW and k != of}
        if sum(count for _, count in late.values()) + commands > COMMANDS:
            self.switch_off(name, f"it asked for more than {COMMANDS} commands within a minute")
        self.usable(name)
        state.carried = {**late, of: (now, commands)} if commands else late

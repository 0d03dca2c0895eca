"""The entrance from chat: an ``Invocation`` in, a ``Reply`` out. Words refusals and errors; decides nothing.

A command that writes is read and done in one transaction, together with its delivery's id; so a delivery
that comes twice is done once and answered twice.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from pydantic import TypeAdapter

from bot.core import measures, tracing
from bot.core.chat import replies
from bot.core.chat.vocabulary import Delivery, Invocation, MenuEntry, News, Reply, Speaker
from bot.core.errors import NotAllowed, UserError
from bot.core.incident import IncidentId
from bot.core.people import SYSTEM, Actor, PersonId, Standing
from bot.core.ports.clock import Clock
from bot.core.ports.jobs import Fenced, OutcomeUnknown, Unavailable
from bot.core.ports.unit_of_work import Done, Memory, UnitOfWork
from bot.language.answers import answer, confirm_first, has_joined, joins_by, with_remarks
from bot.language.beside import Listeners, Outside
from bot.language.call import CONFIRMED, AnsweredOutside, Call, Writes, grouped
from bot.language.completion import complete
from bot.language.forms import from_form
from bot.language.menu import menu
from bot.language.outcomes import Completion, Outcome, Parsed
from bot.language.reading.grammar import CommandTable, parse
from bot.language.reading.lexicon import Words, lexicon
from bot.language.speakers import actor_of, goes_on_in, here_in, known_person, meet
from bot.language.spec import Access, Command
from bot.language.table import all_commands

log = structlog.get_logger()

Later = Callable[[Reply], Awaitable[None]]

# The commit has this long before the person is told that it has not come back.
PROMPT = timedelta(seconds=1.5)
# And this long before it is given up.
TIMEOUT = timedelta(seconds=60)


@cache
def _replies() -> TypeAdapter[Reply]:
    return TypeAdapter(Reply)


def every_verb() -> tuple[MenuEntry, ...]:
    """The commands as menus show them, for platforms that are told of them beforehand."""
    return menu(all_commands().commands)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was understood: who, where, and what it comes to."""

    actor: Actor
    here: IncidentId | None
    outcome: Outcome
    joined: bool = False


class Dispatcher:
    """Shared by all platforms. ``handle`` may be called for many invocations at once."""

    def __init__(
        self,
        memory: Memory,
        clock: Clock,
        commands: CommandTable,
        base_url: str,
        listeners: Listeners,
        outside: Outside | None = None,
    ) -> None:
        self._memory = memory
        self._listeners = listeners
        self._outside = outside
        self._clock = clock
        self._commands = commands
        self._base_url = base_url
        self._words = Words()
        self._under_way: set[asyncio.Task[Any]] = set()

    def menu(self) -> tuple[MenuEntry, ...]:
        """The commands, for platforms that have menus of their own."""
        return menu(self._commands.commands)

    async def handle(self, call: Invocation, later: Later) -> Reply:
        """Answer within about 1.5 s. When the database is slow the outcome follows through ``later``."""
        work = asyncio.get_running_loop().create_task(self._measured(grouped(call)))
        self._under_way.add(work)
        work.add_done_callback(self._under_way.discard)
        ended = asyncio.Event()
        work.add_done_callback(lambda _: ended.set())
        await self._clock.wait(ended, self._clock.now() + PROMPT)
        if work.done():
            return work.result()
        follow = asyncio.get_running_loop().create_task(self._follow(call, work, ended, later))
        self._under_way.add(follow)
        follow.add_done_callback(self._under_way.discard)
        return Reply(replies.pending())

    async def _follow(
        self, call: Invocation, work: asyncio.Task[Reply], ended: asyncio.Event, later: Later
    ) -> None:
        """Tell the outcome; when even giving up does not come back, say that it is not known yet."""
        await self._clock.wait(ended, self._clock.now() + TIMEOUT + PROMPT)
        if not work.done():
            await later(Reply(replies.unknown(f"/{call.group} {call.text}")))
        await later(await work)

    async def _measured(self, call: Invocation) -> Reply:
        began = self._clock.now()
        meant = self._meant(call)
        verb = f"{call.group} {meant.name}" if meant else call.group
        try:
            with tracing.span(verb, platform=call.platform, way=call.kind.value):
                return await self._until_written(call)
        finally:
            seconds = (self._clock.now() - began).total_seconds()
            measures.COMMAND_SECONDS.labels(meant.name if meant else "none").observe(
                max(0.0, seconds)
            )

    async def _until_written(self, call: Invocation) -> Reply:
        """Try for a minute under the same delivery id; what is said then is true."""
        until = self._clock.now() + TIMEOUT
        in_doubt = False
        while True:
            try:
                return await self._once(call)
            except Unavailable as error:
                log.warning("dispatch.unavailable", delivery=call.delivery, error=str(error))
            except OutcomeUnknown as error:
                in_doubt = True
                log.warning("dispatch.in_doubt", delivery=call.delivery, error=str(error))
            if self._clock.now() >= until:
                typed = f"/{call.group} {call.text}"
                return Reply(replies.unknown(typed) if in_doubt else replies.not_recorded(typed))
            await self._clock.wait(asyncio.Event(), self._clock.now() + timedelta(seconds=0.25))

    def _meant(self, call: Invocation) -> Command | None:
        """The command that the first word calls, before anything else is read."""
        return self._commands.first(call.text.removeprefix(CONFIRMED), call.group)

    async def _once(self, call: Invocation) -> Reply:
        try:
            return await self._recorded(call)
        except UserError as error:
            return Reply(replies.refusal(str(error)), refused=str(error))
        except (Unavailable, OutcomeUnknown):
            raise
        except Fenced:  # the same delivery was done meanwhile: it is answered as it was then
            return await self._memory.read(lambda uow: self._answer(uow, call))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("dispatch.fault", delivery=call.delivery, reference=reference)
            return Reply(replies.fault(reference))

    async def _recorded(self, call: Invocation) -> Reply:
        meant = self._meant(call)

        def work(uow: UnitOfWork) -> Reply:
            return self._at_once(uow, call)

        try:
            if meant is not None and meant.access is Access.WRITE:
                return await self._memory.write(tracing.continued(work))
            return await self._memory.read(lambda uow: self._answer(uow, call))
        except Writes:  # a short form of one, such as "sev2", which no first word shows
            return await self._memory.write(tracing.continued(work))
        except AnsweredOutside as asked:
            if self._outside is None:
                return Reply(replies.refusal(f"{asked.name.capitalize()} is switched off here."))
            return await self._outside.answer(call, asked)

    # --- reading ---

    def _read(self, uow: UnitOfWork, call: Invocation) -> _Read:
        actor = actor_of(uow, call.platform, call.speaker)
        if actor.standing is Standing.OUTSIDER:
            raise NotAllowed(
                "Guests and people outside the organisation cannot use this. Ask somebody in the team."
            )
        here = here_in(uow, call, actor)
        words = lexicon(uow, actor, here, self._words)
        outcome: Outcome
        if call.values:
            outcome = from_form(call, self._commands, words)
        else:
            text = call.text.removeprefix(CONFIRMED)
            outcome = parse(text, call.group, self._commands, words)
        sure = call.text.startswith(CONFIRMED)
        return _Read(actor, here, outcome, joined=sure or has_joined(uow, actor, outcome))

    # --- doing ---

    def _answer(self, uow: UnitOfWork, call: Invocation) -> Reply:
        """Everything that only reads: what was done already, questions back, reading commands."""
        done = uow.deliveries.get(call.delivery)
        if done is not None:
            return _replies().validate_json(done.reply)
        read = self._read(uow, call)
        if not isinstance(read.outcome, Parsed):
            return answer(uow, read.actor, read.outcome)
        if read.outcome.command.access is Access.WRITE:
            raise Writes
        return self._run(uow, call, read, read.outcome)

    def _at_once(self, uow: UnitOfWork, call: Invocation) -> Reply:
        """A writing command, read and done in one transaction together with its delivery's id."""
        read = self._read(uow, call)
        outcome = read.outcome
        if not isinstance(outcome, Parsed) or outcome.command.access is Access.READ:
            return self._answer(uow, call)
        if not read.joined:
            return confirm_first(uow, read.actor, outcome)
        meet(uow, call.platform, call.speaker)
        joins = joins_by(uow, read.actor, call.text, outcome)
        if joins is not None:
            self._listeners.confirmed(uow, read.actor, joins)
        reply = self._run(uow, call, read, outcome)
        number = outcome.values.get("incident")
        kept = Reply(replies.told_once()) if reply.one_time else reply
        stored = _replies().dump_json(kept).decode()
        incident = IncidentId(number) if isinstance(number, int) else None
        uow.deliveries.add(Done(call.delivery, stored, incident))
        return reply

    def _run(self, uow: UnitOfWork, call: Invocation, read: _Read, parsed: Parsed) -> Reply:
        said = (parsed.command, parsed.values, call, read.here, parsed.remarks)
        made = Call(uow, read.actor, *said, self._commands)
        reply = parsed.command.run(made)
        return with_remarks(reply, parsed.remarks)

    # --- the rest of what a platform brings ---

    async def introduce(self, platform: str, people: Sequence[Speaker]) -> dict[str, PersonId]:
        """Our ids of people that a platform names, by its own; who is new is remembered. Idempotent."""

        def known(uow: UnitOfWork) -> dict[str, PersonId]:
            found = {who.id: known_person(uow, platform, who) for who in people}
            return {native: person.id for native, person in found.items() if person is not None}

        def met(uow: UnitOfWork) -> dict[str, PersonId]:
            for who in people:
                meet(uow, platform, who)
            return known(uow)

        found = await self._memory.read(known)
        return found if len(found) == len(people) else await self._memory.write(met)

    async def heard(self, told: News) -> None:
        """What a platform reports by itself. Idempotent."""
        await self._memory.write(lambda uow: self._listeners.news(uow, told))

    async def complete(self, call: Invocation, cursor: int) -> list[Completion]:
        """What could come next at ``cursor`` in ``call.text``. Reads only."""

        def read(uow: UnitOfWork) -> list[Completion]:
            actor = actor_of(uow, call.platform, call.speaker)
            if actor.standing is Standing.OUTSIDER:
                return []
            here = here_in(uow, call, actor)
            words = lexicon(uow, actor, here, self._words)
            return list(complete(call.text, cursor, call.group, self._commands, words))

        try:
            return await self._memory.read(read)
        except (Unavailable, UserError):
            return []

    async def room_message(self, call: Invocation) -> None:
        """A plain message in a room, its edit or its deletion: captured entries follow."""
        number = await self._memory.read(
            lambda uow: uow.rooms.incident_in(call.platform, call.room) if call.room else None
        )
        if number is None:
            return
        incident = number

        def follow(uow: UnitOfWork) -> None:
            if call.kind is Delivery.SAID:
                self._listeners.said(uow, incident)
            else:
                actor = actor_of(uow, call.platform, call.speaker)
                for each in dict.fromkeys((incident, goes_on_in(uow, incident, SYSTEM))):
                    self._listeners.changed(uow, actor, each, call)

        await self._memory.write(follow)

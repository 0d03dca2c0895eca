"""Commands of plug-ins: read and allowed as any other, then answered outside of the transaction.

Reading ends with ``Asked``, which carries the snapshot out of the transaction; the dispatcher hands it to ``answer``.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from pydantic import TypeAdapter

from bot.core.chat.card import Block, Card, text
from bot.core.chat.replies import refusal
from bot.core.chat.vocabulary import Invocation, Reply
from bot.core.incident import IncidentId
from bot.core.people import Actor
from bot.core.ports.unit_of_work import Done, Memory, UnitOfWork
from bot.language.call import AnsweredOutside, Call
from bot.language.reading.grammar import CommandTable
from bot.language.speakers import meet
from bot.language.spec import INCIDENT, Access, Arg, ArgKind, Command, Place, Who
from bot.plugins.actions import carry_out
from bot.plugins.api import Answer, Plugin, Snapshot, Verb
from bot.plugins.bounds import bounded
from bot.plugins.host import Busy, Failed, Host, SwitchedOff
from bot.plugins.snapshots import for_command

WORDS = "words"


class Asked(AnsweredOutside):
    """A plug-in's command was read: what it is to be given, and by whom it was typed."""

    def __init__(
        self, plugin: str, verb: Verb, snapshot: Snapshot, actor: Actor, number: IncidentId | None
    ) -> None:
        super().__init__(f"the plug-in {plugin}")
        self.plugin, self.verb, self.snapshot = plugin, verb, snapshot
        self.actor, self.number = actor, number


def commands(plugins: tuple[Plugin, ...]) -> tuple[Command, ...]:
    """Their verbs, for the table of commands."""
    return tuple(_command(plugin.name, verb) for plugin in plugins for verb in plugin.verbs)


def _command(plugin: str, verb: Verb) -> Command:
    return Command(
        name=verb.name,
        help=verb.help,
        who=Who.ANYONE,
        place=Place.ROOM if verb.in_room else Place.ANYWHERE,
        access=Access.READ,
        examples=verb.examples,
        args=(Arg(WORDS, ArgKind.WORDS, help="What it asks for"),),
        run=_read(plugin, verb),
    )


def _read(plugin: str, verb: Verb) -> Callable[[Call], Reply]:
    def run(call: Call) -> Reply:
        number = call.number if INCIDENT in call.values else None
        words = call.given(WORDS, str) or ""
        if call.here is not None:  # what is typed in a private room is not for it either
            for_command(call.uow, plugin, call.actor, call.here, "")
        snapshot = for_command(call.uow, plugin, call.actor, number, words)
        raise Asked(plugin, verb, snapshot, call.actor, number)

    return run


class Verbs:
    """Answers commands of plug-ins."""

    def __init__(self, host: Host, memory: Memory, table: CommandTable) -> None:
        self._host, self._memory, self._table = host, memory, table

    async def answer(self, call: Invocation, asked: AnsweredOutside) -> Reply:
        """The plug-in's card. What it wants done is done once a delivery, together with its id. Raises ``Fenced`` when
        it was done meanwhile."""
        if not isinstance(asked, Asked):
            raise asked
        try:
            with structlog.contextvars.bound_contextvars(incident=asked.number):
                answer = await self._called(call, asked)
        except Busy as error:
            return _refused(f"{error} Nothing was recorded; say it again in a moment.")
        except Failed:
            words = f"The plug-in {asked.plugin} failed. Nothing was recorded; the log says why."
            return _refused(words)
        except SwitchedOff as error:
            return _refused(f"{error} Nothing was recorded; tocsin doctor says what to do.")
        if not answer.commands:
            return Reply(_card(asked, answer, []))
        return await self._memory.write(lambda uow: self._carried(uow, call, asked, answer))

    async def _called(self, call: Invocation, asked: Asked) -> Answer:
        verb, snapshot = asked.verb, asked.snapshot
        answer = await self._host.call(asked.plugin, lambda: bounded(verb.run(snapshot)))
        self._host.may_carry_out(asked.plugin, f"delivery:{call.delivery}", len(answer.commands))
        return answer

    def _carried(self, uow: UnitOfWork, call: Invocation, asked: Asked, answer: Answer) -> Reply:
        meet(uow, call.platform, call.speaker)
        commands = tuple(answer.commands)
        refused = carry_out(uow, self._table, asked.plugin, asked.actor, asked.number, commands)
        reply = Reply(_card(asked, answer, refused))
        stored = TypeAdapter(Reply).dump_json(reply).decode()
        uow.deliveries.add(Done(call.delivery, stored, asked.number))
        return reply


def _refused(words: str) -> Reply:
    return Reply(refusal(words), refused=words)


def _card(asked: Asked, answer: Answer, refused: list[str]) -> Card:
    blocks: list[Block] = [*answer.blocks, *(text(words) for words in refused)]
    return Card(answer.title or f"{asked.plugin}: {asked.verb.name}", tuple(blocks))

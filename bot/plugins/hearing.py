"""Plug-ins that hear of acts: told afterwards, one job each, and what they want shown and done is done once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.core.bus import After, Bus
from bot.core.chat.card import Block, Card
from bot.core.chat.codec import card_json
from bot.core.chat.vocabulary import Busy as NotYet
from bot.core.chat.vocabulary import Retry
from bot.core.events.base import ActId, Word, name_of
from bot.core.incident import IncidentId, Visibility
from bot.core.people import BOT, SYSTEM, Actor, PersonId, Viewer
from bot.core.ports.jobs import Job
from bot.core.ports.occurrences import Cause, Occurrence
from bot.core.ports.unit_of_work import UnitOfWork
from bot.jobs.registry import Effect, JobContext, Settle
from bot.language.reading.grammar import CommandTable
from bot.messages.service import say_when_open
from bot.plugins import cards
from bot.plugins.actions import carry_out
from bot.plugins.api import Answer, Plugin, Snapshot
from bot.plugins.bounds import blocks, bounded
from bot.plugins.host import Busy, Host, SwitchedOff
from bot.plugins.snapshots import for_act
from bot.warrooms.events import SlotFilled

log = structlog.get_logger()

TASK = "plugin_hears"
BIAS = "repeats the call; what it asks for is done once, with the job"
_LIMIT = timedelta(seconds=10)


def wired(bus: Bus, plugins: Sequence[Plugin]) -> Bus:
    """The bus with these plug-ins on it."""
    listeners = tuple(After(p.name, frozenset(p.hears)) for p in plugins if p.hears)
    names = [plugin.name for plugin in plugins if plugin.card is not None]
    return Bus((*bus.packages, cards.package(names)), (*bus.after, *listeners))


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of one snapshot, of an incident that was marked so. ``card`` is None where the plug-in has none."""

    incident: IncidentId | None
    mark: str
    answer: Answer
    card: tuple[Block, ...] | None


@dataclass(frozen=True, slots=True)
class _Inside(Actor):
    """A plug-in in a private incident that it may read: it is no member, and sees the incident all the same."""

    @property
    def viewer(self) -> Viewer:
        return SYSTEM


def effect(host: Host, table: CommandTable) -> Effect:
    """The task that tells one plug-in of one act."""

    async def run(context: JobContext, job: Job) -> Settle | None:
        name, act = str(job.args["plugin"]), ActId(str(job.args["act"]))
        try:
            plugin = host.usable(name)
            rows, found = await context.memory.read(lambda uow: _read(uow, plugin, act))
            if not found:
                return None
            told = await host.call(name, lambda: [_tell(plugin, *each) for each in found])
            asked = sum(len(each.answer.commands) for each in told)
            host.may_carry_out(name, f"job:{job.id}", asked)
        except Busy as error:
            raise NotYet(str(error), timedelta(seconds=1)) from error
        except (
            SwitchedOff
        ) as error:  # the log had the reason as an error when it happened, and doctor shows it
            log.warning("plugin.not_told", plugin=name, why=str(error))
            return None
        cause = Cause(act, rows[0].cause.depth + 1)
        return lambda uow: _settle(uow, table, plugin, cause, told)

    return Effect(TASK, BIAS, run, _failed, _LIMIT)


def _failed(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    """It stays among the dead rows, where ``tocsin jobs`` and doctor show it."""


def _read(
    uow: UnitOfWork, plugin: Plugin, act: ActId
) -> tuple[Sequence[Occurrence], list[tuple[Snapshot, str]]]:
    rows = uow.occurrences.of(act)
    names = frozenset(name_of(kind) for kind in plugin.hears)
    found = for_act(uow, plugin, rows, names)
    return rows, [
        (each, cards.mark(uow, each.incident.id) if each.incident else "") for each in found
    ]


def _tell(plugin: Plugin, snapshot: Snapshot, mark: str) -> _Told:
    """In the plug-in's own thread."""
    number = None if snapshot.incident is None else snapshot.incident.id
    answer = Answer() if plugin.heard is None else bounded(plugin.heard(snapshot))
    shown = None
    if plugin.card is not None and number is not None:
        shown = blocks(plugin.card(snapshot))
    return _Told(number, mark, answer, shown)


def _settle(
    uow: UnitOfWork, table: CommandTable, plugin: Plugin, cause: Cause, found: list[_Told]
) -> None:
    """Raises ``Retry`` when words were forgotten while the plug-in had them: it is asked anew."""
    for told in sorted(found, key=lambda each: each.incident or 0):
        if told.incident is not None:
            uow.incidents.lock(told.incident, SYSTEM)
            if cards.mark(uow, told.incident) != told.mark:
                raise Retry("something of the incident was forgotten meanwhile", timedelta(0))
    for told in found:
        commands = tuple(told.answer.commands)
        actor = _actor(uow, plugin, told.incident)
        carry_out(uow, table, plugin.name, actor, told.incident, commands, cause)
        if told.incident is not None:
            with uow.acting(cause):
                _show(uow, plugin, cause, told, told.incident)


def _actor(uow: UnitOfWork, plugin: Plugin, number: IncidentId | None) -> Actor:
    about = (PersonId(f"plugin-{plugin.name}"), plugin.name, "plugin")
    if number is None or uow.incidents.get(number, SYSTEM).visibility is Visibility.PUBLIC:
        return Actor(*about)
    return _Inside(*about)


def _show(uow: UnitOfWork, plugin: Plugin, cause: Cause, told: _Told, number: IncidentId) -> None:
    said = Card(told.answer.title or plugin.name, tuple(told.answer.blocks))
    if said.blocks:
        what = f"plugin:{plugin.name}:{cause.act}"
        say_when_open(uow, number, what, {"card": card_json(said)})
    if told.card is not None and cards.put(uow, plugin.name, number, told.card):
        incident = uow.incidents.get(number, SYSTEM)
        uow.happened(SlotFilled(uow.now, BOT, incident, Word(plugin.name)))

"""Plug-ins that hear of acts: told afterwards, one job each, and what they want shown and done is done once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.bus import After, Bus, Package, on
from bot.commands.grammar import CommandTable
from bot.domain.incident import Incident, IncidentId
from bot.domain.people import BOT, SYSTEM, Actor, PersonId
from bot.events.base import ActId, IncidentEvent, Word, name_of
from bot.events.incidents import EntryRedacted, VisibilityChanged, WordsForgotten
from bot.events.warrooms import SlotFilled
from bot.extensions.bounds import blocks, bounded
from bot.extensions.carrying import carry_out
from bot.extensions.host import Host, SwitchedOff
from bot.extensions.snapshots import for_act
from bot.jobs.registry import Desk, Effect, Settle
from bot.plugin import Answer, Plugin, Snapshot
from bot.ports import Cause, Job, Occurrence, UnitOfWork
from bot.services.whispers import say_when_open
from bot.slots import CARD, Filler
from bot.views.card import Block, Card
from bot.views.codec import card_from, card_json

TASK = "plugin_hears"
BIAS = "repeats the call; what it asks for is done once, with the job"
# A card's blocks of a plug-in stand so long.
KEPT = timedelta(days=400)
_LIMIT = timedelta(seconds=10)


def wired(bus: Bus, plugins: Sequence[Plugin]) -> Bus:
    """The bus with these plug-ins on it; as it was where there are none."""
    if not plugins:
        return bus
    listeners = tuple(After(p.name, frozenset(p.hears)) for p in plugins if p.hears)
    return Bus((*bus.packages, _package(plugins)), (*bus.after, *listeners))


def _package(plugins: Sequence[Plugin]) -> Package:
    names = [plugin.name for plugin in plugins if plugin.card is not None]

    def kept(uow: UnitOfWork, incident: Incident, viewer: object) -> Sequence[Block]:
        found = (uow.kept.get(_key(name, incident.id)) for name in names)
        return [block for text in found if text for block in card_from(text).blocks]

    def forget(uow: UnitOfWork, event: IncidentEvent) -> None:
        """What a plug-in showed of it may hold what was erased, or what others may not read any more."""
        for name in names:
            uow.kept.put(_key(name, event.incident.id), "", uow.now)

    heard = on(EntryRedacted, WordsForgotten, VisibilityChanged, run=forget)
    return Package("plugins", (heard,), fillers=(Filler(CARD, kept),))


def _key(plugin: str, incident: IncidentId) -> str:
    return f"plugin:{plugin}:card:{incident}"


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of one snapshot. ``card`` is None where the plug-in has none."""

    incident: IncidentId | None
    answer: Answer
    card: tuple[Block, ...] | None


def effect(host: Host, table: CommandTable) -> Effect:
    """The task that tells one plug-in of one act."""

    async def run(desk: Desk, job: Job) -> Settle | None:
        name, act = str(job.args["plugin"]), ActId(str(job.args["act"]))
        try:
            plugin = host.usable(name)
            rows, snapshots = await desk.memory.read(lambda uow: _read(uow, plugin, act))
            if not snapshots:
                return None
            told = await host.call(name, lambda: [_tell(plugin, each) for each in snapshots])
            host.may_carry_out(name, sum(len(each.answer.commands) for each in told))
        except SwitchedOff:
            return None  # it was said when it happened, and doctor says it again
        cause = Cause(act, rows[0].cause.depth + 1)
        return lambda uow: _settle(uow, table, plugin, cause, told)

    return Effect(TASK, BIAS, run, _failed, _LIMIT)


def _failed(uow: UnitOfWork, job: Job, why: str, fix: str) -> None:
    """It stays among the dead rows, where ``tocsin jobs`` and doctor show it."""


def _read(
    uow: UnitOfWork, plugin: Plugin, act: ActId
) -> tuple[Sequence[Occurrence], list[Snapshot]]:
    rows = uow.occurrences.of(act)
    names = frozenset(name_of(kind) for kind in plugin.hears)
    return rows, for_act(uow, plugin, rows, names)


def _tell(plugin: Plugin, snapshot: Snapshot) -> _Told:
    """In the plug-in's own thread."""
    number = None if snapshot.incident is None else snapshot.incident.id
    answer = Answer() if plugin.heard is None else bounded(plugin.heard(snapshot))
    shown = None
    if plugin.card is not None and number is not None:
        shown = blocks(plugin.card(snapshot))
    return _Told(number, answer, shown)


def _settle(
    uow: UnitOfWork, table: CommandTable, plugin: Plugin, cause: Cause, found: list[_Told]
) -> None:
    actor = Actor(PersonId(f"plugin-{plugin.name}"), plugin.name, "plugin")
    for told in found:
        commands = tuple(told.answer.commands)
        carry_out(uow, table, plugin.name, actor, told.incident, commands, cause)
        if told.incident is not None:
            with uow.acting(cause):
                _show(uow, plugin, cause, told, told.incident)


def _show(uow: UnitOfWork, plugin: Plugin, cause: Cause, told: _Told, number: IncidentId) -> None:
    said = Card(told.answer.title or plugin.name, tuple(told.answer.blocks))
    if said.blocks:
        what = f"plugin:{plugin.name}:{cause.act}"
        say_when_open(uow, number, what, {"card": card_json(said)})
    if told.card is not None:
        key, text = _key(plugin.name, number), card_json(Card("", told.card))
        if (uow.kept.get(key) or card_json(Card("", ()))) != text:
            uow.kept.put(key, text, uow.now + KEPT)
            incident = uow.incidents.get(number, SYSTEM)
            uow.happened(SlotFilled(uow.now, BOT, incident, Word(plugin.name)))

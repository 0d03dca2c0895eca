"""All that a process needs of its plug-ins, from what was found of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.core.bus import Bus
from bot.core.chat.vocabulary import Group
from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory
from bot.jobs.registry import Effect
from bot.language.reading.grammar import CommandTable
from bot.language.table import all_commands, with_others
from bot.plugins.hearing import effect, wired
from bot.plugins.host import Host
from bot.plugins.loading import Found, installed
from bot.plugins.verbs import Verbs, commands
from bot.wiring.packages import BUS


@dataclass(frozen=True, slots=True)
class Extensions:
    """``bus`` has who hears afterwards, ``table`` their commands, ``effects`` their tasks."""

    host: Host
    bus: Bus
    table: CommandTable
    effects: tuple[Effect, ...]

    def verbs(self, memory: Memory) -> Verbs:
        """What answers their commands."""
        return Verbs(self.host, memory, self.table)

    def standing(self) -> list[tuple[str, str]]:
        """Each by name, and why it is not at work; empty where it is."""
        return sorted(_standing(self.host))


def _standing(host: Host) -> Iterator[tuple[str, str]]:
    yield from host.refused.items()
    for name, state in host.states.items():
        yield name, state.off


def plugged(clock: Clock, find: Callable[[], Found] | None = None) -> Extensions:
    """Find them (``find`` instead of those that are installed), and put them on bus and table."""
    found = find() if find is not None else installed(_taken())
    host = Host(found, clock)
    table = with_others(commands(found.plugins))
    # Also without plug-ins: jobs of a plug-in that was removed meanwhile end without a fault.
    return Extensions(host, wired(BUS, found.plugins), table, (effect(host, table),))


def _taken() -> list[str]:
    """The words that Tocsin's own commands have."""
    return [*all_commands().words(Group.INCIDENT)]

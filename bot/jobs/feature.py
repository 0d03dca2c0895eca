"""What a feature declares of itself: who hears what, its timeline's lines, its events, its tasks, what can be set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

from bot.core.bus import Check, Handler, Package
from bot.core.declared.sections import AnySection
from bot.core.declared.settings import AnySetting
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import Filler
from bot.core.timeline import Lines
from bot.jobs.registry import Effect, Timer


@dataclass(frozen=True, slots=True)
class Feature:
    """One noun of the core. ``bot.wiring.features`` lists them in their order, and that is all that is said of one
    outside of its own package. Its commands are found by themselves: ``COMMANDS`` of its modules that are called
    ``commands`` or ``…_commands``.

    ``events`` are the modules that declare its events; ``lines`` says how each of them is written down. ``starts`` are asked at
    each start, one transaction each, and are idempotent. ``settings`` are its
    variables of the environment, ``sections`` its keys of the organisation file.
    """

    name: str
    handlers: tuple[Handler, ...] = ()
    checks: tuple[Check, ...] = ()
    fillers: tuple[Filler, ...] = ()
    lines: Lines = field(default_factory=dict)
    events: tuple[ModuleType, ...] = ()
    tasks: tuple[Effect | Timer, ...] = ()
    starts: tuple[Callable[[UnitOfWork], None], ...] = ()
    settings: tuple[AnySetting, ...] = ()
    sections: tuple[AnySection, ...] = ()

    @property
    def package(self) -> Package:
        """What the bus knows of it."""
        return Package(self.name, self.handlers, self.checks, self.fillers)

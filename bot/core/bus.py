"""The bus: who hears which event, in which order; and what an act is while it lasts.

Inside handlers run in the verb's own transaction: a fault of theirs is a fault of the verb. Events queue first in, first
out. The order among those who hear one is the order of the packages, then each package's own. What is heard only after
the act is stored with one INSERT, and told by at most one job.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from bot.core.errors import Fault, UserError
from bot.core.events.base import ActId, Event, data_of, incident_of, name_of
from bot.core.incident import Incident, Status
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.occurrences import Cause, Occurrence
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import Filler, Slot

B = TypeVar("B")

# The task that tells those who hear of an act after it, and the depth at which acts that follow from acts end.
TELL = "after_act"
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Handler:
    """``run`` hears these events, in the verb's transaction, and may itself record ``records`` and no others."""

    hears: tuple[type[Event], ...]
    run: Callable[[UnitOfWork, Any], None]
    records: tuple[type[Event], ...] = ()

    @property
    def name(self) -> str:
        """Where it is: the noun and the function's name."""
        package, _, rest = self.run.__module__.partition(".")
        return f"{rest.partition('.')[0] or package}.{self.run.__name__}"


def on(
    *hears: type[Event],
    run: Callable[[UnitOfWork, Any], None],
    records: Iterable[type[Event]] = (),
) -> Handler:
    """A handler, as a line of a package's tuple."""
    return Handler(hears, run, tuple(records))


@dataclass(frozen=True, slots=True)
class After:
    """Somebody who hears of these events after the act, by a name of its own; ``run`` does what follows, in a
    transaction of its own. Without ``run`` a task of the worker does: a plug-in's."""

    name: str
    hears: frozenset[type[Event]]
    run: Callable[[UnitOfWork, Sequence[Occurrence]], None] | None = None


# Whether an incident may become something: a refusal, with what to do first; or nothing.
Check = Callable[[UnitOfWork, Incident, Status], UserError | None]


@dataclass(frozen=True, slots=True)
class Package:
    """One package's handlers, checks and slots."""

    name: str
    handlers: tuple[Handler, ...] = ()
    checks: tuple[Check, ...] = ()
    fillers: tuple[Filler, ...] = ()


@dataclass(frozen=True)
class Bus:
    """The packages in their order, and who hears afterwards."""

    packages: tuple[Package, ...] = ()
    after: tuple[After, ...] = ()

    @cached_property
    def heard_by(self) -> Mapping[type[Event], tuple[Handler, ...]]:
        found: dict[type[Event], list[Handler]] = {}
        for package in self.packages:
            for handler in package.handlers:
                for kind in handler.hears:
                    found.setdefault(kind, []).append(handler)
        return {kind: tuple(handlers) for kind, handlers in found.items()}

    @cached_property
    def heard_after(self) -> frozenset[type[Event]]:
        return frozenset(kind for each in self.after for kind in each.hears if kind.public)

    @cached_property
    def fillers(self) -> Mapping[str, tuple[Filler, ...]]:
        found: dict[str, list[Filler]] = {}
        for package in self.packages:
            for filler in package.fillers:
                found.setdefault(filler.slot.name, []).append(filler)
        return {name: tuple(fillers) for name, fillers in found.items()}

    def refusal(self, uow: UnitOfWork, incident: Incident, status: Status) -> UserError | None:
        """The first refusal of the packages, or nothing."""
        checks = (check for package in self.packages for check in package.checks)
        answers = (check(uow, incident, status) for check in checks)
        return next((refusal for refusal in answers if refusal is not None), None)

    def fill(self, uow: UnitOfWork, slot: Slot[B], *about: Any) -> tuple[B, ...]:
        """What the packages put there, in their order; never more than the slot holds."""
        made = (each for f in self.fillers.get(slot.name, ()) for each in f.build(uow, *about))
        return tuple(each for each, _ in zip(made, range(slot.most), strict=False))


class Undeclared(Fault):
    """A handler recorded an event that it has not declared: the documented graph of who hears what would be wrong."""


@dataclass
class Act:
    """All that one command, timer or result brings about: its events, in order, under one id."""

    bus: Bus
    cause: Cause = field(default_factory=Cause)
    facts: list[Event] = field(default_factory=list)
    _queue: deque[Event] = field(default_factory=deque)
    _once: set[tuple[object, ...]] = field(default_factory=set)
    _current: Handler | None = None
    _at_work: bool = False

    @cached_property
    def id(self) -> ActId:
        """Made when first asked for; 16 hexadecimal digits by chance."""
        return ActId(secrets.token_hex(8))

    def happened(self, uow: UnitOfWork, events: Iterable[Event]) -> None:
        """Take facts in, and have them heard unless that is under way."""
        events = tuple(events)
        if self._current is not None:
            _declared(self._current, events)
        self._queue.extend(events)
        if not self._at_work:
            self._drain(uow)

    def _drain(self, uow: UnitOfWork) -> None:
        self._at_work = True
        try:
            while self._queue:
                event = self._queue.popleft()
                self.facts.append(event)
                for handler in self.bus.heard_by.get(type(event), ()):
                    self._current = handler
                    handler.run(uow, event)
                self._current = None
        except BaseException:
            self._queue.clear()
            raise
        finally:
            self._at_work, self._current = False, None

    def once(self, *what: object) -> bool:
        """Whether this is the first time that ``what`` is asked about in this act."""
        if what in self._once:
            return False
        self._once.add(what)
        return True

    def store(self, uow: UnitOfWork) -> None:
        """Store the events that After handlers hear, and enqueue the job that calls them. Called once, at the act's end."""
        rows = list(self._rows())
        self.facts.clear()
        if not rows:
            return
        uow.occurrences.add(rows)
        args: dict[str, str | int] = {"act": self.id}
        uow.jobs.enqueue(JobSpec(TELL, Queue.TIMER, args, queueing_lock=f"act:{self.id}"))

    def _rows(self) -> Iterator[Occurrence]:
        for ordinal, event in enumerate(self.facts):
            kind = type(event)
            if kind in self.bus.heard_after and self.cause.depth < DEEPEST:
                yield Occurrence(
                    self.id, ordinal, name_of(kind), event.version, event.at, event.actor.id,
                    incident_of(event), self.cause, data_of(event),
                )  # fmt: skip


def _declared(handler: Handler, events: tuple[Event, ...]) -> None:
    for event in events:
        if type(event) not in handler.records:
            raise Undeclared(f"{handler.name} records {name_of(type(event))} undeclared")


def edges(bus: Bus) -> Iterator[tuple[str, str, str]]:
    """The graph as edges: (event heard, handler, event recorded), for the docs and for the test that the
    graph has no circle."""
    for package in bus.packages:
        for handler in package.handlers:
            for heard in handler.hears:
                for recorded in handler.records:
                    yield name_of(heard), handler.name, name_of(recorded)

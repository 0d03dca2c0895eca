"""One transaction, and memory as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.core.errors import UserError
from bot.core.events.base import ActId, Event
from bot.core.incident import Incident, IncidentId, Status
from bot.core.organisation import Organisation
from bot.core.ports.jobs import Jobs
from bot.core.ports.keeping import KeyValueStore
from bot.core.ports.occurrences import Cause, Occurrences
from bot.core.slots import Slot
from bot.core.stores.console import ConsoleFiles, ConsoleStore
from bot.core.stores.incidents import Incidents, Tasks, Timeline
from bot.core.stores.logins import Logins
from bot.core.stores.oncall import OnCallStore
from bot.core.stores.organisations import Organisations
from bot.core.stores.people import Pages, People
from bot.core.stores.statuspage import Maintenances, StatusPages
from bot.core.stores.warrooms import Nudges, Plans, Rooms
from bot.core.timeline import EntryId

B = TypeVar("B")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done:
    """What a delivery led to, so that it can be answered again and looked up."""

    key: str
    reply: str
    incident: IncidentId | None


class Deliveries(Protocol):
    def get(self, key: str) -> Done | None: ...

    def add(self, done: Done) -> None:
        """Raises ``Fenced`` when the key is there already: the other one wins."""
        ...

    def prune(self, before: datetime) -> int: ...


class Redaction(Protocol):
    """What redaction may do: the one way in which memory forgets."""

    def entries(self, incident: IncidentId, entries: Sequence[EntryId]) -> None: ...

    def replace_everywhere(
        self, incident: IncidentId, text: str, mark: str, reply: str
    ) -> list[str]:
        """Put ``mark`` in the place of ``text`` wherever the incident keeps it; returns where, in words."""
        ...

    def jobs_that_told(self, incident: IncidentId, text: str) -> list[tuple[int, str, str, str]]:
        """The jobs, done ones included, that may have told people ``text``: number, task, platform, occasion."""
        ...

    def bot_messages(self, text: str, mark: str) -> int:
        """Put ``mark`` in the place of ``text`` in the console's cards of ours; returns in how many."""
        ...


class RetentionStore(Protocol):
    """What retention may do, a bounded piece at a time."""

    def console_messages(self, before: datetime) -> int: ...

    def over_since(self, before: datetime, mark: str) -> list[IncidentId]:
        """Incidents that are over, with nothing recorded since, whose title is not ``mark`` yet."""
        ...

    def erase_texts(self, incident: IncidentId, mark: str) -> None:
        """Erase every text of the incident; ``mark`` becomes its title."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Plain and synchronous: a service is a function of it, with no await inside."""

    @property
    def now(self) -> datetime: ...

    @property
    def org(self) -> Organisation: ...

    @property
    def install(self) -> str:
        """The id of this installation, in every marker."""
        ...

    @property
    def platforms(self) -> tuple[str, ...]:
        """The chat platforms that are configured, by name."""
        ...

    @property
    def notices(self) -> Mapping[str, tuple[str, ...]]:
        """Which tasks leave a notice of the platform's own in the room; all do where it is not named."""
        ...

    @property
    def internal_url(self) -> str:
        """Where the console and our pages for people inside are, without a slash at its end."""
        ...

    @property
    def incidents(self) -> Incidents: ...

    @property
    def timeline(self) -> Timeline: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def plans(self) -> Plans: ...

    @property
    def rooms(self) -> Rooms: ...

    @property
    def people(self) -> People: ...

    @property
    def pages(self) -> Pages: ...

    @property
    def oncall(self) -> OnCallStore: ...

    @property
    def tasks(self) -> Tasks: ...

    @property
    def deliveries(self) -> Deliveries: ...

    @property
    def key_values(self) -> KeyValueStore: ...

    @property
    def redaction(self) -> Redaction: ...

    @property
    def logins(self) -> Logins: ...

    @property
    def nudges(self) -> Nudges: ...

    @property
    def status(self) -> StatusPages: ...

    @property
    def maintenances(self) -> Maintenances: ...

    @property
    def console(self) -> ConsoleStore: ...

    @property
    def retention(self) -> RetentionStore: ...

    @property
    def organisations(self) -> Organisations: ...

    @property
    def files(self) -> ConsoleFiles: ...

    @property
    def occurrences(self) -> Occurrences: ...

    # --- what happens, and who hears of it ---

    @property
    def act(self) -> ActId:
        """The id that everything has in common that this command, timer or result brings about."""
        ...

    def happened(self, *events: Event) -> None:
        """Record facts of this act. Who hears them inside has heard them when this returns, unless a handler is
        just recording them: then they come in their turn."""
        ...

    def once(self, *what: object) -> bool:
        """Whether this is the first time in this act that ``what`` is asked about."""
        ...

    def acting(self, cause: Cause | None = None) -> AbstractContextManager[object]:
        """An act of its own, within this transaction: a timer's, or one that follows from another act."""
        ...

    def refusal(self, incident: Incident, status: Status) -> UserError | None:
        """Why the incident may not become that yet, and what to do first; or nothing."""
        ...

    def fill(self, slot: Slot[B], *about: Any) -> tuple[B, ...]:
        """What packages put into a slot."""
        ...

    def savepoint(self) -> AbstractContextManager[object]:
        """Undo what happens inside when it raises, and only that."""
        ...

    def signal(self, topic: str) -> None:
        """Tell listeners of ``topic``, in every replica, once this transaction is committed."""
        ...


class Memory(Protocol):
    """Runs functions of a transaction. ``write`` commits or raises; ``read`` never writes."""

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Raises ``Unavailable`` (nothing written) or ``OutcomeUnknown``, or what ``work`` raises."""
        ...

    async def read(self, work: Callable[[UnitOfWork], T]) -> T: ...

    async def read_inline(self, work: Callable[[UnitOfWork], T]) -> T:
        """``read`` for a handful of rows that a call waits for: it may be done on the spot, where handing
        it to another thread would cost more than the reading."""
        ...

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        """Call back, in the event loop, with each signalled topic that begins with ``topic``."""
        ...

"""One transaction with its stores, over one connection of either database. A new store has its line here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from bot.core.bus import Act, Bus
from bot.core.declared.settings import Setting
from bot.core.errors import UserError
from bot.core.events.base import ActId, Event
from bot.core.incident import Incident, Status
from bot.core.organisation import Organisation
from bot.core.ports.jobs import Args
from bot.core.ports.occurrences import CAUSE, DEPTH, Cause
from bot.core.slots import Slot
from storage.console.files import SqlConsoleFiles
from storage.console.rooms import SqlConsole
from storage.incidents import SqlIncidents
from storage.logins import SqlLogins
from storage.oncall import SqlOnCall
from storage.organisations import SqlOrganisations
from storage.pages import SqlPages
from storage.people import SqlPeople
from storage.plans import SqlNudges, SqlPlans
from storage.rooms import SqlRooms
from storage.runtime.deliveries import SqlDeliveries
from storage.runtime.jobs import SqlJobs
from storage.runtime.key_values import SqlKeyValues
from storage.runtime.occurrences import SqlOccurrences
from storage.sql.direct import Executor
from storage.statuspage.maintenances import SqlMaintenances
from storage.statuspage.publications import SqlStatusPages
from storage.tasks import SqlTasks
from storage.timeline import SqlTimeline
from storage.upkeep.redaction import SqlRedaction
from storage.upkeep.retention import SqlRetention

B = TypeVar("B")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Installation:
    """What every transaction knows of where it runs, and who hears what happens in it."""

    org: Organisation
    install: str
    platforms: tuple[str, ...]
    internal_url: str = ""
    bus: Bus = field(default_factory=Bus)
    notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    public_url: str = ""


class UnitOfWork:
    """One transaction. Plain and synchronous: a service is a function of it, with no await inside.

    Stores are made when first asked for; ``topics`` is what to signal after the commit.
    """

    def __init__(self, connection: Executor, now: datetime, installation: Installation) -> None:
        self._c = connection
        self._now = now
        self._installation = installation
        self._topics: set[str] = set()
        self._act = Act(installation.bus)

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def org(self) -> Organisation:
        return self._installation.org

    @property
    def install(self) -> str:
        """The id of this installation, in every marker."""
        return self._installation.install

    @property
    def platforms(self) -> tuple[str, ...]:
        """The chat platforms that are configured, by name."""
        return self._installation.platforms

    @property
    def notices(self) -> Mapping[str, tuple[str, ...]]:
        """Which tasks leave a notice of the platform's own in the room; all do where it is not named."""
        return self._installation.notices

    @property
    def internal_url(self) -> str:
        """Where the console and our pages for people inside are, without a slash at its end."""
        return self._installation.internal_url

    @property
    def public_url(self) -> str:
        """Where customers find the status page, without a slash at its end."""
        return self._installation.public_url

    def setting(self, which: Setting[T]) -> T:
        """What is set, or the default."""
        return cast("T", self._installation.settings.get(which.name, which.default))

    @cached_property
    def redaction(self) -> SqlRedaction:
        return SqlRedaction(self._c)

    @cached_property
    def incidents(self) -> SqlIncidents:
        return SqlIncidents(self._c)

    @cached_property
    def timeline(self) -> SqlTimeline:
        return SqlTimeline(self._c)

    @cached_property
    def jobs(self) -> SqlJobs:
        return SqlJobs(self._c, self._now, self._inherited)

    def _inherited(self) -> Args:
        """What jobs of an act that follows from another carry on, so that what comes of them counts as deep."""
        depth = self._act.cause.depth
        return {CAUSE: self._act.id, DEPTH: depth} if depth else {}

    @cached_property
    def plans(self) -> SqlPlans:
        return SqlPlans(self._c)

    @cached_property
    def nudges(self) -> SqlNudges:
        return SqlNudges(self._c)

    @cached_property
    def rooms(self) -> SqlRooms:
        return SqlRooms(self._c)

    @cached_property
    def people(self) -> SqlPeople:
        return SqlPeople(self._c, self._installation.org)

    @cached_property
    def pages(self) -> SqlPages:
        return SqlPages(self._c, self._now)

    @cached_property
    def oncall(self) -> SqlOnCall:
        return SqlOnCall(self._c, self._now)

    @cached_property
    def tasks(self) -> SqlTasks:
        return SqlTasks(self._c)

    @cached_property
    def deliveries(self) -> SqlDeliveries:
        return SqlDeliveries(self._c, self._now)

    @cached_property
    def key_values(self) -> SqlKeyValues:
        return SqlKeyValues(self._c)

    @cached_property
    def logins(self) -> SqlLogins:
        return SqlLogins(self._c, self._now)

    @cached_property
    def status(self) -> SqlStatusPages:
        return SqlStatusPages(self._c)

    @cached_property
    def maintenances(self) -> SqlMaintenances:
        return SqlMaintenances(self._c)

    @cached_property
    def console(self) -> SqlConsole:
        return SqlConsole(self._c, self._now, self._topics)

    @cached_property
    def retention(self) -> SqlRetention:
        return SqlRetention(self._c)

    @cached_property
    def organisations(self) -> SqlOrganisations:
        return SqlOrganisations(self._c, self._now)

    @cached_property
    def files(self) -> SqlConsoleFiles:
        return SqlConsoleFiles(self._c, self._now)

    @cached_property
    def occurrences(self) -> SqlOccurrences:
        return SqlOccurrences(self._c)

    @property
    def act(self) -> ActId:
        """The id that everything has in common that this command, timer or result brings about."""
        return self._act.id

    def happened(self, *events: Event) -> None:
        """Record facts of this act. Who hears them inside has heard them when this returns, unless a handler is
        just recording them: then they come in their turn."""
        self._act.happened(self, events)

    def once(self, *what: object) -> bool:
        """Whether this is the first time in this act that ``what`` is asked about."""
        return self._act.once(*what)

    @contextmanager
    def acting(self, cause: Cause | None = None) -> Iterator[None]:
        """An act of its own, within this transaction: a timer's, or one that follows from another act."""
        outer, self._act = self._act, Act(self._installation.bus, cause or Cause())
        try:
            yield
            self._act.store(self)
        finally:
            self._act = outer
            # What was read of incidents may be undone with the act.
            self.__dict__.pop("incidents", None)

    def refusal(self, incident: Incident, status: Status) -> UserError | None:
        """Why the incident may not become that yet, and what to do first; or nothing."""
        return self._installation.bus.refusal(self, incident, status)

    def fill(self, slot: Slot[B], *about: Any) -> tuple[B, ...]:
        """What packages put into a slot."""
        return self._installation.bus.fill(self, slot, *about)

    def finish(self) -> None:
        """The work is done: what is heard of it afterwards is written down. Before the commit."""
        self._act.store(self)

    def savepoint(self) -> AbstractContextManager[object]:
        """Undo what happens inside when it raises, and only that."""
        return self._c.savepoint()

    def signal(self, topic: str) -> None:
        """Tell listeners of ``topic``, in every replica, once this transaction is committed."""
        self._topics.add(topic)

    def topics(self) -> set[str]:
        """What listeners are to be told once the transaction is committed."""
        jobs = self.__dict__.get("jobs")
        return self._topics | ({"jobs"} if jobs is not None and jobs.enqueued else set())

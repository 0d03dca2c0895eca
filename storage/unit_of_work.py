"""One transaction with its repositories, over one connection of either database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from bot.core.bus import Act, Bus
from bot.core.errors import UserError
from bot.core.events.base import ActId, Event
from bot.core.incident import Incident, Status
from bot.core.organisation import Organisation
from bot.core.ports.jobs import Args
from bot.core.ports.occurrences import CAUSE, DEPTH, Cause
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import Slot
from storage.console import SqlConsole
from storage.console_files import SqlConsoleFiles
from storage.deliveries import SqlDeliveries
from storage.direct import Executor
from storage.incidents import SqlIncidents
from storage.jobs import SqlJobs
from storage.key_values import SqlKeyValues
from storage.logins import SqlLogins
from storage.maintenances import SqlMaintenances
from storage.occurrences import SqlOccurrences
from storage.oncall import SqlOnCall
from storage.organisations import SqlOrganisations
from storage.pages import SqlPages
from storage.people import SqlPeople
from storage.plans import SqlNudges, SqlPlans
from storage.redaction import SqlRedaction
from storage.retention import SqlRetention
from storage.rooms import SqlRooms
from storage.status import SqlStatusPages
from storage.tasks import SqlTasks
from storage.timeline import SqlTimeline

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Installation:
    """What every transaction knows of where it runs, and who hears what happens in it."""

    org: Organisation
    install: str
    platforms: tuple[str, ...]
    internal_url: str = ""
    bus: Bus = field(default_factory=Bus)
    notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class SqlUnitOfWork:
    """Repositories are made when first asked for; ``topics`` is what to signal after the commit."""

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
        return self._installation.install

    @property
    def platforms(self) -> tuple[str, ...]:
        return self._installation.platforms

    @property
    def notices(self) -> Mapping[str, tuple[str, ...]]:
        return self._installation.notices

    @property
    def internal_url(self) -> str:
        return self._installation.internal_url

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
        return self._act.id

    def happened(self, *events: Event) -> None:
        self._act.happened(self, events)

    def once(self, *what: object) -> bool:
        return self._act.once(*what)

    @contextmanager
    def acting(self, cause: Cause | None = None) -> Iterator[None]:
        outer, self._act = self._act, Act(self._installation.bus, cause or Cause())
        try:
            yield
            self._act.store(self)
        finally:
            self._act = outer
            # What was read of incidents may be undone with the act.
            self.__dict__.pop("incidents", None)

    def refusal(self, incident: Incident, status: Status) -> UserError | None:
        return self._installation.bus.refusal(self, incident, status)

    def fill(self, slot: Slot[B], *about: Any) -> tuple[B, ...]:
        return self._installation.bus.fill(self, slot, *about)

    def finish(self) -> None:
        """The work is done: what is heard of it afterwards is written down. Before the commit."""
        self._act.store(self)

    def savepoint(self) -> AbstractContextManager[object]:
        return self._c.savepoint()

    def signal(self, topic: str) -> None:
        self._topics.add(topic)

    def topics(self) -> set[str]:
        """What listeners are to be told once the transaction is committed."""
        jobs = self.__dict__.get("jobs")
        return self._topics | ({"jobs"} if jobs is not None and jobs.enqueued else set())


def _conforms(uow: SqlUnitOfWork) -> UnitOfWork:
    return uow

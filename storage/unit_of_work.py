"""One transaction with its repositories, over one connection of either database."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.domain.organisation import Organisation
from bot.ports import UnitOfWork
from storage.console import SqlConsole
from storage.console_files import SqlConsoleFiles
from storage.deliveries import SqlDeliveries
from storage.direct import Runs
from storage.erasing import SqlErasure
from storage.forgetting import SqlForgetting
from storage.incidents import SqlIncidents
from storage.jobs import SqlJobs
from storage.kept import SqlKept
from storage.logins import SqlLogins
from storage.maintenances import SqlMaintenances
from storage.oncall import SqlOnCall
from storage.organisations import SqlOrganisations
from storage.pages import SqlPages
from storage.people import SqlPeople
from storage.plans import SqlNudges, SqlPlans
from storage.rooms import SqlRooms
from storage.status import SqlStatusPages
from storage.tasks import SqlTasks
from storage.timeline import SqlTimeline


@dataclass(frozen=True, slots=True)
class House:
    """What every transaction knows of where it runs."""

    org: Organisation
    install: str
    platforms: tuple[str, ...]
    internal_url: str = ""


class SqlUnitOfWork:
    """Repositories are made when first asked for; ``topics`` is what to signal after the commit."""

    def __init__(self, connection: Runs, now: datetime, house: House) -> None:
        self._c = connection
        self._now = now
        self._house = house
        self._topics: set[str] = set()

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def org(self) -> Organisation:
        return self._house.org

    @property
    def install(self) -> str:
        return self._house.install

    @property
    def platforms(self) -> tuple[str, ...]:
        return self._house.platforms

    @property
    def internal_url(self) -> str:
        return self._house.internal_url

    @cached_property
    def erasure(self) -> SqlErasure:
        return SqlErasure(self._c)

    @cached_property
    def incidents(self) -> SqlIncidents:
        return SqlIncidents(self._c)

    @cached_property
    def timeline(self) -> SqlTimeline:
        return SqlTimeline(self._c)

    @cached_property
    def jobs(self) -> SqlJobs:
        return SqlJobs(self._c, self._now)

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
        return SqlPeople(self._c, self._house.org)

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
    def kept(self) -> SqlKept:
        return SqlKept(self._c)

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
    def forgetting(self) -> SqlForgetting:
        return SqlForgetting(self._c)

    @cached_property
    def organisations(self) -> SqlOrganisations:
        return SqlOrganisations(self._c, self._now)

    @cached_property
    def files(self) -> SqlConsoleFiles:
        return SqlConsoleFiles(self._c, self._now)

    def savepoint(self) -> AbstractContextManager[object]:
        return self._c.piece()

    def signal(self, topic: str) -> None:
        self._topics.add(topic)

    def topics(self) -> set[str]:
        """What listeners are to be told once the transaction is committed."""
        jobs = self.__dict__.get("jobs")
        return self._topics | ({"jobs"} if jobs is not None and jobs.enqueued else set())


def _conforms(uow: SqlUnitOfWork) -> UnitOfWork:
    return uow

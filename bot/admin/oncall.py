"""On call for operators: what a page would do, without waking anyone; how duty is shared out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.admin.context import AdminContext
from bot.admin.request import Answer, Instant, Request, SeverityLabel
from bot.core.errors import Invalid
from bot.core.people import PersonId, ServiceId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.oncall import duties
from bot.oncall.engine.fairness import Load
from bot.paging.whatif import service as whatif
from bot.paging.whatif.service import StageKind

# The longest span that duty is counted over.
LONGEST = timedelta(days=731)


@dataclass(frozen=True, slots=True, kw_only=True)
class WokenPerson(Answer):
    """One message: ``local`` is what the person's own clock reads then."""

    person: PersonId
    name: str
    channel: str
    at: Instant
    local: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PagingStage(Answer):
    """One step of the policy, or the catch-all. ``passed_over`` says why it would not fire."""

    at: Instant
    targets: str
    direction: StageKind
    passed_over: str | None
    rooms: tuple[str, ...]
    woken: tuple[WokenPerson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldPageAnswer(Answer):
    """``text`` is the same for a terminal."""

    at: Instant
    stages: tuple[PagingStage, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldPage(Request[WouldPageAnswer]):
    """Whom paging ``service`` would wake, at ``at`` (now when None). Idempotent; nobody is woken.

    Raises ``Invalid`` for a service that is not in the organisation.
    """

    service: ServiceId
    severity: SeverityLabel | None = None
    at: Instant | None = None


async def would_page(context: AdminContext, request: WouldPage) -> WouldPageAnswer:
    def read(uow: UnitOfWork) -> WouldPageAnswer:
        if request.service not in uow.org.services:
            known = ", ".join(sorted(uow.org.services))
            raise Invalid(f"No service is called {request.service}. There are: {known}.")
        at = request.at or uow.now
        policy = whatif.policy_of(uow, request.service)
        found = whatif.whatif(uow, policy, request.severity, at)
        stages = tuple(_stage(each) for each in found)
        return WouldPageAnswer(at=at, stages=stages, text=whatif.as_text(found, at))

    return await context.memory.read(read)


def _stage(stage: whatif.Stage) -> PagingStage:
    return PagingStage(
        at=stage.at,
        targets=stage.targets,
        direction=stage.direction,
        passed_over=stage.why or None,
        rooms=stage.rooms,
        woken=tuple(_woken(each) for each in stage.woken),
    )


def _woken(woken: whatif.Woken) -> WokenPerson:
    return WokenPerson(
        person=woken.person,
        name=woken.name,
        channel=woken.channel,
        at=woken.at,
        local=woken.local,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyShare(Answer):
    """One person's time on call, in hours by their own clock; nights and weekends may overlap."""

    person: PersonId
    name: str
    hours: float
    nights: float
    weekends: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyShares(Answer):
    """By the schedule's name, within [from, until)."""

    from_: Instant
    until: Instant
    schedules: Mapping[str, tuple[DutyShare, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDutyShares(Request[DutyShares]):
    """Each person's hours on call by schedule (all when None), within [from, until): 60 days from now when
    None. Idempotent. Raises ``Invalid`` for a span that ends before it begins, or of more than two years.
    """

    schedule: str | None = None
    from_: Instant | None = None
    until: Instant | None = None


async def shared_out(context: AdminContext, request: GetDutyShares) -> DutyShares:
    def read(uow: UnitOfWork) -> DutyShares:
        start = request.from_ or uow.now
        end = request.until or start + duties.AHEAD
        if end <= start or end - start > LONGEST:
            raise Invalid("The end is after the beginning, and not more than two years.")
        found = duties.shared(uow, request.schedule, start, end)
        schedules = {
            each: tuple(_share(uow, one) for one in loads) for each, loads in found.items()
        }
        return DutyShares(from_=start, until=end, schedules=schedules)

    return await context.memory.read(read)


def _share(uow: UnitOfWork, load: Load) -> DutyShare:
    return DutyShare(
        person=load.person,
        name=uow.people.name(load.person),
        hours=_hours(load.whole),
        nights=_hours(load.nights),
        weekends=_hours(load.weekends),
    )


def _hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 2)

"""What a page would do, without waking anyone: whom, in which order, when, at what hour of theirs, by what.

Reads only, and asks the same functions that fire a page; nobody's turn in a round robin is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.escalation import Policy, Step, Target, step_at, wait_after
from bot.core.people import PersonId, ServiceId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.reaching import urgency_of
from bot.core.severity import Severity
from bot.core.times.wallclock import reading
from bot.messages.addresses import sends_to
from bot.paging.targets import reachable, reached, rooms_told


class StageKind(StrEnum):
    """What a stage adds: skill, authority, or whoever is left."""

    FUNCTIONAL = "functional"
    HIERARCHICAL = "hierarchical"
    CATCH_ALL = "catch-all"


@dataclass(frozen=True, slots=True)
class Woken:
    """One message: ``at`` in UTC, ``local`` what the person's own clock reads then."""

    person: PersonId
    name: str
    channel: str
    at: datetime
    local: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One step, or the catch-all. ``why`` says why it would be passed over; empty when it fires."""

    at: datetime
    targets: str
    direction: StageKind
    woken: tuple[Woken, ...]
    rooms: tuple[str, ...] = ()
    why: str = ""

    @property
    def heading(self) -> str:
        """Who is named; the catch-all says that it is that."""
        return (
            f"{self.targets} (catch-all)" if self.direction is StageKind.CATCH_ALL else self.targets
        )


def whatif(
    uow: UnitOfWork, policy: Policy, severity: Severity | None, at: datetime
) -> tuple[Stage, ...]:
    """The first round, and the catch-all after the last one. Deterministic for one state of memory."""
    found: list[Stage] = []
    now = at
    for level in range(policy.length):
        step = step_at(policy, level)
        if step is None:
            break
        stage = _stage(uow, policy, step, severity, now)
        if level < len(policy.steps):
            found.append(stage)
        if not stage.why:
            begins = min([woken.at for woken in stage.woken] or [now])
            now = begins + wait_after(policy, level)
    people = reachable(uow, uow.org.catch_all, now)
    targets = ", ".join(str(target) for target in uow.org.catch_all)
    woken = tuple(w for person in people for w in _woken(uow, person, severity, now))
    return (*found, Stage(now, targets, StageKind.CATCH_ALL, woken))


def _stage(
    uow: UnitOfWork, policy: Policy, step: Step, severity: Severity | None, at: datetime
) -> Stage:
    targets = ", ".join(str(target) for target in step.notify)
    if not step.concerns(severity):
        return Stage(at, targets, StageKind(step.direction), (), why="not for this severity")
    reach = reached(uow, policy, step, at)
    rooms = tuple(f"{platform}/{room}" for platform, room in rooms_told(uow, step))
    woken = tuple(w for person in reach.people for w in _woken(uow, person, severity, at))
    why = ""
    if not woken and not rooms:
        why = "outside their hours" if reach.outside_hours else "reaches nobody"
    return Stage(at, targets, StageKind(step.direction), woken, rooms, why)


def _woken(
    uow: UnitOfWork, person: PersonId, severity: Severity | None, at: datetime
) -> list[Woken]:
    known = uow.people.get(person)
    zone = ZoneInfo(known.timezone)
    return [
        Woken(person, known.name, send.channel, send.at, f"{reading(send.at, zone):%H:%M}")
        for send in sends_to(uow, person, urgency_of(severity), at)
    ]


def policy_of(uow: UnitOfWork, target: Target | ServiceId) -> Policy:
    """What paging this would follow: a service's own policy, or one step to whoever is named."""
    if isinstance(target, Target):
        return Policy("by hand", (Step((target,)),))
    return uow.org.policy_for((target,)) or Policy("catch-all", ())


def as_text(stages: tuple[Stage, ...], at: datetime) -> str:
    """What happens, for a terminal: minutes since the page, and each person's own clock."""
    lines: list[str] = []
    for stage in stages:
        lines.append(f"{_after(stage.at - at):>8}  {stage.heading}")
        if stage.why:
            lines.append(f"{'':>8}  skipped: {stage.why}")
        lines += [f"{'':>8}  {room}" for room in stage.rooms]
        lines += [
            f"{_after(w.at - at):>8}    {w.name}, {w.channel}, {w.local} their time"
            for w in stage.woken
        ]
    return "\n".join(lines)


def _after(length: timedelta) -> str:
    return f"+{int(length.total_seconds() // 60)} min"

"""Incidents lived at random over the real services: no verb leaves a half-state, and undo restores."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.core.errors import UserError
from bot.core.escalation import Page, PageState, Target, TargetKind
from bot.core.incident import MAIN_LINE, Incident, IncidentId, Mode, Role, Status, Visibility
from bot.core.people import SYSTEM, Actor, PersonId, Standing
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.severity import Severity
from bot.core.timeline import Entry, Kind, fold
from bot.incidents.closing_rules import WriteUp, standing_of
from bot.incidents.events import Description
from bot.incidents.lifecycle import closing, pauses, triage
from bot.incidents.lifecycle import service as incidents
from bot.incidents.lifecycle.visibility import make_private
from bot.incidents.notes import service as notes
from bot.incidents.recording.snapshots import UNDO
from bot.incidents.roles import service as roles
from bot.paging import answering
from bot.paging import service as paging
from bot.statuspage import service as public
from bot.tasks import service as tasks
from bot.timeline import undoing
from bot.updates.service import Update, post
from tests.world import World, make_world

T = TypeVar("T")
Verb = Callable[[UnitOfWork, Actor, IncidentId], object]


@dataclass
class Ground:
    """One real memory under all the lives; each begins incidents of its own."""

    runner: asyncio.Runner
    world: World
    making: AbstractAsyncContextManager[World]


_GROUND: list[Ground] = []


@pytest.fixture(scope="module", autouse=True)
def ground() -> Iterator[None]:
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory() as folder:
        making = make_world(Path(folder))
        _GROUND.append(Ground(runner, runner.run(making.__aenter__()), making))
        yield
        runner.run(making.__aexit__(None, None, None))
        _GROUND.clear()


ACTORS = [
    Actor(PersonId("bo"), "Bo Chen", "console"),
    Actor(PersonId("cy"), "Cy Okafor", "console"),
    Actor(PersonId("ana"), "Ana Lima", "console", standing=Standing.ADMIN),
]
actors = st.sampled_from(ACTORS)
statuses = st.sampled_from(Status)
severities = st.sampled_from(Severity)
minutes = st.integers(-180, 5)


@st.composite
def verbs(draw: st.DrawFn) -> Verb:
    status, severity, at = draw(statuses), draw(severities), draw(minutes)
    words = draw(st.sampled_from(["x", "why “so”", "  "]))
    person = draw(st.sampled_from([PersonId("bo"), PersonId("mia")]))
    optional = draw(st.sampled_from([None, status]))
    choices: list[Verb] = [
        lambda u, a, n: incidents.set_status(u, a, n, status, words),
        lambda u, a, n: incidents.set_status(u, a, n, Status.RESOLVED),
        lambda u, a, n: incidents.set_status(u, a, n, Status.INVESTIGATING, words),
        lambda u, a, n: incidents.set_status(u, a, n, Status.CANCELLED, words),
        lambda u, a, n: incidents.set_severity(u, a, n, severity),
        lambda u, a, n: incidents.set_major(u, a, n, major=True),
        lambda u, a, n: incidents.set_major(u, a, n, major=False),
        lambda u, a, n: incidents.describe(u, a, n, Description.TITLE, words),
        lambda u, a, n: incidents.describe(u, a, n, Description.IMPACT, words),
        lambda u, a, n: incidents.correct(u, a, n, status, u.now + timedelta(minutes=at)),
        lambda u, a, n: roles.set_role(u, a, n, Role.COMMANDER, person),
        lambda u, a, n: roles.hand_over(u, a, n, Role.SCRIBE, person),
        roles.join,
        roles.leave,
        triage.accept,
        lambda u, a, n: triage.decline(u, a, n, words),
        lambda u, a, n: pauses.pause_incident(u, a, n, words),
        pauses.resume_incident,
        lambda u, a, n: post(u, a, n, Update(words, optional, severity if at > -60 else None)),
        lambda u, a, n: notes.note(u, a, n, words, u.now + timedelta(minutes=at)),
        lambda u, a, n: tasks.add(u, a, n, words),
        lambda u, a, n: tasks.finish(u, a, n, 1),
        closing.confirm,
        lambda u, a, n: closing.write_up(u, a, n, WriteUp.DONE),
        lambda u, a, n: closing.write_up(u, a, n, WriteUp.SKIPPED, words),
        lambda u, a, n: public.publish(u, a, n, words),
        lambda u, a, n: paging.page_people(u, a, n, (Target(TargetKind.PERSON, "cy"),), words),
        answering.stop_page,
        undoing.undo,
    ]
    return draw(st.sampled_from(choices))


class Lives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.ground = _GROUND[0]
        self.mine: list[IncidentId] = []
        self.logs: dict[IncidentId, list[Entry]] = {}

    def write(self, work: Callable[[UnitOfWork], T]) -> T:
        return self.ground.runner.run(self.ground.world.memory.write(work))

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return self.ground.runner.run(self.ground.world.memory.read(work))

    def get(self, number: IncidentId) -> Incident:
        return self.read(lambda uow: uow.incidents.get(number, SYSTEM))

    def log(self, number: IncidentId) -> list[Entry]:
        return self.read(lambda uow: uow.timeline.of(number, SYSTEM))

    def everything(self) -> object:
        return [(self.get(n), self.log(n), self.pages(n)) for n in self.mine]

    def pages(self, number: IncidentId) -> list[Page]:
        return self.read(lambda uow: uow.pages.of(number))

    def attempt(self, work: Callable[[UnitOfWork], object]) -> bool:
        """Do it; a refusal has changed nothing."""
        before = self.everything()
        try:
            self.write(work)
        except UserError:
            assert self.everything() == before
            return False
        return True

    @initialize(
        triaged=st.booleans(),
        severity=st.sampled_from([None, *Severity]),
        mode=st.sampled_from([Mode.STANDARD, Mode.STANDARD, *Mode]),
    )
    def two_are_declared(self, *, triaged: bool, severity: Severity | None, mode: Mode) -> None:
        first = Status.TRIAGE if triaged else Status.INVESTIGATING
        for status in (first, Status.INVESTIGATING):
            wanted = incidents.Declare("x", severity, mode=mode, status=status)
            made = self.write(lambda uow, w=wanted: incidents.declare(uow, ACTORS[0], w))  # type: ignore[misc]
            self.mine.append(made.id)

    @rule(minutes=st.integers(0, 200))
    def time_passes(self, minutes: int) -> None:
        self.ground.world.clock.passes(minutes=minutes)

    @rule(actor=actors, verb=verbs(), which=st.integers(0, 1))
    def somebody_does_something(self, actor: Actor, verb: Verb, which: int) -> None:
        self.attempt(lambda uow: verb(uow, actor, self.mine[which]))

    @rule(actor=actors, which=st.integers(0, 1))
    def somebody_merges(self, actor: Actor, which: int) -> None:
        pair = self.mine[which], self.mine[1 - which]
        self.attempt(lambda uow: triage.merge(uow, actor, *pair))

    @rule(actor=actors)
    def somebody_makes_it_private(self, actor: Actor) -> None:
        self.attempt(lambda uow: make_private(uow, actor, self.mine[0]))

    @rule(actor=actors, verb=verbs(), which=st.integers(0, 1))
    def what_is_done_is_undone(self, actor: Actor, verb: Verb, which: int) -> None:
        number = self.mine[which]
        before, entries = self.get(number), len(self.log(number))
        if not self.attempt(lambda uow: verb(uow, actor, number)):
            return
        new = [e for e in self.log(number)[entries:] if e.author == actor.id]
        if not new or new[-1].kind is Kind.UNDONE or UNDO not in new[-1].data:
            return
        assert self.attempt(lambda uow: undoing.undo(uow, actor, number))
        after = self.get(number)
        assert replace(after, revision=0) == replace(before, revision=0)

    @invariant()
    def every_state_is_whole(self) -> None:
        for number in self.mine:
            incident, log = self.get(number), self.log(number)
            shown = fold(log)
            self.times_are_in_order(incident)
            assert (incident.status is Status.MERGED) == (incident.merged_into is not None)
            assert incident.next_update_at is None or incident.is_open
            assert incident.paused_at is None or incident.is_open
            assert incident.paused_at is None or incident.next_update_at is None
            moved = [e.data["to"] for e in shown if e.kind is Kind.STATUS]
            assert (
                not moved
                or max((e for e in shown if e.kind is Kind.STATUS), key=lambda e: e.id).data["to"]
                == incident.status
            )
            if incident.status is Status.CLOSED and incident.mode is Mode.STANDARD:
                assert standing_of(shown) is not WriteUp.DRAFT
                assert any(e.kind is Kind.CONFIRMED for e in shown)
            going = [p for p in self.pages(number) if p.state is PageState.TRIGGERED]
            assert incident.is_open or not going
            if incident.visibility is Visibility.PRIVATE:
                page = self.read(public.current)
                assert all(p.incident != number for p in (*page.active, *page.past))
            known = self.logs.get(number, [])
            assert log[: len(known)] == known, "the timeline is appended to, never changed"
            self.logs[number] = log

    def times_are_in_order(self, incident: Incident) -> None:
        times, now = incident.times, self.ground.world.clock.now()
        entered = [times[s] for s in MAIN_LINE if s in times]
        assert entered == sorted(entered)
        assert incident.status in times
        assert all(at <= now for at in times.values())
        if incident.status in MAIN_LINE:
            reached = MAIN_LINE[: MAIN_LINE.index(incident.status) + 1]
            assert all(status in times for status in reached)


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)

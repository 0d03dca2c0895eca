"""The policy table and the table of tasks agree."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.incident import Incident, IncidentId
from bot.core.people import BOT, PersonId
from bot.core.ports.jobs import Queue
from bot.incidents.events import Declared
from bot.incidents.plan import STEPS, TASK_OF_STEP
from bot.warrooms.reacting import REFRESH, Per, jobs_for
from bot.wiring.reactions import REACTIONS
from bot.wiring.tasks import all_tasks

TASKS = all_tasks()

TIMED = (Queue.TIMER, Queue.ALARM)
EVERY = (*(reaction for row in REACTIONS.values() for reaction in row), *REFRESH)


def test_every_task_that_the_policy_table_names_is_registered() -> None:
    for reaction in EVERY:
        timed = reaction.queue in TIMED
        known = TASKS.timers if timed else TASKS.effects
        assert reaction.task in known


def test_timers_never_sit_in_a_lane() -> None:
    assert all(not reaction.lane for reaction in EVERY if reaction.queue in TIMED)


def test_every_step_of_the_plan_has_its_task() -> None:
    assert set(STEPS) == set(TASK_OF_STEP)
    assert set(TASK_OF_STEP.values()) <= set(TASKS.effects)


def test_the_page_waits_for_nothing_that_the_room_needs() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    event = Declared(now, BOT, Incident(IncidentId(1), "x", PersonId("bo"), now))
    wanted = [r for r in REACTIONS[Declared] if r.when(event)]
    specs = jobs_for(wanted, IncidentId(1), ("slack", "console"), now, {})
    page = [s for s in specs if s.task == "page_on_call"]
    rooms = [s for s in specs if s.task == "open_room"]
    assert len(page) == 1
    assert page[0].lane is None
    assert [s.lane for s in rooms] == ["inc1:slack:room", "inc1:console:room"]


def test_each_effect_says_what_happens_when_its_answer_is_lost() -> None:
    assert all(effect.bias for effect in TASKS.effects.values())


def test_one_job_an_incident_or_one_a_platform() -> None:
    for reaction in EVERY:
        assert (reaction.per is Per.INCIDENT) == (reaction.queue in TIMED)

"""Work: tasks during the incident, follow-ups after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.chat.card import Need
from bot.core.chat.replies import done
from bot.core.chat.vocabulary import Reply
from bot.core.people import PersonId
from bot.core.times.when import Reading
from bot.language.call import Call
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Who
from bot.tasks.cards import tasks_card
from bot.tasks.model import Horizon, Task
from bot.tasks.service import add, finish


def _task(call: Call) -> Reply:
    length = call.given("for", timedelta)
    due = call.uow.now + length if length else None
    return _added(call, _add(call, due, Horizon.TASK))


def _followup(call: Call) -> Reply:
    return _added(call, _add(call, call.given("due", datetime), Horizon.FOLLOWUP))


def _add(call: Call, due: datetime | None, horizon: Horizon) -> Task:
    owner = call.given("owner", str)
    return add(
        call.uow,
        call.actor,
        call.number,
        call.needed("text", str),
        None if owner is None else PersonId(owner),
        due,
        horizon,
        call.given("priority", int),
    )


def _added(call: Call, task: Task) -> Reply:
    owner = f" for {call.uow.people.name(task.owner)}" if task.owner else ""
    kind = "Task" if task.horizon is Horizon.TASK else "Follow-up"
    return Reply(done(f"{kind} {task.number}{owner}: {task.text}"))


def _done(call: Call) -> Reply:
    task = finish(call.uow, call.actor, call.number, call.needed("number", int))
    return Reply(done(f"Done: {task.number} {task.text}"))


def _tasks(call: Call) -> Reply:
    incident = call.incident()
    names = {p.id: p.name for p in call.uow.people.all()}
    return Reply(tasks_card(incident, call.uow.tasks.of(incident.id), names))


COMMANDS = (
    Command(
        name="task",
        help="Add a task.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=('task "Fail over the database" @bo 30m',),
        args=(
            Arg("text", ArgKind.TEXT, Need.REQUIRED, help="What is to be done"),
            Arg("owner", ArgKind.PERSON, help="@who"),
            Arg("for", ArgKind.DURATION, help="Due in, such as 30m"),
        ),
        run=_task,
    ),
    Command(
        name="followup",
        help="Add a follow-up.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=('followup "Alert on disk space" @bo p2 due fri',),
        args=(
            Arg("text", ArgKind.TEXT, Need.REQUIRED, help="What is to be done"),
            Arg("owner", ArgKind.PERSON, help="@who"),
            Arg("priority", ArgKind.PRIORITY, help="p1 to p5"),
            Arg("due", ArgKind.TIME, after="due", reading=Reading.DUE, help="By when"),
        ),
        run=_followup,
    ),
    Command(
        name="done",
        help="Finish a task.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("done 3",),
        args=(Arg("number", ArgKind.NUMBER, Need.REQUIRED, help="The task's number"),),
        run=_done,
    ),
    Command(
        name="tasks",
        help="Tasks and follow-ups.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        native=Native.LISTED,
        examples=("tasks",),
        run=_tasks,
    ),
)

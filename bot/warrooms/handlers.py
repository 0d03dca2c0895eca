"""What war rooms do when their incident changes: rooms open, messages are posted, messages are withdrawn."""

from __future__ import annotations

from dataclasses import replace

from bot.core.bus import Handler, on
from bot.core.incident import Incident, IncidentId, Visibility
from bot.core.people import SYSTEM, Standing
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Kind, fold
from bot.incidents.events import (
    MergedInto,
    PersonLeft,
    RoleGiven,
    ServicesChanged,
    SeverityChanged,
    VisibilityChanged,
)
from bot.incidents.plan import plan_on
from bot.incidents.recording.amending import room_platforms
from bot.messages.addresses import planned
from bot.messages.keys import message_key
from bot.messages.service import first, may_know, say_in_rooms, whisper
from bot.messages.withdrawal import withdraw_message
from bot.warrooms.events import (
    MessagePosted,
    PeopleLeftOut,
    PersonStayed,
    RoomLost,
    RoomOpened,
    StepFailed,
)
from bot.warrooms.reacting import refresh_on, rooms


def widen(uow: UnitOfWork, event: SeverityChanged | ServicesChanged) -> None:
    """A change of severity or services may give the incident rooms on more platforms: they open. One
    that it would not have any more stays, with what was said there."""
    after = event.incident
    before = (
        replace(after, severity=event.before)
        if isinstance(event, SeverityChanged)
        else replace(after, services=event.before)
    )
    wanted = room_platforms(uow, after)
    if wanted == room_platforms(uow, before) or not after.is_open:
        return
    known = planned(uow, after.id)
    for platform in wanted:
        if platform not in known:
            uow.plans.write(plan_on(after, platform))
            _open(uow, after.id, platform)


def _open(uow: UnitOfWork, number: IncidentId, platform: str) -> None:
    args: dict[str, str | int] = {"incident": number, "platform": platform}
    lane = f"inc{number}:{platform}:room"
    uow.jobs.enqueue(JobSpec("open_room", Queue.ROOM, args, lane, incident=number))


def say_where_it_goes_on(uow: UnitOfWork, event: MergedInto) -> None:
    """The room of what was merged leads to the other one."""
    say_in_rooms(uow, event.incident.id, f"merged:{event.into}")


def hand_over(uow: UnitOfWork, event: RoleGiven) -> None:
    """Whoever is handed a role is told privately where things stand."""
    person = event.after
    if event.handed and person is not None and person != event.actor.id:
        args: dict[str, str | int] = {"role": event.role.value, "by": event.actor.name}
        whisper(uow, person, event.incident.id, "handover", args)


def close_to_who_left(uow: UnitOfWork, event: PersonLeft) -> None:
    """The console's room knows at once."""
    for room in uow.rooms.of(event.incident.id):
        if room.platform == "console":
            uow.console.dismiss(room.id, event.person)


def show_the_new_room(uow: UnitOfWork, event: RoomOpened) -> None:
    """What is posted from now on is read after this; what stands already is to show the new room."""
    number, platform = event.incident.id, event.room.platform
    again = uow.rooms.recall(message_key(number, platform, "announcement"))
    stale = tuple(name for name in rooms(uow, number) if again or name != platform)
    refresh_on(uow, number, stale)


def withdraw(uow: UnitOfWork, event: VisibilityChanged) -> None:
    """The announcement, and in rooms of what was merged into this the message that leads here."""
    number = event.incident.id
    for platform in uow.platforms:
        withdraw_message(uow, number, platform, message_key(number, platform, "announcement"))
    for entry in fold(uow.timeline.of(number, SYSTEM)):
        if entry.kind is Kind.MERGED and entry.data.get("source"):
            source = IncidentId(int(entry.data["source"]))
            for room in uow.rooms.of(source):
                key = message_key(source, room.platform, f"merged:{number}")
                withdraw_message(uow, source, room.platform, key)
            refresh_on(uow, source, None)


def withdraw_late(uow: UnitOfWork, event: MessagePosted) -> None:
    """It became private while its announcement was being posted."""
    incident = event.incident
    if event.what == "announcement" and incident.visibility is Visibility.PRIVATE:
        key = message_key(incident.id, event.platform, "announcement")
        withdraw_message(uow, incident.id, event.platform, key)


def tell_the_lead(
    uow: UnitOfWork, event: RoomLost | StepFailed | PeopleLeftOut | PersonStayed
) -> None:
    """A person is told what is wrong with the room; every admin, once, what only an admin can mend."""
    incident = event.incident
    what = "moved" if isinstance(event, RoomLost) else "trouble"
    whisper(uow, incident.lead or incident.reporter, incident.id, what, {"text": event.words})
    if isinstance(event, StepFailed) and event.for_admins:
        _tell_admins(uow, incident, event)


def _tell_admins(uow: UnitOfWork, incident: Incident, event: StepFailed) -> None:
    if not first(uow, incident.id, f"admin:{event.cause}"):
        return
    told = incident.lead or incident.reporter
    for person in uow.org.people.values():
        admin = person.standing is Standing.ADMIN and person.id != told
        if admin and may_know(uow, incident.id, person.id):
            whisper(uow, person.id, incident.id, "trouble", {"text": event.words})


HANDLERS: tuple[Handler, ...] = (
    on(SeverityChanged, ServicesChanged, run=widen),
    on(MergedInto, run=say_where_it_goes_on),
    on(RoleGiven, run=hand_over),
    on(PersonLeft, run=close_to_who_left),
    on(RoomOpened, run=show_the_new_room),
    on(VisibilityChanged, run=withdraw),
    on(MessagePosted, run=withdraw_late),
    on(RoomLost, StepFailed, PeopleLeftOut, PersonStayed, run=tell_the_lead),
)

"""The console's listener: frames of one browser to invocations and to the console's own messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.chat import Delivery, Invocation, MessageRef, Reply, Speaker
from bot.dispatch import Dispatcher
from bot.domain.errors import NotFound, UserError
from bot.domain.people import BOT, PersonId, Viewer
from bot.ports import ConsoleMessage, Memory, OutcomeUnknown, Unavailable, UnitOfWork
from handlers.chat.console.frames import Frame, message_frame, reply_frame, room_frame
from handlers.chat.console.gateway import NAME
from handlers.chat.console.hub import Connection, Hub

TEXT_LIMIT = 8000
PAGE = 100

Answer = Callable[["Listener", Connection, Frame], Awaitable[Frame | None]]


@dataclass(frozen=True, slots=True)
class Listener:
    """Shared by all browsers; every request is idempotent by the ``id`` that the browser made."""

    dispatcher: Dispatcher
    memory: Memory
    hub: Hub
    command: str
    reactions: Mapping[str, str]

    async def receive(self, connection: Connection, frame: Frame) -> None:
        """Answer one frame; what a person may not do is an ``error`` frame with the reason."""
        answer = ANSWERS.get(str(frame.get("t")))
        try:
            if answer is None:
                raise NotFound("This page is older than the bot. Reload it.")
            reply = await answer(self, connection, frame)
        except UserError as error:
            reply = {"t": "error", "id": frame.get("id"), "text": str(error)}
        except (Unavailable, OutcomeUnknown):
            words = "The database is away. It is tried again when you send it again."
            reply = {"t": "error", "id": frame.get("id"), "text": words}
        except (KeyError, TypeError, ValueError):
            reply = {"t": "error", "id": frame.get("id"), "text": "That request was malformed."}
        if reply is not None:
            connection.send(reply)

    def invocation(self, connection: Connection, frame: Frame, text: str) -> Invocation:
        group, _, rest = text.partition(" ")
        return Invocation(
            NAME,
            f"{NAME}:{connection.person}:{frame['id']}",
            Speaker(connection.person, connection.person),
            rest.strip() if group in self._groups() else text,
            str(frame.get("room", "")),
            self._groups().get(group, "incident"),
        )

    def _groups(self) -> dict[str, str]:
        named = f"/{self.command}"
        return {named: "incident", "/incident": "incident", "/inc": "incident", "/oncall": "oncall"}

    async def dispatch(self, connection: Connection, frame: Frame, call: Invocation) -> Frame:
        """The one door; a reply that comes after the first answer is a ``private`` frame."""
        room = call.room

        async def later(reply: Reply) -> None:
            self.hub.tell(connection.person, reply_frame("private", "", room, reply))

        reply = await self.dispatcher.handle(call, later)
        return reply_frame("reply", str(frame["id"]), room, reply)


async def _say(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    text = str(frame["text"])[:TEXT_LIMIT]
    if text.startswith("/") and text.split(maxsplit=1)[0] in door._groups():  # noqa: SLF001
        call = door.invocation(connection, frame, text)
        return await door.dispatch(connection, frame, call)
    message = await door.memory.write(lambda uow: _post(uow, connection, frame, text))
    await door.dispatcher.overheard(_about(door, connection, frame, message, Delivery.SAID))
    return {"t": "ack", "id": frame["id"], "message": message.id}


def _post(uow: UnitOfWork, connection: Connection, frame: Frame, text: str) -> ConsoleMessage:
    room = str(frame["room"])
    _inside(uow, connection, room)
    if not text.strip():
        raise UserError("An empty message was not sent.")
    marker = f"say:{connection.person}:{frame['id']}"
    return uow.console.post(room, connection.person, text, marker, str(frame.get("thread") or ""))


def _inside(uow: UnitOfWork, connection: Connection, room: str) -> None:
    if not uow.console.may_see(room, Viewer(connection.person)):
        raise NotFound("There is no such room, or you are not in it.")


def _about(
    door: Listener, connection: Connection, frame: Frame, message: ConsoleMessage, kind: Delivery
) -> Invocation:
    return replace(
        door.invocation(connection, frame, ""),
        kind=kind,
        room=message.room,
        source=MessageRef(NAME, message.room, message.id, f"/#{message.room}/{message.id}"),
        quoted=message.text,
        quoted_by=message.author,
        quoted_at=message.at,
    )


async def _press(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    call = door.invocation(connection, frame, str(frame["command"])[:TEXT_LIMIT])
    return await door.dispatch(connection, frame, replace(call, kind=Delivery.PRESS))


async def _submit(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    values = {str(k)[:40]: str(v)[:TEXT_LIMIT] for k, v in dict(frame["values"]).items()}
    call = door.invocation(connection, frame, str(frame["command"])[:TEXT_LIMIT])
    return await door.dispatch(
        connection, frame, replace(call, kind=Delivery.SUBMIT, values=values)
    )


async def _react(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    name = str(frame["name"])[:40]
    adding = frame.get("op") != "remove"
    message = await door.memory.write(
        lambda uow: _reacted(uow, connection, str(frame["message"]), name, adding=adding)
    )
    meaning = door.reactions.get(name)
    if meaning is None:
        return {"t": "ack", "id": frame["id"]}
    text = meaning if adding else f"un{meaning}"
    call = _about(door, connection, frame, message, Delivery.REACTION)
    return await door.dispatch(connection, frame, replace(call, text=text))


def _reacted(
    uow: UnitOfWork, connection: Connection, which: str, name: str, *, adding: bool
) -> ConsoleMessage:
    message = uow.console.message(which)
    _inside(uow, connection, message.room)
    people = tuple(who for who in message.reactions.get(name, ()) if who != connection.person)
    if adding:
        people = (*people, connection.person)
    reactions = {**message.reactions, name: people}
    return uow.console.change(replace(message, reactions={k: v for k, v in reactions.items() if v}))


async def _pin(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    adding = frame.get("op") != "remove"

    def change(uow: UnitOfWork) -> ConsoleMessage:
        message = uow.console.message(str(frame["message"]))
        _inside(uow, connection, message.room)
        return uow.console.change(replace(message, pinned="yes" if adding else ""))

    message = await door.memory.write(change)
    if message.card is not None or not message.text:
        return {"t": "ack", "id": frame["id"]}
    call = _about(door, connection, frame, message, Delivery.REACTION)
    text = "capture" if adding else "uncapture"
    return await door.dispatch(connection, frame, replace(call, text=text))


async def _edit(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    text = str(frame["text"])[:TEXT_LIMIT]
    message = await door.memory.write(
        lambda uow: uow.console.change(
            replace(_own(uow, connection, frame), text=text, edited="yes")
        )
    )
    await door.dispatcher.overheard(_about(door, connection, frame, message, Delivery.EDITED))
    return {"t": "ack", "id": frame["id"]}


async def _delete(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    message = await door.memory.write(
        lambda uow: uow.console.change(
            replace(_own(uow, connection, frame), text="", reactions={}, deleted="yes", pinned="")
        )
    )
    await door.dispatcher.overheard(_about(door, connection, frame, message, Delivery.DELETED))
    return {"t": "ack", "id": frame["id"]}


def _own(uow: UnitOfWork, connection: Connection, frame: Frame) -> ConsoleMessage:
    message = uow.console.message(str(frame["message"]))
    if message.author != connection.person:
        raise NotFound("Only its author can change a message.")
    return message


async def _history(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    room, limit = str(frame["room"]), min(int(frame.get("limit", 50)), PAGE)

    def read(uow: UnitOfWork) -> list[Frame]:
        _inside(uow, connection, room)
        found = uow.console.history(room, int(frame.get("before") or 0), limit)
        return _framed(uow, found)

    messages = await door.memory.read(read)
    more = len(messages) == limit
    return {"t": "history", "id": frame["id"], "room": room, "messages": messages, "more": more}


def _framed(uow: UnitOfWork, messages: list[ConsoleMessage]) -> list[Frame]:
    names = {m.author: uow.people.get(m.author).name for m in messages}
    return [message_frame(message, names) for message in messages]


async def _search(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    words = str(frame["text"])[:200]
    viewer = Viewer(connection.person)
    found = await door.memory.read(
        lambda uow: _framed(uow, uow.console.search(words, viewer, 50)) if words.strip() else []
    )
    return {"t": "found", "id": frame["id"], "messages": found}


async def _complete(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    text, cursor = str(frame["text"])[:TEXT_LIMIT], int(frame["cursor"])
    head, _, _ = text.partition(" ")
    groups = door._groups()  # noqa: SLF001
    if head not in groups:
        names = sorted(groups)
        items = [{"insert": f"{n} ", "label": n, "detail": ""} for n in names if n.startswith(text)]
        return {"t": "choices", "id": frame["id"], "from": 0, "to": cursor, "items": items}
    skip = len(head) + 1
    call = replace(door.invocation(connection, frame, head), text=text[skip:])
    found = await door.dispatcher.complete(call, max(0, cursor - skip))
    start = min((item.start for item in found), default=0) + skip
    end = max((item.end for item in found), default=0) + skip
    shown = [{"insert": i.insert, "label": i.label, "detail": i.detail} for i in found]
    return {"t": "choices", "id": frame["id"], "from": start, "to": end, "items": shown}


async def _read(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    room, seq = str(frame["room"]), int(frame["seq"])

    def mark(uow: UnitOfWork) -> None:
        _inside(uow, connection, room)
        uow.console.read_up_to(room, connection.person, seq)

    await door.memory.write(mark)
    return None


async def _open(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    other = PersonId(str(frame["person"])[:80])
    room = await door.memory.write(lambda uow: uow.console.direct(connection.person, other))
    return {"t": "ack", "id": frame["id"], "room": room.id}


async def _hello(door: Listener, connection: Connection, frame: Frame) -> Frame | None:
    """Everything at once: who is here, the rooms, and what was missed in those already known."""
    since = {str(k): int(v) for k, v in dict(frame.get("since") or {}).items()}
    welcome, missed = await door.memory.read(lambda uow: _greeting(door, uow, connection, since))
    connection.send(welcome)
    for message in missed:
        connection.send({"t": "message", "message": message})
    return {"t": "synced"}


def _greeting(
    door: Listener, uow: UnitOfWork, connection: Connection, since: Mapping[str, int]
) -> tuple[Frame, list[Frame]]:
    me = uow.people.get(connection.person)
    rooms = uow.console.rooms_for(Viewer(me.id))
    reads = uow.console.reads(me.id)
    missed: list[Frame] = []
    for room in rooms:
        connection.cursor[room.id] = room.changed
        if since.get(room.id, room.changed) < room.changed:
            missed += _framed(uow, uow.console.changes(room.id, since[room.id], 10_000))
    people = [{"id": p.id, "name": p.name} for p in (uow.people.get(BOT.id), *uow.people.all())]
    welcome: dict[str, Any] = {
        "t": "welcome",
        "me": {
            "id": me.id,
            "name": me.name,
            "timezone": me.timezone,
            "admin": me.standing == "admin",
        },
        "command": f"/{door.command}",
        "people": people,
        "rooms": [room_frame(room, me.id, reads.get(room.id, 0)) for room in rooms],
        "reactions": {meaning: name for name, meaning in door.reactions.items()},
    }
    return welcome, missed


ANSWERS: Mapping[str, Answer] = {
    "hello": _hello,
    "say": _say,
    "press": _press,
    "submit": _submit,
    "react": _react,
    "pin": _pin,
    "edit": _edit,
    "delete": _delete,
    "history": _history,
    "search": _search,
    "complete": _complete,
    "read": _read,
    "open": _open,
}

"""The console's listener: frames of one browser to invocations and to the console's own messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.chat.console import ConsoleMessage
from bot.core.chat.vocabulary import Delivery
from bot.core.errors import UserError
from bot.core.people import PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from handlers.chat.console import changes
from handlers.chat.console.adapter import TEXT_LIMIT, Adapter, Answer, about, framed, inside
from handlers.chat.console.frames import Frame
from handlers.chat.console.greeting import hello
from handlers.chat.console.hub import Connection
from handlers.chat.console.mentions import in_text

PAGE = 100
FOUND = 30
THREAD = 500
FILES = 10


async def _say(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    text = str(frame["text"])[:TEXT_LIMIT]
    if text.startswith("/") and text.split(maxsplit=1)[0] in adapter.groups():
        call = adapter.invocation(connection, frame, text)
        return await adapter.dispatch(connection, frame, call)
    message = await adapter.memory.write(lambda uow: _post(uow, connection, frame, text))
    await adapter.dispatcher.room_message(about(adapter, connection, frame, message, Delivery.SAID))
    return {"t": "ack", "id": frame["id"], "message": message.id}


def _post(uow: UnitOfWork, connection: Connection, frame: Frame, text: str) -> ConsoleMessage:
    room, me = str(frame["room"]), connection.person
    inside(uow, connection, room)
    marker = f"say:{me}:{frame['id']}"
    said = uow.console.marked(room, marker)
    if said is not None:
        return said
    wanted = [str(file)[:40] for file in list(frame.get("files") or ())[:FILES]]
    if not text.strip() and not wanted:
        raise UserError("An empty message was not sent.")
    files = uow.files.claim(wanted, room, me) if wanted else ()
    message = uow.console.post(room, me, text, marker, str(frame.get("thread") or ""), files)
    if "@" in text:
        uow.console.mention(message, in_text(text, uow.people.all()))
    return message


async def _press(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    call = adapter.invocation(connection, frame, str(frame["command"])[:TEXT_LIMIT])
    return await adapter.dispatch(connection, frame, replace(call, kind=Delivery.PRESS))


async def _submit(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    values = {str(k)[:40]: str(v)[:TEXT_LIMIT] for k, v in dict(frame["values"]).items()}
    call = adapter.invocation(connection, frame, str(frame["command"])[:TEXT_LIMIT])
    return await adapter.dispatch(
        connection, frame, replace(call, kind=Delivery.SUBMIT, values=values)
    )


async def _history(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    room, limit = str(frame["room"]), min(int(frame.get("limit", 50)), PAGE)

    def read(uow: UnitOfWork) -> list[Frame]:
        inside(uow, connection, room)
        found = uow.console.history(room, int(frame.get("before") or 0), limit)
        return framed(uow, found)

    messages = await adapter.memory.read(read)
    more = len(messages) == limit
    return {"t": "history", "id": frame["id"], "room": room, "messages": messages, "more": more}


async def _search(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    """Newest first; ``before`` is the time of the last one that is shown already."""
    words, room = str(frame["text"])[:200], str(frame.get("room") or "")
    before = datetime.fromisoformat(str(frame["before"])) if frame.get("before") else None
    viewer = Viewer(connection.person)

    def read(uow: UnitOfWork) -> list[Frame]:
        return framed(uow, uow.console.search(words, viewer, FOUND, room, before))

    found = await adapter.memory.read(read) if words.strip() else []
    return {"t": "found", "id": frame["id"], "messages": found, "more": len(found) == FOUND}


async def _thread(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    room, parent = str(frame["room"]), str(frame["parent"])

    def read(uow: UnitOfWork) -> list[Frame]:
        inside(uow, connection, room)
        found = uow.console.thread(parent, THREAD)
        return framed(uow, [message for message in found if message.room == room])

    messages = await adapter.memory.read(read)
    return {"t": "found", "id": frame["id"], "messages": messages}


async def _pins(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    room = str(frame["room"])

    def read(uow: UnitOfWork) -> list[Frame]:
        inside(uow, connection, room)
        return framed(uow, uow.console.pinned(room, PAGE))

    return {"t": "found", "id": frame["id"], "messages": await adapter.memory.read(read)}


async def _complete(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    text, cursor = str(frame["text"])[:TEXT_LIMIT], int(frame["cursor"])
    head, _, _ = text.partition(" ")
    groups = adapter.groups()
    if head not in groups:
        names = sorted(groups)
        items = [{"insert": f"{n} ", "label": n, "detail": ""} for n in names if n.startswith(text)]
        return {"t": "choices", "id": frame["id"], "from": 0, "to": cursor, "items": items}
    skip = len(head) + 1
    call = replace(adapter.invocation(connection, frame, head), text=text[skip:])
    found = await adapter.dispatcher.complete(call, max(0, cursor - skip))
    start = min((item.start for item in found), default=0) + skip
    end = max((item.end for item in found), default=0) + skip
    shown = [{"insert": i.insert, "label": i.label, "detail": i.detail} for i in found]
    return {"t": "choices", "id": frame["id"], "from": start, "to": end, "items": shown}


async def _read(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    room, seq = str(frame["room"]), int(frame["seq"])

    def mark(uow: UnitOfWork) -> None:
        inside(uow, connection, room)
        uow.console.read_up_to(room, connection.person, seq)

    await adapter.memory.write(mark)
    return None


async def _open(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    other = PersonId(str(frame["person"])[:80])
    room = await adapter.memory.write(lambda uow: uow.console.direct(connection.person, other))
    return {"t": "ack", "id": frame["id"], "room": room.id}


ANSWERS: Mapping[str, Answer] = {
    "hello": hello,
    "say": _say,
    "press": _press,
    "submit": _submit,
    "react": changes.react,
    "pin": changes.pin,
    "edit": changes.edit,
    "delete": changes.delete,
    "history": _history,
    "search": _search,
    "thread": _thread,
    "pins": _pins,
    "complete": _complete,
    "read": _read,
    "open": _open,
}

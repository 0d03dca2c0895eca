"""Changes that people make to messages: reactions, pins, edits, deletions; and what these mean."""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat.console import ConsoleMessage
from bot.core.chat.vocabulary import Delivery
from bot.core.errors import NotFound
from bot.core.ports.unit_of_work import UnitOfWork
from handlers.chat.console.adapter import TEXT_LIMIT, Adapter, about, inside
from handlers.chat.console.frames import Frame
from handlers.chat.console.hub import Connection
from handlers.chat.console.mentions import in_text


async def react(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    name = str(frame["name"])[:40]
    adding = frame.get("op") != "remove"
    message = await adapter.memory.write(
        lambda uow: _reacted(uow, connection, str(frame["message"]), name, adding=adding)
    )
    meaning = adapter.reactions.get(name)
    if meaning is None:
        return {"t": "ack", "id": frame["id"]}
    text = meaning if adding else f"un{meaning}"
    call = about(adapter, connection, frame, message, Delivery.REACTION)
    return await adapter.dispatch(connection, frame, replace(call, text=text))


def _reacted(
    uow: UnitOfWork, connection: Connection, which: str, name: str, *, adding: bool
) -> ConsoleMessage:
    message = uow.console.message(which)
    inside(uow, connection, message.room)
    people = tuple(who for who in message.reactions.get(name, ()) if who != connection.person)
    if adding:
        people = (*people, connection.person)
    reactions = {**message.reactions, name: people}
    return uow.console.change(replace(message, reactions={k: v for k, v in reactions.items() if v}))


async def pin(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    adding = frame.get("op") != "remove"

    def change(uow: UnitOfWork) -> ConsoleMessage:
        message = uow.console.message(str(frame["message"]))
        inside(uow, connection, message.room)
        return uow.console.change(replace(message, pinned=adding))

    message = await adapter.memory.write(change)
    if message.card is not None or not (message.text or message.files):
        return {"t": "ack", "id": frame["id"]}
    call = about(adapter, connection, frame, message, Delivery.REACTION)
    text = "capture" if adding else "uncapture"
    return await adapter.dispatch(connection, frame, replace(call, text=text))


async def edit(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    text = str(frame["text"])[:TEXT_LIMIT]

    def change(uow: UnitOfWork) -> ConsoleMessage:
        own = _own(uow, connection, frame)
        changed = uow.console.change(replace(own, text=text, edited=True))
        uow.console.mention(changed, in_text(text, uow.people.all()))
        return changed

    message = await adapter.memory.write(change)
    await adapter.dispatcher.room_message(
        about(adapter, connection, frame, message, Delivery.EDITED)
    )
    return {"t": "ack", "id": frame["id"]}


async def delete(adapter: Adapter, connection: Connection, frame: Frame) -> Frame | None:
    """What was said is gone, and the files that came with it."""

    def change(uow: UnitOfWork) -> ConsoleMessage:
        own = _own(uow, connection, frame)
        uow.console.mention(own, ())
        uow.files.forget(file.id for file in own.files)
        gone = replace(own, text="", reactions={}, deleted=True, pinned=False, files=())
        return uow.console.change(gone)

    message = await adapter.memory.write(change)
    await adapter.dispatcher.room_message(
        about(adapter, connection, frame, message, Delivery.DELETED)
    )
    return {"t": "ack", "id": frame["id"]}


def _own(uow: UnitOfWork, connection: Connection, frame: Frame) -> ConsoleMessage:
    message = uow.console.message(str(frame["message"]))
    if message.author != connection.person:
        raise NotFound("Only its author can change a message. Ask them.")
    return message

"""What every request of a browser shares: how it becomes an invocation, and who may do it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from bot.core.chat.console import ConsoleMessage
from bot.core.chat.vocabulary import Delivery, Group, Invocation, MessageRef, Reply, Speaker
from bot.core.errors import NotFound, UserError
from bot.core.people import Viewer
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.language.dispatch import Dispatcher
from handlers.chat.console.frames import Frame, message_frame, reply_frame
from handlers.chat.console.gateway import NAME
from handlers.chat.console.hub import Connection, Hub

TEXT_LIMIT = 8000

Answer = Callable[["Adapter", Connection, Frame], Awaitable[Frame | None]]


@dataclass(frozen=True, slots=True)
class Adapter:
    """Shared by all browsers; every request is idempotent by the ``id`` that the browser made."""

    dispatcher: Dispatcher
    memory: Memory
    hub: Hub
    command: str
    reactions: Mapping[str, str]
    answers: Mapping[str, Answer]
    base: str = ""

    async def receive(self, connection: Connection, frame: Frame) -> None:
        """Answer one frame; what a person may not do is an ``error`` frame with the reason."""
        answer = self.answers.get(str(frame.get("t")))
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
            rest.strip() if group in self.groups() else text,
            str(frame.get("room", "")),
            self.groups().get(group, Group.INCIDENT),
        )

    def groups(self) -> dict[str, Group]:
        named = f"/{self.command}"
        incident = dict.fromkeys((named, "/incident", "/inc"), Group.INCIDENT)
        return {**incident, "/oncall": Group.ONCALL}

    async def dispatch(self, connection: Connection, frame: Frame, call: Invocation) -> Frame:
        """Into dispatch; a reply that comes after the first answer is a ``private`` frame."""
        room = call.room

        async def later(reply: Reply) -> None:
            self.hub.tell(connection.person, reply_frame("private", "", room, reply))

        reply = await self.dispatcher.handle(call, later)
        return reply_frame("reply", str(frame["id"]), room, reply)


def inside(uow: UnitOfWork, connection: Connection, room: str) -> None:
    if not uow.console.may_see(room, Viewer(connection.person)):
        raise NotFound("There is no such room, or you are not in it.")


def framed(uow: UnitOfWork, messages: list[ConsoleMessage]) -> list[Frame]:
    names = {m.author: uow.people.name(m.author) for m in messages}
    return [message_frame(message, names) for message in messages]


def about(
    adapter: Adapter, connection: Connection, frame: Frame, message: ConsoleMessage, kind: Delivery
) -> Invocation:
    return replace(
        adapter.invocation(connection, frame, ""),
        kind=kind,
        room=message.room,
        source=MessageRef(NAME, message.room, message.id, f"/#{message.room}/{message.id}"),
        quoted=_with_files(adapter.base, message),
        quoted_by=message.author,
        quoted_at=message.at,
    )


def _with_files(base: str, message: ConsoleMessage) -> str:
    """What was said, and where the files are that came with it."""
    links = [f"{base}/files/{file.id}/{quote(file.name)}" for file in message.files]
    return "\n".join([*([message.text] if message.text else []), *links])

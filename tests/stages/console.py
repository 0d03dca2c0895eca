"""The console as a stage: what people do goes through the dispatcher, rooms are read from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core.chat.card import Card, Form, Need
from bot.core.chat.console import ConsoleMessage
from bot.core.chat.vocabulary import Delivery, Group, Invocation, MessageRef, Reply, Speaker
from bot.core.organisation import Organisation
from bot.core.people import BOT, PersonId, Viewer
from bot.core.ports.platforms import ChatPlatform, PlatformContext
from bot.core.ports.unit_of_work import UnitOfWork
from handlers.chat.console.gateway import ConsoleGateway, announcements
from tests.seen import NOTHING, Asked, Press, Question, Seen, Shown
from tests.stages import Backstage, Stage
from tests.words import card_buttons, card_mentions, words

NAME = "console"


@dataclass
class ConsoleStage:
    name: str = NAME
    told: list[tuple[PersonId, Seen]] = field(default_factory=list)
    _backstage: Backstage | None = None

    @property
    def backstage(self) -> Backstage:
        assert self._backstage is not None
        return self._backstage

    def organisation(self, org: Organisation) -> Organisation:
        return org

    def platform(self, context: PlatformContext) -> ChatPlatform:
        return ConsoleGateway(context.memory, context.internal_url)

    async def begin(self, backstage: Backstage) -> None:
        self._backstage = backstage

    async def end(self) -> None:
        return None

    # --- what people do ---

    async def command(self, who: PersonId, text: str, room: str, delivery: str) -> Seen:
        group, _, rest = text.removeprefix("/").partition(" ")
        call = Invocation(NAME, delivery, Speaker(who, who), rest, room)
        return await self._handle(
            replace(call, group=Group.ONCALL if group == "oncall" else Group.INCIDENT)
        )

    async def press(self, who: PersonId, button: Press, on: Seen, delivery: str) -> Seen:
        command, room = button.handle, on.handle.room if on.handle is not None else ""
        call = Invocation(NAME, delivery, Speaker(who, who), command, room, kind=Delivery.PRESS)
        return await self._handle(call)

    async def fill(
        self, who: PersonId, form: Asked, answers: Mapping[str, str], delivery: str
    ) -> Seen:
        command, room = form.handle
        call = Invocation(NAME, delivery, Speaker(who, who), command, room, kind=Delivery.SUBMIT)
        return await self._handle(replace(call, values=answers))

    async def write(self, who: PersonId, text: str, room: str) -> Seen:
        message = await self.backstage.memory.write(lambda uow: uow.console.post(room, who, text))
        await self._overheard(message, Delivery.SAID)
        return _seen(message)

    async def rewrite(self, message: Seen, text: str) -> None:
        old: ConsoleMessage = message.handle.message
        changed = replace(old, text=text, deleted=not text)
        await self.backstage.memory.write(lambda uow: uow.console.change(changed))
        await self._overheard(changed, Delivery.EDITED if text else Delivery.DELETED)

    async def react(self, who: PersonId, meaning: str, message: Seen, delivery: str) -> Seen:
        call = Invocation(NAME, delivery, Speaker(who, who), meaning)
        return await self._handle(_about(call, message.handle.message, Delivery.REACTION))

    async def _handle(self, call: Invocation) -> Seen:
        async def later(reply: Reply) -> None:
            self.told.append((PersonId(call.speaker.id), _answer(reply, call.room)))

        return _answer(await self.backstage.dispatcher.handle(call, later), call.room)

    async def _overheard(self, message: ConsoleMessage, kind: Delivery) -> None:
        call = Invocation(NAME, "", Speaker(message.author, message.author), "")
        await self.backstage.dispatcher.room_message(_about(call, message, kind))

    # --- what there is to see ---

    async def room(self, room: str) -> Shown:
        def read(uow: UnitOfWork) -> Shown:
            found = uow.console.room(room)
            history = uow.console.history(room, 0, 100)
            return Shown(found.name, found.topic, tuple(_seen(message) for message in history))

        return await self.backstage.memory.read(read)

    async def reads(self, who: PersonId, room: str) -> bool:
        return await self.backstage.memory.read(lambda uow: uow.console.may_see(room, Viewer(who)))

    async def announcements(self) -> Shown:
        room = await self.backstage.memory.write(announcements)
        return await self.room(room.id)

    async def direct(self, who: PersonId) -> Shown:
        room = await self.backstage.memory.write(lambda uow: uow.console.direct(who, BOT.id))
        return await self.room(room.id)


@dataclass(frozen=True)
class _At:
    """Where something stands; ``message`` is none for a private answer."""

    room: str
    message: ConsoleMessage | None = None


def _seen(message: ConsoleMessage) -> Seen:
    shown = _card(message.card) if message.card else Seen(message.text, bot=False)
    return replace(
        shown,
        bot=message.author == BOT.id,
        pinned=message.pinned,
        at=message.at,
        handle=_At(message.room, message),
    )


def _card(card: Card) -> Seen:
    pressed = tuple(Press(button.label, button.command) for button in card_buttons(card))
    return Seen(words(card), pressed, frozenset(map(PersonId, card_mentions(card))))


def _answer(reply: Reply, room: str) -> Seen:
    shown = _card(reply.card) if reply.card else NOTHING
    form = _form(reply.form, room) if reply.form else None
    return replace(shown, form=form, handle=_At(room))


def _form(form: Form, room: str) -> Asked:
    questions = tuple(
        Question(
            i.name, i.label, i.value, tuple(o.value for o in i.options), i.need is Need.REQUIRED
        )
        for i in form.inputs
    )
    return Asked(form.title, questions, (form.command, room))


def _about(call: Invocation, message: ConsoleMessage, kind: Delivery) -> Invocation:
    return replace(
        call,
        kind=kind,
        room=message.room,
        source=MessageRef(NAME, message.room, message.id),
        quoted=message.text,
        quoted_by=message.author,
        quoted_at=message.at,
    )


def stage() -> Stage:
    return ConsoleStage()

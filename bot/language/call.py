"""What a command's ``run`` is given: the transaction, who asks, where, and what was read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from bot.core.chat.vocabulary import Delivery, Group, Invocation
from bot.core.incident import Incident, IncidentId
from bot.core.people import Actor
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.outcomes import Remark
from bot.language.reading.grammar import CommandTable
from bot.language.spec import INCIDENT, Command, Values, given, needed

V = TypeVar("V")

# Before a command that its speaker was asked about and is sure of.
CONFIRMED = "yes, "


_ONCALL = "/oncall "


def grouped(call: Invocation) -> Invocation:
    """What we composed ourselves, a button or a form, may name the other command: ``/oncall next``."""
    sure = CONFIRMED if call.text.startswith(CONFIRMED) else ""
    rest = call.text.removeprefix(CONFIRMED)
    if call.kind not in (Delivery.PRESS, Delivery.SUBMIT) or not rest.startswith(_ONCALL):
        return call
    return replace(call, group=Group.ONCALL, text=sure + rest.removeprefix(_ONCALL))


class Writes(Exception):
    """What was read turns out to write."""


class AnsweredOutside(Exception):
    """What was read is answered outside of the transaction, by what is called ``name``."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Call:
    """One command about to run, inside its transaction. ``table`` has all that can be typed; None: Tocsin's own."""

    uow: UnitOfWork
    actor: Actor
    command: Command
    values: Values
    invocation: Invocation
    here: IncidentId | None = None
    remarks: tuple[Remark, ...] = ()
    table: CommandTable | None = None

    @property
    def sure(self) -> bool:
        """Whether the speaker was asked about this and said yes."""
        return self.invocation.text.startswith(CONFIRMED)

    @property
    def number(self) -> IncidentId:
        """The incident meant: named, or the room's."""
        return IncidentId(needed(self.values, INCIDENT, int))

    def incident(self) -> Incident:
        """As the actor may see it. Raises ``NotFound``."""
        return self.uow.incidents.get(self.number, self.actor.viewer)

    def now_is(self, what: str, value: str) -> str:
        """``Status: monitoring``; outside of the incident's room with its number, ``INC-2 status: monitoring``."""
        if self.here == self.number:
            return f"{what.capitalize()}: {value}"
        return f"INC-{self.number} {what}: {value}"

    def given(self, name: str, kind: type[V]) -> V | None:
        return given(self.values, name, kind)

    def needed(self, name: str, kind: type[V]) -> V:
        return needed(self.values, name, kind)

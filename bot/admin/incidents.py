"""Incidents for operators: say anything that chat understands, declare, list, show."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from bot.admin.context import PLATFORM, AdminContext, Refusal
from bot.admin.request import Answer, Instant, PersonalRequest, SeverityLabel
from bot.core.chat.plain import card_text, form_text
from bot.core.chat.replies import pending
from bot.core.chat.vocabulary import TICKED, Group, Invocation, Reply
from bot.core.errors import Invalid
from bot.core.incident import Filter, Incident, IncidentId, Mode, Role, Status, Visibility
from bot.core.people import SYSTEM, PersonId, ServiceId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.cards import room_card
from bot.incidents.plan import PlanStep
from bot.incidents.reads import shown
from bot.language.dispatch import PROMPT, TIMEOUT

# The most incidents of one answer.
MOST = 500
# What a reply to a declare begins with (bot.incidents.cards.headline).
_REFERENCE = re.compile(r"INC-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Answer):
    """``done`` is whether it was carried out: a question back, a form or a refusal is an answer too."""

    done: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(PersonalRequest[Said]):
    """One command of the chat grammar; ``text`` is what follows /incident, or /oncall by ``group``.

    Idempotent by ``delivery``: the same one again is answered as before. Empty is a new one. Raises ``Invalid``
    for an ``as_`` that names nobody.
    """

    text: str
    group: Group = Group.INCIDENT
    delivery: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow(Answer):
    """``reference`` is such as INC-42, ``declared_at`` UTC."""

    reference: str
    title: str
    status: Status
    severity: SeverityLabel | None
    services: tuple[ServiceId, ...]
    mode: Mode
    visibility: Visibility
    declared_at: Instant
    roles: Mapping[Role, PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(IncidentRow):
    """``text`` is the reply as chat would have it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare(PersonalRequest[Declared]):
    """Open an incident. ``title`` counts as it stands; ``lead`` is a person's key.

    Idempotent by ``delivery``, as ``Say``. Raises ``Invalid`` without a title, and ``Refusal`` with the reply when
    nothing was recorded.
    """

    title: str
    severity: SeverityLabel | None = None
    services: tuple[ServiceId, ...] = ()
    lead: str = ""
    private: bool = False
    test: bool = False
    delivery: str = ""


class Selection(StrEnum):
    """Which incidents are listed. MINE are those that whoever asks is a member of."""

    OPEN = "open"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRows(Answer):
    """Newest first."""

    incidents: tuple[IncidentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListIncidents(PersonalRequest[IncidentRows]):
    """``words`` searches; at most ``limit`` rows, of which 1 to 500 count. Idempotent.

    Raises ``Invalid`` for an ``as_`` that names nobody.
    """

    selection: Selection = Selection.OPEN
    words: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLink(Answer):
    platform: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetail(IncidentRow):
    """``text`` is what the room's card says, in words."""

    rooms: tuple[RoomLink, ...]
    plan: tuple[PlanStep, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowIncident(PersonalRequest[IncidentDetail]):
    """One incident: its card, its rooms, its plan. Idempotent.

    Raises ``NotFound``, also for one that whoever asks may not see.
    """

    incident: IncidentId


async def say(context: AdminContext, request: Say) -> Said:
    reply, delivery = await _dispatched(context, request, request.text, {})
    done = await context.memory.read(lambda uow: uow.deliveries.get(delivery))
    return Said(done=done is not None, text=_worded(reply))


async def declare(context: AdminContext, request: Declare) -> Declared:
    if not request.title.strip():
        raise Invalid("An incident needs a title: tocsin declare <what is wrong>")
    reply, delivery = await _dispatched(context, request, "declare", _values(request))
    done = await context.memory.read(lambda uow: uow.deliveries.get(delivery))
    named = _REFERENCE.match(reply.card.title) if reply.card else None
    if done is None or named is None:
        raise Refusal(_worded(reply))
    made = IncidentId(int(named[1]))
    found = _row(await context.memory.read(lambda uow: uow.incidents.get(made, SYSTEM)))
    return Declared(**_fields(found), text=_worded(reply))


def _values(request: Declare) -> dict[str, str]:
    """The answers of the form that declares in chat."""
    values = {
        "title": request.title,
        "severity": request.severity.label.lower() if request.severity else "",
        "services": " ".join(request.services),
        "lead": request.lead,
    }
    flags = {"private": request.private, "test": request.test}
    return values | {name: TICKED for name, wanted in flags.items() if wanted}


async def _dispatched(
    context: AdminContext, request: Say | Declare, said: str, values: Mapping[str, str]
) -> tuple[Reply, str]:
    """Through the dispatcher, as every chat platform. A slow database's second answer is waited for."""
    await context.memory.read(lambda uow: context.actor(uow, request.as_))
    delivery = request.delivery or f"{PLATFORM}:{secrets.token_hex(8)}"
    group = request.group if isinstance(request, Say) else Group.INCIDENT
    speaker = context.speaker(request.as_)
    call = Invocation(PLATFORM, delivery, speaker, said, group=group, values=values)
    told: list[Reply] = []
    came = asyncio.Event()

    async def later(reply: Reply) -> None:
        told.append(reply)
        came.set()

    reply = await context.dispatcher.handle(call, later)
    if reply.card == pending():
        await context.clock.wait(came, context.clock.now() + TIMEOUT + PROMPT + PROMPT)
        reply = told[-1] if told else reply
    return reply, delivery


def _worded(reply: Reply) -> str:
    parts = [
        card_text(reply.card) if reply.card else "",
        form_text(reply.form) if reply.form else "",
    ]
    return "\n".join(part for part in parts if part)


async def listed(context: AdminContext, request: ListIncidents) -> IncidentRows:
    def read(uow: UnitOfWork) -> IncidentRows:
        actor = context.actor(uow, request.as_)
        wanted = Filter(
            open_only=request.selection is Selection.OPEN,
            member=actor.id if request.selection is Selection.MINE else None,
            words=request.words,
            limit=max(1, min(MOST, request.limit)),
        )
        found = uow.incidents.find(wanted, actor.viewer)
        return IncidentRows(incidents=tuple(_row(each) for each in found))

    return await context.memory.read(read)


def _row(incident: Incident) -> IncidentRow:
    return IncidentRow(
        reference=incident.reference,
        title=incident.title,
        status=incident.status,
        severity=incident.severity,
        services=incident.services,
        mode=incident.mode,
        visibility=incident.visibility,
        declared_at=incident.declared_at,
        roles=incident.roles,
    )


def _fields(row: IncidentRow) -> dict[str, Any]:
    """For an answer that is a row and more."""
    return {each.name: getattr(row, each.name) for each in fields(row)}


async def show(context: AdminContext, request: ShowIncident) -> IncidentDetail:
    def read(uow: UnitOfWork) -> IncidentDetail:
        facts = shown(uow, request.incident, context.actor(uow, request.as_).viewer)
        return IncidentDetail(
            **_fields(_row(facts.incident)),
            rooms=tuple(
                RoomLink(platform=each.platform, name=each.name, url=each.url)
                for each in facts.rooms
            ),
            plan=tuple(uow.plans.of(request.incident)),
            text=card_text(room_card(facts)),
        )

    return await context.memory.read(read)

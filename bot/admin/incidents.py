"""Incidents at the command line: say anything that chat understands, declare, list, show, export."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from typing import Any

from bot.admin.desk import DOOR, Answer, Args, Office, Refusal, number, text
from bot.core.chat.plain import card_text, form_text
from bot.core.chat.replies import pending
from bot.core.chat.vocabulary import Invocation, Reply
from bot.core.errors import Invalid
from bot.core.incident import Filter, Incident, IncidentId
from bot.core.people import SYSTEM, PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.cards import room_card
from bot.incidents.reads import shown
from bot.language.dispatch import PATIENCE, PROMPT
from bot.postmortems.record_view import (
    plain,
    record_data,
    record_html,
    record_json,
    record_markdown,
)
from bot.postmortems.records import record_of

_MOST = 500
# What a reply to a declare begins with (bot.incidents.cards.headline).
_REFERENCE = re.compile(r"INC-(\d+)")


async def about(office: Office, args: Args) -> Answer:
    """Who answers: the process, its version, its addresses."""
    return dict(office.about)


async def say(office: Office, args: Args) -> Answer:
    """One command of the chat grammar. A question back, a form or a refusal is an answer too."""
    reply, delivery = await _dispatched(office, args, text(args, "text"), {})
    done = await office.memory.read(lambda uow: uow.deliveries.get(delivery))
    return {"done": done is not None, "text": _worded(reply)}


async def declare(office: Office, args: Args) -> Answer:
    """``title`` as it stands, ``severity`` 1 to 5, ``services``, ``lead``, ``private``, ``test``.

    Raises ``Refusal`` with the reply when nothing was recorded.
    """
    values = {name: text(args, name) for name in ("title", "severity", "services", "lead")}
    values |= {name: "yes" for name in ("private", "test") if args.get(name)}
    if not values["title"].strip():
        raise Invalid("An incident needs a title: tocsin declare <what is wrong>")
    reply, delivery = await _dispatched(office, args, "declare", values)
    done = await office.memory.read(lambda uow: uow.deliveries.get(delivery))
    named = _REFERENCE.match(reply.card.title) if reply.card else None
    if done is None or named is None:
        raise Refusal(_worded(reply))
    made = IncidentId(int(named[1]))
    found = await office.memory.read(lambda uow: uow.incidents.get(made, SYSTEM))
    return {**_row(found), "text": _worded(reply)}


async def _dispatched(
    office: Office, args: Args, said: str, values: Mapping[str, str]
) -> tuple[Reply, str]:
    """Through the one chat door. A slow database's second answer is waited for."""
    await office.memory.read(lambda uow: office.actor(uow, args))
    delivery = text(args, "delivery") or f"{DOOR}:{secrets.token_hex(8)}"
    group = text(args, "group") or "incident"
    call = Invocation(DOOR, delivery, office.speaker(args), said, group=group, values=values)
    told: list[Reply] = []
    came = asyncio.Event()

    async def later(reply: Reply) -> None:
        told.append(reply)
        came.set()

    reply = await office.dispatcher.handle(call, later)
    if reply.card == pending():
        await office.clock.wait(came, office.clock.now() + PATIENCE + PROMPT + PROMPT)
        reply = told[-1] if told else reply
    return reply, delivery


def _worded(reply: Reply) -> str:
    parts = [
        card_text(reply.card) if reply.card else "",
        form_text(reply.form) if reply.form else "",
    ]
    return "\n".join(part for part in parts if part)


async def listed(office: Office, args: Args) -> Answer:
    """``which`` is open, mine or all; ``words`` searches; at most ``limit`` rows, newest first."""
    which, words = text(args, "which") or "open", text(args, "words")
    limit = max(1, min(_MOST, int(args.get("limit", 50))))

    def read(uow: UnitOfWork) -> list[Answer]:
        actor = office.actor(uow, args)
        wanted = Filter(
            open_only="yes" if which == "open" else "",
            member=actor.id if which == "mine" else None,
            words=words,
            limit=limit,
        )
        return [_row(found) for found in uow.incidents.find(wanted, actor.viewer)]

    return {"incidents": await office.memory.read(read)}


def _row(incident: Incident) -> Answer:
    return {
        "reference": incident.reference,
        "title": incident.title,
        "status": incident.status.value,
        "severity": incident.severity.label if incident.severity else None,
        "services": list(incident.services),
        "mode": incident.mode.value,
        "visibility": incident.visibility.value,
        "declared_at": incident.declared_at.isoformat(),
        "roles": {role.value: person for role, person in incident.roles.items()},
    }


async def show(office: Office, args: Args) -> Answer:
    """What the room's card says, in words and as values."""
    wanted = number(args)

    def read(uow: UnitOfWork) -> Answer:
        viewer = office.actor(uow, args).viewer
        facts = shown(uow, wanted, viewer)
        rooms = [{"platform": r.platform, "name": r.name, "url": r.url} for r in facts.rooms]
        row = {**_row(facts.incident), "rooms": rooms, "plan": _plan(uow, wanted)}
        return {**row, "text": card_text(room_card(facts))}

    return await office.memory.read(read)


def _plan(uow: UnitOfWork, wanted: IncidentId) -> list[Any]:
    found: list[Any] = plain(uow.plans.of(wanted))
    return found


_WRITERS = {"md": record_markdown, "html": record_html, "json": record_json}


async def record(office: Office, args: Args) -> Answer:
    """The whole record. ``format`` is json, md or html; ``everything`` reads private ones as well."""
    wanted, writer = number(args), _WRITERS.get(text(args, "format") or "json")
    if writer is None:
        raise Invalid(f"An export is written as {', '.join(_WRITERS)}.")

    def read(uow: UnitOfWork) -> Answer:
        found = record_of(uow, wanted, _reader(office, uow, args))
        return {"reference": found.incident.reference, "text": writer(found)}

    return await office.memory.read(read)


async def references(office: Office, args: Args) -> Answer:
    """The number of every incident that the reader may see, oldest first."""

    def read(uow: UnitOfWork) -> list[int]:
        viewer, found, before = _reader(office, uow, args), [], None
        while page := uow.incidents.find(Filter(before=before, limit=_MOST), viewer):
            found += [incident.id for incident in page]
            before = page[-1].id
        return sorted(found)

    return {"incidents": await office.memory.read(read)}


def _reader(office: Office, uow: UnitOfWork, args: Args) -> Viewer:
    """Who reads an export. The operator reads what is public, unless private ones are asked for by name."""
    actor = office.actor(uow, args)
    whole = args.get("everything") and PersonId(actor.id) not in uow.org.people
    return SYSTEM if whole else actor.viewer


async def progress(office: Office, args: Args) -> Answer:
    """How far an incident's plan is, its pages, and what it has told so far."""
    wanted = number(args)

    def read(uow: UnitOfWork) -> Answer:
        viewer = office.actor(uow, args).viewer
        data = record_data(record_of(uow, wanted, viewer))
        return {
            name: data[name] for name in ("incident", "plan", "pages", "rooms", "names", "timeline")
        }

    return await office.memory.read(read)

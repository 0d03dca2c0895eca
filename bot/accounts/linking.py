"""One person on several platforms: a code that is shown on one and typed on another makes one of two."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.errors import Invalid, NotAllowed
from bot.core.events.people import PeopleLinked
from bot.core.people import Actor, Person, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork

LIVES = timedelta(minutes=10)
# Without letters and digits that are read for one another.
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Link:
    """Who asked for the code, where, and whom it would be joined with."""

    platform: str
    asked: Person
    here: Person


def new_code(uow: UnitOfWork, actor: Actor) -> str:
    """A code for the actor to type on another platform. Not idempotent: each lives ten minutes."""
    may(actor, Action.JOIN)
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    until = uow.now + LIVES
    said = {"person": actor.id, "platform": actor.platform, "until": until.isoformat()}
    uow.key_values.put(_key(code), json.dumps(said), until)
    return f"{code[:4]}-{code[4:]}"


def offered_link(uow: UnitOfWork, actor: Actor, typed: str) -> Link:
    """What a code would join. Raises ``Invalid`` for one that is not there or is one's own."""
    may(actor, Action.JOIN)
    found = json.loads(uow.key_values.get(_key(typed)) or "{}")
    if not found or uow.now > datetime.fromisoformat(found["until"]):
        raise Invalid(
            "That code is not known, or is older than ten minutes. /incident identity makes one."
        )
    if found["person"] == actor.id:
        raise Invalid("You are one person here already. Type the code on the other platform.")
    asked = uow.people.get(PersonId(found["person"]))
    return Link(found["platform"], asked, uow.people.get(actor.id))


def link(uow: UnitOfWork, actor: Actor, typed: str) -> Person:
    """Make one of two; the code is spent. Returns who they are from now on.

    Whoever is in the organisation file stays; two of it are two, and an administrator says otherwise there.
    """
    may(actor, Action.JOIN)
    found = offered_link(uow, actor, typed)
    ours = [person for person in (found.asked, found.here) if person.id in uow.org.people]
    if len(ours) > 1:
        raise NotAllowed(
            f"The organisation file has both {ours[0].name} and {ours[1].name}. An administrator joins them there."
        )
    stays = ours[0] if ours else found.asked
    goes = found.here if stays.id == found.asked.id else found.asked
    uow.people.meet(Person(stays.id, stays.name, stays.timezone, stays.email))
    uow.people.merge_people(goes.id, stays.id)
    uow.happened(PeopleLinked(uow.now, actor, stays.id, goes.id))
    uow.key_values.put(_key(typed), "", uow.now)
    return uow.people.get(stays.id)


def _key(code: str) -> str:
    return f"identity:{code.upper().replace('-', '').strip()[:20]}"

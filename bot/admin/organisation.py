"""The organisation file at the command line: what would change, and making it so without a restart."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from bot.admin.desk import Answer, Args, Office, Refusal, text
from bot.core.errors import Invalid
from bot.core.events.base import Word
from bot.core.events.people import OrganisationApplied
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.oncall.schedules import in_force
from bot.organisation.difference import (
    Absent,
    Change,
    DutyChange,
    GapChange,
    absent,
    differences,
    duty_changes,
    gap_changes,
)

# What is signalled, in every replica, when another organisation counts.
TOPIC = "organisation"
AHEAD = timedelta(days=60)
_MOST = 200


def digest_of(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


async def diff(office: Office, args: Args) -> Answer:
    """What ``text`` would change: things, and for the next 60 days (UTC) who is on call differently, where
    nobody would be, and who leaves and would be; with what was changed in chat, which stays."""
    new = office.read_org(text(args, "text"), text(args, "name"))

    def read(uow: UnitOfWork) -> Answer:
        was, will = in_force(uow, uow.org), in_force(uow, new)
        until = uow.now + AHEAD
        duty = duty_changes(was, will, uow.now, until)
        known = uow.organisations.current()
        return {
            "changes": [_change(each) for each in differences(uow.org, new)],
            "on_call": [_duty(each) for each in duty[:_MOST]],
            "more_on_call": max(0, len(duty) - _MOST),
            "gaps": [_hours(each) for each in gap_changes(was, will, uow.now, until)[:_MOST]],
            "left": [
                {**_hours(each), "person": each.person}
                for each in absent(was, will, uow.now, until)[:_MOST]
            ],
            "applied_at": known.at.isoformat() if known else None,
            "applied_by": known.by if known else None,
        }

    return await office.memory.read(read)


def _change(change: Change) -> Answer:
    return {
        "what": change.noun,
        "name": change.name,
        "how": change.how,
        "fields": list(change.fields),
    }


def _duty(duty: DutyChange) -> Answer:
    return {**_hours(duty), "before": list(duty.before), "after": list(duty.after)}


def _hours(change: DutyChange | GapChange | Absent) -> Answer:
    return {
        "schedule": change.schedule,
        "from": change.start.isoformat(),
        "until": change.end.isoformat(),
    }


async def apply(office: Office, args: Args) -> Answer:
    """Make ``text`` the organisation, in every replica, between two transactions. Idempotent."""
    words = text(args, "text")
    new = office.read_org(words, text(args, "name"))

    def write(uow: UnitOfWork) -> str:
        actor = office.actor(uow, args)
        may(actor, Action.CONFIGURE)
        if uow.org.sample:
            raise Refusal(
                "TOCSIN_ORG is not set, so Tocsin runs on its sample. Set it to the file and restart."
            )
        if not words.strip():
            raise Invalid("The organisation file is empty.")
        known = uow.organisations.current()
        if known is None or known.digest != digest_of(words):
            uow.organisations.apply(words, digest_of(words), actor.id)
            uow.happened(OrganisationApplied(uow.now, actor, Word(digest_of(words))))
            uow.signal(TOPIC)
            return "yes"
        return ""

    changed = await office.memory.write(write)
    office.adopt(new)
    return {"applied": bool(changed), "digest": digest_of(words)}

"""The organisation file for operators: what would change, and making it so without a restart."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from bot.admin.context import AdminContext, Refusal
from bot.admin.request import Answer, Instant, PersonalRequest, Request
from bot.core.errors import Invalid
from bot.core.events.base import Word
from bot.core.events.people import OrganisationApplied
from bot.core.organisation import Organisation
from bot.core.people import PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.oncall.schedules import in_force
from bot.organisation.difference import (
    Absent,
    Change,
    DutyChange,
    GapChange,
    How,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedThing(Answer):
    """One thing that differs; ``fields`` are those that do."""

    what: str
    name: str
    how: How
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyHours(Answer):
    """Of one schedule, [from, until) in UTC."""

    schedule: str
    from_: Instant
    until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDuty(DutyHours):
    """Who is on call now and then, sorted; empty where nobody is."""

    before: tuple[PersonId, ...]
    after: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverDuty(DutyHours):
    """Somebody who leaves would still be on call, by what was changed in chat."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationDiff(Answer):
    """``on_call``, ``gaps`` and ``left`` hold at most 200 each; ``more_on_call`` counts the rest of the first.
    ``applied_at`` and ``applied_by`` are of the organisation that counts now; None for one never applied.
    """

    changes: tuple[ChangedThing, ...]
    on_call: tuple[ChangedDuty, ...]
    more_on_call: int
    gaps: tuple[DutyHours, ...]
    left: tuple[LeaverDuty, ...]
    applied_at: Instant | None
    applied_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOrganisation(Request[OrganisationDiff]):
    """What the file ``text`` (called ``name`` in mistakes) would change: things, and for the next 60 days who is
    on call differently, where nobody would be, and who leaves and would be; with what was changed in chat,
    which stays. Idempotent. Raises ``OrgError`` with the line of a mistake.
    """

    text: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied(Answer):
    """``applied`` is false when it was the applied one already; ``digest`` is the text's SHA-256."""

    applied: bool
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOrganisation(PersonalRequest[Applied]):
    """Make the file ``text`` the organisation, in every replica, between two transactions. Idempotent.

    Raises ``NotAllowed``, ``OrgError`` with the line of a mistake, ``Invalid`` for an empty file, and ``Refusal``
    where Tocsin runs on its sample.
    """

    text: str
    name: str


async def diff(context: AdminContext, request: DiffOrganisation) -> OrganisationDiff:
    new = context.read_org(request.text, request.name)
    return await context.memory.read(lambda uow: _diff(uow, new))


def _diff(uow: UnitOfWork, new: Organisation) -> OrganisationDiff:
    was, will = in_force(uow, uow.org), in_force(uow, new)
    start, end = uow.now, uow.now + AHEAD
    duty = duty_changes(was, will, start, end)
    known = uow.organisations.current()
    return OrganisationDiff(
        changes=tuple(_change(each) for each in differences(uow.org, new)),
        on_call=tuple(_duty(each) for each in duty[:_MOST]),
        more_on_call=max(0, len(duty) - _MOST),
        gaps=tuple(_gap(each) for each in gap_changes(was, will, start, end)[:_MOST]),
        left=tuple(_leaver(each) for each in absent(was, will, start, end)[:_MOST]),
        applied_at=known.at if known else None,
        applied_by=known.by if known else None,
    )


def _change(change: Change) -> ChangedThing:
    return ChangedThing(what=change.noun, name=change.name, how=change.how, fields=change.fields)


def _duty(duty: DutyChange) -> ChangedDuty:
    return ChangedDuty(
        schedule=duty.schedule,
        from_=duty.start,
        until=duty.end,
        before=duty.before,
        after=duty.after,
    )


def _gap(gap: GapChange) -> DutyHours:
    return DutyHours(schedule=gap.schedule, from_=gap.start, until=gap.end)


def _leaver(absence: Absent) -> LeaverDuty:
    return LeaverDuty(
        schedule=absence.schedule, from_=absence.start, until=absence.end, person=absence.person
    )


async def apply(context: AdminContext, request: ApplyOrganisation) -> Applied:
    new = context.read_org(request.text, request.name)
    digest = digest_of(request.text)

    def write(uow: UnitOfWork) -> bool:
        actor = context.actor(uow, request.as_)
        may(actor, Action.CONFIGURE)
        if uow.org.sample:
            raise Refusal(
                "TOCSIN_ORG is not set, so Tocsin runs on its sample. Set it to the file and restart."
            )
        if not request.text.strip():
            raise Invalid("The organisation file is empty.")
        known = uow.organisations.current()
        if known is not None and known.digest == digest:
            return False
        uow.organisations.apply(request.text, digest, actor.id)
        uow.happened(OrganisationApplied(uow.now, actor, Word(digest)))
        uow.signal(TOPIC)
        return True

    changed = await context.memory.write(write)
    context.adopt(new)
    return Applied(applied=changed, digest=digest)

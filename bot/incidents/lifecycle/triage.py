"""Triage: what was reported is accepted, declined, or merged into what is being worked on already."""

from __future__ import annotations

from dataclasses import replace

from bot.core.errors import IllegalMove, Invalid
from bot.core.incident import OPEN, Incident, IncidentId, Membership, Status, Visibility
from bot.core.people import Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import TookOver, Way
from bot.incidents.lifecycle.service import allowed, set_status
from bot.incidents.recording.amending import amend
from bot.incidents.roles.service import add_people


def accept(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """It is an incident. Raises ``IllegalMove`` for what is not in triage."""
    _in_triage(uow, actor, number)
    return set_status(uow, actor, number, Status.INVESTIGATING)


def decline(uow: UnitOfWork, actor: Actor, number: IncidentId, why: str) -> Incident:
    """It is none, and ``why``. Raises ``IllegalMove`` for what is not in triage."""
    _in_triage(uow, actor, number)
    if not why.strip():
        raise Invalid('Say why: /incident decline "what it was"')
    return set_status(uow, actor, number, Status.DECLINED, why)


def _in_triage(uow: UnitOfWork, actor: Actor, number: IncidentId) -> None:
    may(actor, Action.TRIAGE)
    incident = uow.incidents.lock(number, actor.viewer)
    if incident.status is not Status.TRIAGE:
        words = f"{incident.reference} is not in triage (status: {incident.status})."
        hint = " /incident cancel takes it back." if incident.is_open else ""
        raise IllegalMove(words + hint)


def merge(uow: UnitOfWork, actor: Actor, number: IncidentId, into: IncidentId) -> Incident:
    """Work goes on in ``into``. Nobody sees more than before: a reference stands only where all who
    read it may see what it names, and nobody becomes a member of a private incident by this.

    Rows are locked in the order of their numbers, so that two merges cannot wait for each other.
    """
    may(actor, Action.TRIAGE)
    if number == into:
        raise Invalid(
            "An incident cannot be merged into itself. Name another: /incident merge INC-41"
        )
    both = {n: uow.incidents.lock(n, actor.viewer) for n in sorted((number, into))}
    source, target = both[number], both[into]
    if target.status not in OPEN:
        raise IllegalMove(
            f"{target.reference} is not open (status: {target.status}); merge into an open one."
        )
    after = replace(allowed(uow, source, Status.MERGED), merged_into=into)
    saved = amend(uow, actor, source, after)
    _take_over(uow, actor, source, target)
    return saved


def _take_over(uow: UnitOfWork, actor: Actor, source: Incident, target: Incident) -> None:
    """The target's timeline names the source and shows what people wrote there, and its room gets the
    source's people. Of a private source it says nothing."""
    if source.visibility is Visibility.PRIVATE:
        return
    uow.happened(TookOver(uow.now, actor, target, source.id))
    if target.visibility is Visibility.PUBLIC:
        members = uow.incidents.members(source.id).items()
        people = tuple(who for who, how in members if how is not Membership.LEFT)
        add_people(uow, actor, target, people, Membership.INVITED, Way.MERGE)

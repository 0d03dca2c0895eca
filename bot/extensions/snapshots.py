"""What a plug-in is shown: read in one transaction, and nothing of a private incident unless it is named for that."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.errors import NotAllowed
from bot.domain.incident import Incident, IncidentId, Visibility
from bot.domain.people import SYSTEM, Actor, PersonId
from bot.domain.timeline import fold
from bot.plugin import Plugin, Snapshot
from bot.ports import Occurrence, UnitOfWork


def may_read(uow: UnitOfWork, plugin: str, incident: Incident) -> bool:
    """Whether the organisation lets a plug-in know of the incident."""
    return incident.visibility is Visibility.PUBLIC or plugin in uow.org.private_plugins


def for_command(
    uow: UnitOfWork, plugin: str, actor: Actor, number: IncidentId | None, words: str
) -> Snapshot:
    """What a verb is given. Raises ``NotFound`` as for any command, ``NotAllowed`` in a private incident."""
    incident = None if number is None else uow.incidents.get(number, actor.viewer)
    if incident is not None and not may_read(uow, plugin, incident):
        raise NotAllowed(
            f"The plug-in {plugin} may not read private incidents. An admin names it in the organisation file."
        )
    return _snapshot(uow, actor.id, incident, (), words)


def for_act(
    uow: UnitOfWork, plugin: Plugin, rows: Sequence[Occurrence], names: frozenset[str]
) -> list[Snapshot]:
    """One for each incident of the act that the plug-in may know, and one for what is about none."""
    heard = [row for row in rows if row.name in names]
    made = []
    for number in dict.fromkeys(row.incident for row in heard):
        incident = None if number is None else uow.incidents.get(number, SYSTEM)
        if incident is None or may_read(uow, plugin.name, incident):
            events = tuple(row for row in heard if row.incident == number)
            made.append(_snapshot(uow, events[0].actor, incident, events, ""))
    return made


def _snapshot(
    uow: UnitOfWork,
    actor: PersonId,
    incident: Incident | None,
    events: Sequence[Occurrence],
    words: str,
) -> Snapshot:
    timeline = () if incident is None else tuple(fold(uow.timeline.of(incident.id, SYSTEM)))
    # A copy: what a plug-in does to it stays with the plug-in.
    services = dict(uow.org.services)
    return Snapshot(uow.now, uow.org.name, services, actor, incident, timeline, events, words)

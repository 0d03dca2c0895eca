"""The public status page: what customers may see of incidents, and the sentence on top.

Nothing internal stands here: no reference, no person, no room; a publication has a title, texts and
components that were written for the public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.incident import IncidentId, Status
from bot.core.organisation import Component
from bot.core.severity import Severity
from bot.statuspage.maintenance import Maintenance, Phase

HISTORY = timedelta(days=14)


class ComponentStatus(StrEnum):
    """As Statuspage's API names them, from good to bad."""

    OPERATIONAL = "operational"
    MAINTENANCE = "under_maintenance"
    DEGRADED = "degraded_performance"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"


class PublicStatus(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Impact(StrEnum):
    """Statuspage's word for how bad a publication is."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    """``body`` is plain text for customers; ``at`` is UTC."""

    id: str
    status: PublicStatus
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """One incident as the public sees it. ``id`` is 12 characters of a-z0-9, unrelated to INC-42."""

    id: str
    incident: IncidentId
    title: str
    components: Mapping[str, ComponentStatus]
    created_at: datetime
    updates: tuple[PublicUpdate, ...] = ()
    resolved_at: datetime | None = None

    @property
    def status(self) -> PublicStatus:
        return self.updates[-1].status if self.updates else PublicStatus.INVESTIGATING

    @property
    def updated_at(self) -> datetime:
        return self.updates[-1].at if self.updates else self.created_at

    @property
    def impact(self) -> Impact:
        return impact(self.components.values())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the page shows at one moment."""

    name: str
    at: datetime
    components: tuple[tuple[Component, ComponentStatus], ...]
    active: tuple[Publication, ...] = ()
    past: tuple[Publication, ...] = ()
    under_way: tuple[Maintenance, ...] = ()
    upcoming: tuple[Maintenance, ...] = ()
    ended: tuple[Maintenance, ...] = ()
    groups: Mapping[str, tuple[tuple[Component, ComponentStatus], ...]] = field(
        default_factory=dict
    )


_IMPACT = {
    ComponentStatus.MAJOR: Impact.CRITICAL,
    ComponentStatus.PARTIAL: Impact.MAJOR,
    ComponentStatus.DEGRADED: Impact.MINOR,
    ComponentStatus.MAINTENANCE: Impact.MAINTENANCE,
}
_SENTENCES = {
    Impact.NONE: "All systems operational",
    Impact.MINOR: "Some systems are slower than usual",
    Impact.MAJOR: "Part of our service is down",
    Impact.CRITICAL: "A major outage is under way",
    Impact.MAINTENANCE: "Planned maintenance is under way",
}
_ORDER = list(ComponentStatus)


def worst(statuses: Iterable[ComponentStatus]) -> ComponentStatus:
    return max(statuses, key=_ORDER.index, default=ComponentStatus.OPERATIONAL)


def impact(statuses: Iterable[ComponentStatus]) -> Impact:
    return _IMPACT.get(worst(statuses), Impact.NONE)


def overall(snapshot: Snapshot) -> tuple[Impact, str]:
    """The indicator and the sentence on top; an open publication without components is minor."""
    found = impact(status for _, status in snapshot.components)
    if found in (Impact.NONE, Impact.MAINTENANCE) and snapshot.active:
        return Impact.MINOR, "We are looking into a problem"
    if found is Impact.NONE and snapshot.under_way:
        found = Impact.MAINTENANCE
    return found, _SENTENCES[found]


def component_status(severity: Severity | None) -> ComponentStatus:
    """What a severity means for a component, until somebody says otherwise."""
    match severity:
        case Severity.SEV1:
            return ComponentStatus.MAJOR
        case Severity.SEV2:
            return ComponentStatus.PARTIAL
        case _:
            return ComponentStatus.DEGRADED


def public_status(status: Status) -> PublicStatus:
    """The status that customers are told."""
    match status:
        case Status.IDENTIFIED:
            return PublicStatus.IDENTIFIED
        case Status.MONITORING:
            return PublicStatus.MONITORING
        case Status.RESOLVED | Status.CLOSED:
            return PublicStatus.RESOLVED
        case _:
            return PublicStatus.INVESTIGATING


_PROPOSALS = {
    PublicStatus.INVESTIGATING: "We are investigating a problem with {what}.",
    PublicStatus.IDENTIFIED: "We know what is wrong with {what} and are working on it.",
    PublicStatus.MONITORING: "A fix is in place for {what}. We are watching it.",
    PublicStatus.RESOLVED: "The problem with {what} is resolved.",
}


def proposal(status: PublicStatus, names: Iterable[str]) -> str:
    """A text made of the status and the components' public names alone."""
    listed = [*names]
    what = " and ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else ""
    return _PROPOSALS[status].format(what=what or (listed[0] if listed else "our service"))


def snapshot(
    name: str,
    components: Iterable[Component],
    found: Iterable[Publication],
    now: datetime,
    planned: Iterable[Maintenance] = (),
) -> Snapshot:
    """The page at ``now``: each component as bad as the worst open publication says, or under
    maintenance. Planned work comes in the order of its begin."""
    works = sorted(planned, key=lambda m: (m.begins, m.number))
    under_way = tuple(m for m in works if m.phase is Phase.IN_PROGRESS)
    publications = sorted(found, key=lambda p: p.created_at, reverse=True)
    active = tuple(p for p in publications if p.resolved_at is None)
    shown = tuple(
        (c, worst((*_reported(active, c.id), *_worked_on(under_way, c.id)))) for c in components
    )
    groups: dict[str, tuple[tuple[Component, ComponentStatus], ...]] = {}
    for component, status in shown:
        groups[component.group] = (*groups.get(component.group, ()), (component, status))
    past = tuple(p for p in publications if p.resolved_at and now - p.resolved_at <= HISTORY)
    return Snapshot(
        name,
        now,
        shown,
        active,
        past,
        under_way,
        tuple(m for m in works if m.phase is Phase.SCHEDULED),
        tuple(m for m in reversed(works) if m.over_at and now - m.over_at <= HISTORY),
        groups,
    )


def _reported(active: Iterable[Publication], component: str) -> list[ComponentStatus]:
    return [p.components[component] for p in active if component in p.components]


def _worked_on(under_way: Iterable[Maintenance], component: str) -> list[ComponentStatus]:
    return [ComponentStatus.MAINTENANCE for m in under_way if component in m.components]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file of the page, ready to be served."""

    name: str
    content_type: str
    body: str

"""The status page, as memory offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.core.incident import IncidentId

if TYPE_CHECKING:
    from bot.statuspage.maintenance import Maintenance, MaintenanceId
    from bot.statuspage.model import Publication, PublicUpdate, Rendered


class StatusPages(Protocol):
    def add(self, publication: Publication) -> None: ...

    def update(self, publication: Publication, update: PublicUpdate) -> None:
        """Append an update; title, components and resolution of ``publication`` are stored too."""
        ...

    def of(self, incident: IncidentId) -> Publication | None: ...

    def recent(self, limit: int) -> list[Publication]:
        """Open ones and the latest ended ones, newest first."""
        ...

    def put(self, files: list[Rendered]) -> None:
        """Replace the whole rendered page."""
        ...

    def get(self, name: str) -> Rendered | None: ...


class Maintenances(Protocol):
    """Planned work. Customers read all of it, so it has no viewer."""

    def add(self, made: Maintenance) -> Maintenance:
        """Gives it its number."""
        ...

    def save(self, changed: Maintenance) -> None: ...

    def lock(self, number: MaintenanceId) -> Maintenance:
        """For change, until the transaction ends. Raises ``NotFound``."""
        ...

    def ahead(self) -> list[Maintenance]:
        """Planned or under way, the next first."""
        ...

    def past(self, limit: int) -> list[Maintenance]:
        """Done or cancelled, the latest first."""
        ...

"""The status page, as memory offers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.incident import IncidentId
from bot.domain.status import Publication, PublicUpdate


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file of the page, ready to be served."""

    name: str
    content_type: str
    body: str


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

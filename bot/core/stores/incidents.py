"""Incidents, their timelines and their tasks, as memory offers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.core.incident import Filter, Head, Incident, IncidentId, Membership
from bot.core.people import PersonId, Viewer
from bot.core.timeline import Entry

if TYPE_CHECKING:
    from bot.tasks.model import Horizon, Task


class Incidents(Protocol):
    """Every read takes a viewer: the WHERE that hides private incidents stands once."""

    def add(self, draft: Incident) -> Incident:
        """Store a new incident (its id is ignored) and return it with its number."""
        ...

    def get(self, incident: IncidentId, viewer: Viewer) -> Incident:
        """Raises ``NotFound``, the same for a private incident as for none."""
        ...

    def lock(self, incident: IncidentId, viewer: Viewer) -> Incident:
        """As ``get``, and hold the row until the transaction ends: producers take turns."""
        ...

    def save(self, incident: Incident) -> Incident: ...

    def find(self, wanted: Filter, viewer: Viewer) -> list[Incident]: ...

    def open_heads(self, viewer: Viewer, limit: int) -> list[Head]:
        """The newest open ones that the viewer may see. Cheap: every declare asks."""
        ...

    def join(self, incident: IncidentId, person: PersonId, how: Membership) -> bool:
        """Returns whether this changed anything."""
        ...

    def members(self, incident: IncidentId) -> dict[PersonId, Membership]: ...

    def subscribe(self, incident: IncidentId, person: PersonId, *, wanted: bool) -> bool:
        """Begin, or stop, telling this person. Returns whether this changed anything."""
        ...

    def subscribers(self, incident: IncidentId) -> list[PersonId]: ...


class Timeline(Protocol):
    def add(self, entry: Entry) -> Entry:
        """Append (its id is ignored) and return the entry with its id."""
        ...

    def of(self, incident: IncidentId, viewer: Viewer) -> list[Entry]:
        """Every entry of the incident, unfolded, by id."""
        ...

    def recent(self, incident: IncidentId, limit: int, viewer: Viewer) -> list[Entry]:
        """The last ``limit`` entries, unfolded, by id: for cards, whatever the history."""
        ...

    def from_source(self, incident: IncidentId, source: str) -> list[Entry]: ...


class Tasks(Protocol):
    def add(self, task: Task) -> Task: ...

    def get(self, incident: IncidentId, number: int) -> Task: ...

    def save(self, task: Task) -> None: ...

    def reopen(self, incident: IncidentId, number: int) -> None:
        """It is not done after all. Raises ``NotFound``."""
        ...

    def remove(self, incident: IncidentId, number: int) -> None:
        """As if it had never been added; idempotent."""
        ...

    def of(self, incident: IncidentId) -> list[Task]: ...

    def owned_by(self, person: PersonId, viewer: Viewer) -> list[Task]: ...

    def unfinished(
        self, viewer: Viewer, horizon: Horizon, owner: PersonId | None, limit: int
    ) -> list[Task]:
        """What is not done yet, of one owner or of everybody; the newest first."""
        ...

"""The timeline: appended to, never changed. Only redaction rewrites a text, and says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Integer, RowMapping, Select, bindparam, insert, select

from bot.core.incident import IncidentId
from bot.core.people import PersonId, Viewer
from bot.core.timeline import Entry, EntryId, Kind
from storage import tables
from storage.incidents import visible
from storage.sql.direct import Executor

_t = tables.timeline

# Built once: making a statement costs as much as running it.
_ADD = insert(_t).returning(_t.c.id)
_RECENT = (
    select(_t)
    .where(_t.c.incident == bindparam("of"))
    .order_by(_t.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)


class SqlTimeline:
    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def add(self, entry: Entry) -> Entry:
        """Append (its id is ignored) and return the entry with its id."""
        number = self._c.execute(_ADD, _values(entry)).scalar_one()
        return replace(entry, id=EntryId(number))

    def of(self, incident: IncidentId, viewer: Viewer) -> list[Entry]:
        """Every entry of the incident, unfolded, by id."""
        query = self._seen_by(viewer).where(_t.c.incident == incident).order_by(_t.c.id)
        return self._entries(query)

    def recent(self, incident: IncidentId, limit: int, viewer: Viewer) -> list[Entry]:
        """The last ``limit`` entries, unfolded, by id: for cards, whatever the history."""
        if viewer.person is None:
            rows = self._c.execute(_RECENT, {"of": incident, "most": limit}).mappings()
            return [to_entry(row) for row in rows][::-1]
        query = self._seen_by(viewer).where(_t.c.incident == incident)
        return self._entries(query.order_by(_t.c.id.desc()).limit(limit))[::-1]

    def from_source(self, incident: IncidentId, source: str) -> list[Entry]:
        query = select(_t).where(
            _t.c.incident == incident, _t.c.source == source, _t.c.source != ""
        )
        return self._entries(query.order_by(_t.c.id))

    def _seen_by(self, viewer: Viewer) -> Select[Any]:
        query = select(_t)
        if viewer.person is None:
            return query
        incident = tables.incidents
        return query.join(incident, incident.c.id == _t.c.incident).where(visible(viewer))

    def _entries(self, query: Select[Any]) -> list[Entry]:
        return [to_entry(row) for row in self._c.execute(query).mappings()]


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "incident": entry.incident,
        "kind": entry.kind.value,
        "happened_at": entry.happened_at,
        "recorded_at": entry.recorded_at,
        "author": entry.author,
        "platform": entry.platform,
        "text": entry.text,
        "data": dict(entry.data),
        "source": entry.source,
        "url": entry.url,
        "supersedes": entry.supersedes,
        "act": entry.act,
    }


def to_entry(row: RowMapping) -> Entry:
    """A row of the timeline as the core's value."""
    return Entry(
        id=EntryId(row["id"]),
        incident=IncidentId(row["incident"]),
        kind=Kind(row["kind"]),
        happened_at=row["happened_at"],
        recorded_at=row["recorded_at"],
        author=None if row["author"] is None else PersonId(row["author"]),
        platform=row["platform"],
        text=row["text"],
        data=row["data"],
        source=row["source"],
        url=row["url"],
        supersedes=None if row["supersedes"] is None else EntryId(row["supersedes"]),
        act=row["act"],
    )

"""Publications, their updates, and the one rendered page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update

from bot.core.incident import IncidentId
from bot.statuspage.model import ComponentStatus, Publication, PublicStatus, PublicUpdate, Rendered
from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import upsert

_p = tables.publications
_u = tables.publication_updates
_f = tables.statuspage_files
_OF = select(_p).where(_p.c.incident == bindparam("wanted"))


class SqlStatusPages:
    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def add(self, publication: Publication) -> None:
        row = {"id": publication.id, "incident": publication.incident, **_values(publication)}
        self._c.execute(insert(_p).values(row))

    def update(self, publication: Publication, update_: PublicUpdate) -> None:
        """Append an update; title, components and resolution of ``publication`` are stored too."""
        self._c.execute(update(_p).where(_p.c.id == publication.id).values(_values(publication)))
        row = {
            "id": update_.id,
            "publication": publication.id,
            "number": len(publication.updates) + 1,
            "status": update_.status.value,
            "body": update_.body,
            "at": update_.at,
        }
        self._c.execute(insert(_u).values(row))

    def of(self, incident: IncidentId) -> Publication | None:
        rows = self._c.execute(_OF, {"wanted": incident}).mappings().all()
        return next(iter(self._whole(rows)), None)

    def recent(self, limit: int) -> list[Publication]:
        """Open ones and the latest ended ones, newest first."""
        is_open = select(_p).where(_p.c.resolved_at.is_(None))
        ended = select(_p).where(_p.c.resolved_at.is_not(None))
        ended = ended.order_by(_p.c.resolved_at.desc()).limit(limit)
        rows = [row for query in (is_open, ended) for row in self._c.execute(query).mappings()]
        return self._whole(rows)

    def _whole(self, rows: Sequence[RowMapping]) -> list[Publication]:
        if not rows:
            return []
        ids = [row["id"] for row in rows]
        query = select(_u).where(_u.c.publication.in_(ids)).order_by(_u.c.number)
        updates: dict[str, tuple[PublicUpdate, ...]] = {}
        for row in self._c.execute(query).mappings():
            made = PublicUpdate(row["id"], PublicStatus(row["status"]), row["body"], row["at"])
            updates[row["publication"]] = (*updates.get(row["publication"], ()), made)
        return [_publication(row, updates.get(row["id"], ())) for row in rows]

    def put(self, files: list[Rendered]) -> None:
        """Replace the whole rendered page."""
        self._c.execute(_f.delete().where(_f.c.name.not_in([file.name for file in files])))
        for file in files:
            row = {"name": file.name, "content_type": file.content_type, "body": file.body}
            upsert(self._c, _f, row, [_f.c.name])

    def get(self, name: str) -> Rendered | None:
        row = self._c.execute(select(_f).where(_f.c.name == name)).mappings().first()
        return None if row is None else Rendered(row["name"], row["content_type"], row["body"])


def _values(publication: Publication) -> dict[str, Any]:
    return {
        "title": publication.title,
        "components": {name: status.value for name, status in publication.components.items()},
        "created_at": publication.created_at,
        "resolved_at": publication.resolved_at,
    }


def _publication(row: RowMapping, updates: tuple[PublicUpdate, ...]) -> Publication:
    return Publication(
        row["id"],
        IncidentId(row["incident"]),
        row["title"],
        {name: ComponentStatus(status) for name, status in row["components"].items()},
        row["created_at"],
        updates,
        row["resolved_at"],
    )

"""Making one person of two: every row that says who somebody is, is in, owns or follows."""

from __future__ import annotations

from sqlalchemy import Column, Table, delete, select, update

from storage import tables
from storage.sql.direct import Executor

_i, _m, _s, _t, _n = (
    tables.identities,
    tables.members,
    tables.subscribers,
    tables.tasks,
    tables.incidents,
)


def merge_people(connection: Executor, one: str, into: str) -> None:
    """What ``one`` is becomes ``into``'s; where ``into`` is there already, that stands. Idempotent."""
    connection.execute(update(_i).where(_i.c.person == one).values(person=into))
    for table, incident in ((_m, _m.c.incident), (_s, _s.c.incident)):
        _move(connection, table, incident, one, into)
    connection.execute(update(_t).where(_t.c.owner == one).values(owner=into))
    connection.execute(update(_n).where(_n.c.reporter == one).values(reporter=into))
    for row in connection.execute(select(_n.c.id, _n.c.roles)).all():
        roles = {role: into if who == one else who for role, who in dict(row.roles).items()}
        if roles != dict(row.roles):
            connection.execute(update(_n).where(_n.c.id == row.id).values(roles=roles))


def _move(connection: Executor, table: Table, incident: Column[int], one: str, into: str) -> None:
    there = select(incident).where(table.c.person == into)
    connection.execute(delete(table).where(table.c.person == one, incident.in_(there)))
    connection.execute(update(table).where(table.c.person == one).values(person=into))

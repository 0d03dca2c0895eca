"""Incidents and who is in them. The condition that hides private incidents stands here, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy import insert as plain_insert

from bot.core.errors import Fault, NotFound
from bot.core.incident import (
    Filter,
    Head,
    Incident,
    IncidentId,
    Membership,
    Visibility,
)
from bot.core.people import PersonId, ServiceId, Viewer
from storage import tables
from storage.incident_rows import to_incident, values_of
from storage.sql.direct import Executor
from storage.sql.insert import insert_ignoring

_t = tables.incidents
_m = tables.members
_s = tables.subscribers

# Built once: making a statement costs as much as running it.
_ADD = plain_insert(_t).returning(_t.c.id)
_ADD_SERVICE = plain_insert(tables.incident_services)
_SERVICES = select(_t.c.services).where(_t.c.id == bindparam("wanted"))
_SAVE = update(_t).where(_t.c.id == bindparam("wanted"), _t.c.revision == bindparam("was"))
_MEMBERS = (
    select(_m.c.person, _m.c.membership)
    .where(_m.c.incident == bindparam("wanted"))
    .order_by(_m.c.person)
)


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """True for incidents that ``viewer`` may see: public ones, and private ones they are in."""
    if viewer.person is None:
        return _t.c.id == _t.c.id
    inside = select(_m.c.incident).where(
        _m.c.incident == _t.c.id, _m.c.person == viewer.person, _m.c.membership != Membership.LEFT
    )
    return or_(_t.c.visibility == Visibility.PUBLIC.value, inside.exists())


def tables_open() -> ColumnElement[bool]:
    """Literal, so that SQLite uses the partial index of open incidents."""
    return cast(
        "ColumnElement[bool]",
        text("status IN ('triage','investigating','identified','monitoring')"),
    )


_INSIDE = (
    select(_m.c.incident)
    .where(
        _m.c.incident == _t.c.id,
        _m.c.person == bindparam("viewer", type_=String),
        _m.c.membership != Membership.LEFT,
    )
    .exists()
)
_HEADS = (
    select(_t.c.id, _t.c.title, _t.c.services, _t.c.declared_at, _t.c.severity)
    .where(
        tables_open(),
        or_(
            _t.c.visibility == Visibility.PUBLIC.value,
            bindparam("viewer", type_=String).is_(None),
            _INSIDE,
        ),
    )
    .order_by(_t.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)


# Asked for by nearly everything: built once for the system, which sees all, and once for people.
_WANTED = _t.c.id == bindparam("wanted", type_=BigInteger)
_GET = select(_t).where(_WANTED)
_GET_SEEN = _GET.where(or_(_t.c.visibility == Visibility.PUBLIC.value, _INSIDE))
_LOCK, _LOCK_SEEN = _GET.with_for_update(), _GET_SEEN.with_for_update()
_MOVE = (
    update(_m)
    .where(
        _m.c.incident == bindparam("of"), _m.c.person == bindparam("who"),
        _m.c.membership.not_in(bindparam("stays", expanding=True, type_=String)),
    )
    .values(membership=bindparam("how"))
)  # fmt: skip


def no_such(incident: IncidentId) -> NotFound:
    """The one answer for a number that does not exist and for one that is private."""
    return NotFound(f"There is no INC-{incident} that you can see. /incident list shows yours.")


class SqlIncidents:
    """Every read takes a viewer: the WHERE that hides private incidents stands once.

    Within one act an incident is read for the system once, unless it is locked or saved meanwhile.
    """

    def __init__(self, connection: Executor) -> None:
        self._c = connection
        self._read: dict[IncidentId, Incident] = {}

    def add(self, draft: Incident) -> Incident:
        """Store a new incident (its id is ignored) and return it with its number."""
        number = self._c.execute(_ADD, values_of(draft)).scalar_one()
        incident = replace(draft, id=IncidentId(number))
        self._index_services(incident)
        self._read[incident.id] = incident
        return incident

    def get(self, incident: IncidentId, viewer: Viewer) -> Incident:
        """Raises ``NotFound``, the same for a private incident as for none."""
        if viewer.person is not None:
            return self._one(_GET_SEEN, incident, viewer)
        return self._read.get(incident) or self._one(_GET, incident, viewer)

    def lock(self, incident: IncidentId, viewer: Viewer) -> Incident:
        """As ``get``, and hold the row until the transaction ends: producers take turns."""
        return self._one(_LOCK if viewer.person is None else _LOCK_SEEN, incident, viewer)

    def _one(self, query: Select[Any], incident: IncidentId, viewer: Viewer) -> Incident:
        if not 0 < incident < 2**62:
            raise no_such(incident)
        seen_by = {} if viewer.person is None else {"viewer": viewer.person}
        row = self._c.execute(query, {"wanted": incident, **seen_by}).mappings().first()
        if row is None:
            raise no_such(incident)
        self._read[incident] = to_incident(row)
        return self._read[incident]

    def save(self, incident: Incident) -> Incident:
        values = {**values_of(incident), "revision": incident.revision + 1}
        before = self._c.execute(_SERVICES, {"wanted": incident.id}).scalar_one_or_none()
        which = {"wanted": incident.id, "was": incident.revision}
        changed = self._c.execute(_SAVE, {**which, **values})
        if changed.rowcount != 1:
            raise Fault(f"{incident.reference} changed under a transaction that had not locked it")
        if list(incident.services) != before:
            table = tables.incident_services
            self._c.execute(table.delete().where(table.c.incident == incident.id))
            self._index_services(incident)
        self._read[incident.id] = replace(incident, revision=incident.revision + 1)
        return self._read[incident.id]

    def find(self, wanted: Filter, viewer: Viewer) -> list[Incident]:
        query = select(_t).where(visible(viewer), *_conditions(wanted))
        rows = self._c.execute(query.order_by(_t.c.id.desc()).limit(wanted.limit)).mappings()
        return [to_incident(row) for row in rows]

    def open_heads(self, viewer: Viewer, limit: int) -> list[Head]:
        """The newest open ones that the viewer may see. Cheap: every declare asks."""
        rows = self._c.execute(_HEADS, {"viewer": viewer.person, "most": limit})
        return [
            Head(IncidentId(i), title, tuple(ServiceId(s) for s in served), at, severity)
            for i, title, served, at, severity in rows
        ]

    def join(self, incident: IncidentId, person: PersonId, how: Membership) -> bool:
        """Returns whether this changed anything."""
        row = {"incident": incident, "person": person, "membership": how.value}
        if insert_ignoring(self._c, _m, row, [_m.c.incident, _m.c.person]):
            return True
        stays = [how.value] + ([Membership.JOINED.value] if how is Membership.INVITED else [])
        moved = {"of": incident, "who": person, "stays": stays, "how": how.value}
        return self._c.execute(_MOVE, moved).rowcount == 1

    def members(self, incident: IncidentId) -> dict[PersonId, Membership]:
        rows = self._c.execute(_MEMBERS, {"wanted": incident})
        return {PersonId(person): Membership(how) for person, how in rows}

    def subscribe(self, incident: IncidentId, person: PersonId, *, wanted: bool) -> bool:
        """Begin, or stop, telling this person. Returns whether this changed anything."""
        row = {"incident": incident, "person": person}
        if wanted:
            return insert_ignoring(self._c, _s, row, [_s.c.incident, _s.c.person])
        gone = delete(_s).where(_s.c.incident == incident, _s.c.person == person)
        return self._c.execute(gone).rowcount == 1

    def subscribers(self, incident: IncidentId) -> list[PersonId]:
        query = select(_s.c.person).where(_s.c.incident == incident).order_by(_s.c.person)
        return [PersonId(person) for person in self._c.execute(query).scalars()]

    def _index_services(self, incident: Incident) -> None:
        if incident.services:
            named = dict.fromkeys(incident.services)
            rows = [{"incident": incident.id, "service": service} for service in named]
            self._c.execute(_ADD_SERVICE, rows)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.open_only:
        found.append(tables_open())
    if wanted.member is not None:
        found.append(
            select(_m.c.incident)
            .where(
                _m.c.incident == _t.c.id,
                _m.c.person == wanted.member,
                _m.c.membership != Membership.LEFT,
            )
            .exists()
        )
    found += [_contains(word) for word in wanted.words.lower().split()[:8]]
    if wanted.status:
        found.append(_t.c.status == wanted.status)
    if wanted.severity is not None:
        found.append(_t.c.severity == wanted.severity)
    if wanted.service:
        service = tables.incident_services
        found.append(
            select(service.c.incident)
            .where(service.c.incident == _t.c.id, service.c.service == wanted.service)
            .exists()
        )
    if wanted.before is not None:
        found.append(_t.c.id < wanted.before)
    return found


def _contains(word: str) -> ColumnElement[bool]:
    haystack = func.lower(_t.c.title + " " + _t.c.summary)
    return haystack.contains(word, autoescape=True)

"""People: those of the organisation, and those met in chat and remembered since."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import RowMapping, bindparam, select

from bot.core.organisation import Organisation
from bot.core.people import BOT, Person, PersonId
from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import insert_ignoring, upsert
from storage.upkeep.merge_people import merge_people

_p = tables.people
_i = tables.identities

# Built once: making a statement costs as much as running it.
_ONE = select(_p).where(_p.c.id == bindparam("wanted"))
_MET = select(_p.c.id).where(_p.c.id == bindparam("wanted"))
_KNOWN_AS = select(_i.c.platform, _i.c.native).where(_i.c.person == bindparam("wanted"))
_WHOSE = select(_i.c.person).where(
    _i.c.platform == bindparam("on"), _i.c.native == bindparam("wanted")
)


class SqlPeople:
    def __init__(self, connection: Executor, org: Organisation) -> None:
        self._c = connection
        self._org = org
        self._found: dict[PersonId, dict[str, str]] = {}

    def get(self, person: PersonId) -> Person:
        """From the organisation, else met in chat, else a person with that id as name; with every
        platform that they are known on."""
        known = self._org.people.get(person)
        if known is not None:
            found = self._identities(person)
            return replace(known, identities={**found, **known.identities}) if found else known
        if person == BOT.id:
            return Person(BOT.id, BOT.name)
        row = self._c.execute(_ONE, {"wanted": person}).mappings().first()
        return Person(person, person) if row is None else self._met(row)

    def name(self, person: PersonId) -> str:
        """What ``get`` says their name is, at less cost."""
        known = self._org.people.get(person)
        return known.name if known is not None else self.get(person).name

    def known_as(self, person: PersonId, platform: str) -> str | None:
        """Their id on a platform, as ``get`` says it, at less cost."""
        known = self._org.people.get(person)
        native = known.identities.get(platform) if known is not None else None
        return native or self.get(person).identities.get(platform)

    def by_identity(self, platform: str, native: str) -> Person | None:
        for person in self._org.people.values():
            if person.identities.get(platform) == native:
                return self.get(person.id)
        found = self._c.execute(_WHOSE, {"on": platform, "wanted": native}).scalar_one_or_none()
        return None if found is None else self.get(PersonId(found))

    def meet(self, person: Person) -> Person:
        row = {
            "id": person.id,
            "name": person.name,
            "timezone": person.timezone,
            "email": person.email,
        }
        insert_ignoring(self._c, _p, row, [_p.c.id])
        for platform, native in person.identities.items():
            identity = {"platform": platform, "native": native, "person": person.id}
            upsert(self._c, _i, identity, [_i.c.platform, _i.c.native])
        self._found.pop(person.id, None)
        return self.get(person.id)

    def merge_people(self, one: PersonId, into: PersonId) -> None:
        """Make one person of two: what ``one`` is known by, is in, owns and follows becomes ``into``'s.
        What was recorded of them stays as it was recorded. Idempotent.
        """
        merge_people(self._c, one, into)
        self._found.clear()

    def met(self) -> list[Person]:
        """Those of chat who are not in the organisation file."""
        rows = self._c.execute(select(_p)).mappings().all()
        return [self._met(row) for row in rows if row["id"] not in self._org.people]

    def met_as(self, person: str) -> PersonId | None:
        """The id of somebody met in chat, in lower case, if there is one."""
        found = self._c.execute(_MET, {"wanted": person}).scalar_one_or_none()
        return None if found is None else PersonId(found)

    def all(self) -> list[Person]:
        return [*self._org.people.values(), *self.met()]

    def _met(self, row: RowMapping) -> Person:
        return Person(
            PersonId(row["id"]),
            row["name"],
            row["timezone"],
            row["email"],
            identities=dict(self._identities(PersonId(row["id"]))),
        )

    def _identities(self, person: PersonId) -> dict[str, str]:
        """What the person is known by besides the organisation file."""
        if person not in self._found:
            rows = self._c.execute(_KNOWN_AS, {"wanted": person})
            self._found[person] = {row[0]: row[1] for row in rows}
        return self._found[person]

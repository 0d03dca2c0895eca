"""People: those of the organisation, and those met in chat and remembered since."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, select

from bot.domain.organisation import Organisation
from bot.domain.people import BOT, Person, PersonId
from storage import tables
from storage.insert import insert_ignoring, upsert

_p = tables.people
_i = tables.identities


class SqlPeople:
    def __init__(self, connection: Connection, org: Organisation) -> None:
        self._c = connection
        self._org = org

    def get(self, person: PersonId) -> Person:
        known = self._org.people.get(person)
        if known is not None:
            return known
        if person == BOT.id:
            return Person(BOT.id, BOT.name)
        row = self._c.execute(select(_p).where(_p.c.id == person)).mappings().first()
        return Person(person, person) if row is None else self._met(row)

    def by_identity(self, platform: str, native: str) -> Person | None:
        for person in self._org.people.values():
            if person.identities.get(platform) == native:
                return person
        query = select(_i.c.person).where(_i.c.platform == platform, _i.c.native == native)
        found = self._c.execute(query).scalar_one_or_none()
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
        return self.get(person.id)

    def met(self) -> list[Person]:
        rows = self._c.execute(select(_p)).mappings().all()
        return [self._met(row) for row in rows if row["id"] not in self._org.people]

    def met_as(self, person: str) -> PersonId | None:
        found = self._c.execute(select(_p.c.id).where(_p.c.id == person)).scalar_one_or_none()
        return None if found is None else PersonId(found)

    def all(self) -> list[Person]:
        return [*self._org.people.values(), *self.met()]

    def _met(self, row: RowMapping) -> Person:
        identities = self._c.execute(
            select(_i.c.platform, _i.c.native).where(_i.c.person == row["id"])
        )
        return Person(
            PersonId(row["id"]),
            row["name"],
            row["timezone"],
            row["email"],
            identities={row[0]: row[1] for row in identities},
        )

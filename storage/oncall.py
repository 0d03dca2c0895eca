"""What is changed about on-call in chat, who is next in a round, test pages, calendar feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, String, bindparam, insert, or_, select, update

from bot.core.errors import NotFound
from bot.core.people import PersonId
from bot.oncall.changes import (
    ChangeId,
    Cover,
    Feed,
    MadeOverride,
    RosterChange,
    RosterEntry,
    Trial,
    TrialState,
)
from bot.oncall.engine.schedule import OverrideKind
from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import insert_ignoring
from storage.sql.types import Instant

_o = tables.oncall_overrides
_s = tables.oncall_swaps
_r = tables.oncall_roster
_t = tables.trials
_f = tables.feeds
_n = tables.turns


# Asked for every page: built once, since making a statement costs as much as running it.
_NAMED, _SINCE = bindparam("named", type_=String), bindparam("since", type_=Instant)
_OVERRIDES = (
    select(_o)
    .where(_o.c.schedule == _NAMED, _o.c.ends > _SINCE, _o.c.removed_at.is_(None))
    .order_by(_o.c.id)
)
_COVERS = (
    select(_s)
    .where(_s.c.schedule == _NAMED, _s.c.ends > _SINCE, _s.c.removed_at.is_(None))
    .order_by(_s.c.id)
)
_ROSTER = (
    select(_r).where(_r.c.schedule == _NAMED, _r.c.removed_at.is_(None)).order_by(_r.c.at, _r.c.id)
)
_TOUCHED = select(
    or_(
        *(
            select(made.c.id)
            .where(made.c.schedule == _NAMED, made.c.ends > _SINCE, made.c.removed_at.is_(None))
            .exists()
            for made in (_o, _s)
        ),
        select(_r.c.id).where(_r.c.schedule == _NAMED, _r.c.removed_at.is_(None)).exists(),
    )
)


class SqlOnCall:
    """Nothing is deleted: what is taken back stays, marked."""

    def __init__(self, connection: Executor, now: datetime) -> None:
        self._c = connection
        self._now = now

    def touched(self, schedule: str, since: datetime) -> bool:
        """Whether anything made in chat stands that counts after ``since``: for most schedules nothing does."""
        found = self._c.execute(_TOUCHED, {"named": schedule, "since": since})
        return bool(found.scalar_one())

    # --- overrides ---

    def overrides(self, schedule: str, since: datetime) -> list[MadeOverride]:
        """Those in force that end after ``since``, in the order made."""
        found = self._c.execute(_OVERRIDES, {"named": schedule, "since": since})
        return [_override(row) for row in found.mappings()]

    def add_override(self, override: MadeOverride) -> MadeOverride:
        values = {
            "schedule": override.schedule,
            "kind": override.kind.value,
            "person": override.person,
            "replaces": override.replaces,
            "begins": override.start,
            "ends": override.end,
            "made_by": override.made_by,
            "made_at": self._now,
        }
        row = self._c.execute(insert(_o).values(values).returning(_o)).mappings().one()
        return _override(row)

    def remove_override(self, number: ChangeId) -> MadeOverride | None:
        """The override, if it stood until now. Idempotent."""
        standing = update(_o).where(_o.c.id == number, _o.c.removed_at.is_(None))
        query = standing.values(removed_at=self._now).returning(_o)
        row = self._c.execute(query).mappings().first()
        return None if row is None else _override(row)

    # --- covers ---

    def covers(self, schedule: str, since: datetime) -> list[Cover]:
        """Those not withdrawn that end after ``since``, in the order made, taken or not."""
        found = self._c.execute(_COVERS, {"named": schedule, "since": since})
        return [_cover(row) for row in found.mappings()]

    def cover(self, number: ChangeId) -> Cover:
        """Locked. Raises ``NotFound``."""
        query = select(_s).where(_s.c.id == number).with_for_update()
        row = self._c.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"There is no cover request {number}. /oncall cover makes one.")
        return _cover(row)

    def add_cover(self, cover: Cover) -> Cover:
        values = {
            "schedule": cover.schedule,
            "requester": cover.requester,
            "taker": cover.taker,
            "begins": cover.start,
            "ends": cover.end,
            "made_by": cover.made_by,
            "made_at": self._now,
        }
        return _cover(self._c.execute(insert(_s).values(values).returning(_s)).mappings().one())

    def take_cover(self, number: ChangeId, taker: PersonId) -> None:
        values = {"taker": taker, "taken_at": self._now}
        self._c.execute(update(_s).where(_s.c.id == number).values(values))

    def withdraw_cover(self, number: ChangeId) -> None:
        self._c.execute(update(_s).where(_s.c.id == number).values(removed_at=self._now))

    # --- rosters, turns ---

    def roster(self, schedule: str) -> list[RosterEntry]:
        found = self._c.execute(_ROSTER, {"named": schedule})
        return [_roster(row) for row in found.mappings()]

    def add_roster(self, entry: RosterEntry) -> RosterEntry:
        values = {
            "schedule": entry.schedule,
            "layer": entry.layer,
            "change": entry.change.value,
            "person": entry.person,
            "at": entry.at,
            "made_by": entry.made_by,
            "made_at": self._now,
        }
        return _roster(self._c.execute(insert(_r).values(values).returning(_r)).mappings().one())

    def next_turn(self, name: str) -> int:
        """0, then 1, 2 … for each name: the next one in turn."""
        insert_ignoring(self._c, _n, {"name": name, "position": 0}, [_n.c.name])
        query = update(_n).where(_n.c.name == name).values(position=_n.c.position + 1)
        return int(self._c.execute(query.returning(_n.c.position)).scalar_one()) - 1

    def turn(self, name: str) -> int:
        """What ``next_turn`` would give, without taking it."""
        found = self._c.execute(select(_n.c.position).where(_n.c.name == name))
        return int(found.scalar_one_or_none() or 0)

    # --- test pages ---

    def add_trial(self, trial: Trial) -> Trial:
        query = insert(_t).values(_trial_values(trial)).returning(_t)
        return _trial(self._c.execute(query).mappings().one())

    def trial(self, number: int) -> Trial:
        """Raises ``NotFound``."""
        row = self._c.execute(select(_t).where(_t.c.id == number)).mappings().first()
        if row is None:
            raise NotFound("There is no such test page. /oncall test sends one.")
        return _trial(row)

    def save_trial(self, trial: Trial) -> None:
        self._c.execute(update(_t).where(_t.c.id == trial.id).values(_trial_values(trial)))

    def trials(self, batch: str) -> list[Trial]:
        rows = self._c.execute(select(_t).where(_t.c.batch == batch).order_by(_t.c.id)).mappings()
        return [_trial(row) for row in rows]

    # --- feeds ---

    def add_feed(self, feed: Feed) -> None:
        values = {
            "digest": feed.digest,
            "owner": feed.owner,
            "schedule": feed.schedule,
            "made_at": self._now,
        }
        self._c.execute(insert(_f).values(values))

    def feed(self, digest: str) -> Feed | None:
        row = self._c.execute(select(_f).where(_f.c.digest == digest)).mappings().first()
        return None if row is None else _feed(row)

    def feeds(self, owner: PersonId) -> list[Feed]:
        query = select(_f).where(_f.c.owner == owner, _f.c.revoked_at.is_(None))
        return [_feed(row) for row in self._c.execute(query.order_by(_f.c.made_at)).mappings()]

    def revoke_feeds(self, owner: PersonId, schedule: str | None) -> int:
        query = update(_f).where(_f.c.owner == owner, _f.c.revoked_at.is_(None))
        query = query.where(
            _f.c.schedule.is_(None) if schedule is None else _f.c.schedule == schedule
        )
        return self._c.execute(query.values(revoked_at=self._now)).rowcount


def _override(row: RowMapping) -> MadeOverride:
    return MadeOverride(
        row["schedule"],
        OverrideKind(row["kind"]),
        row["begins"],
        row["ends"],
        row["person"],
        row["replaces"],
        PersonId(row["made_by"]),
        ChangeId(row["id"]),
    )


def _cover(row: RowMapping) -> Cover:
    return Cover(
        row["schedule"],
        PersonId(row["requester"]),
        row["begins"],
        row["ends"],
        PersonId(row["made_by"]),
        row["taker"],
        removed=row["removed_at"] is not None,
        id=ChangeId(row["id"]),
    )


def _roster(row: RowMapping) -> RosterEntry:
    return RosterEntry(
        row["schedule"],
        row["layer"],
        RosterChange(row["change"]),
        PersonId(row["person"]),
        row["at"],
        PersonId(row["made_by"]),
        ChangeId(row["id"]),
    )


def _trial_values(trial: Trial) -> dict[str, object]:
    return {
        "person": trial.person,
        "channel": trial.channel,
        "batch": trial.batch,
        "state": trial.state.value,
        "at": trial.at,
        "remark": trial.remark[:500],
        "seen_at": trial.seen_at,
    }


def _trial(row: RowMapping) -> Trial:
    return Trial(
        PersonId(row["person"]),
        row["channel"],
        row["batch"],
        TrialState(row["state"]),
        row["at"],
        row["remark"],
        row["seen_at"],
        row["id"],
    )


def _feed(row: RowMapping) -> Feed:
    revoked = row["revoked_at"] is not None
    owner = PersonId(row["owner"])
    return Feed(row["digest"], owner, row["schedule"], row["made_at"], revoked=revoked)

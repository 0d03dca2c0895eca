"""Pages with the snapshot of their policy, and whom each has told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, func, insert, select, update

from bot.core.errors import NotFound
from bot.core.escalation import (
    OPEN_STATES,
    Choose,
    Direction,
    Notice,
    NoticeState,
    Page,
    PageId,
    PageState,
    Policy,
    Step,
    Target,
    TargetKind,
)
from bot.core.incident import IncidentId
from bot.core.people import Hours, PersonId
from bot.core.severity import Severity
from storage import tables
from storage.sql.direct import Executor
from storage.sql.insert import insert_ignoring

_t = tables.pages
_n = tables.notices

# Built once, since each is asked for every step of every page: making a statement costs as much as
# running it. The key of a row has another name than its column, which an UPDATE would set.
_KEY = _t.c.id == bindparam("page_id")
_GET = select(_t).where(_KEY)
_LOCK = _GET.with_for_update()
_ADD = insert(_t).returning(_t.c.id)
_MOVING = ("state", "level", "origin", "snoozed_until", "acknowledged_by", "acknowledged_at")
_SAVE = update(_t).where(_KEY).values({name: bindparam(name) for name in _MOVING})
_OF = select(_t).where(_t.c.incident == bindparam("incident_id")).order_by(_t.c.id)
_NOTICE = (_n.c.page, _n.c.person, _n.c.platform, _n.c.level)
_AGAIN = update(_n).where(*(column == bindparam(f"its_{column.name}") for column in _NOTICE))
_NOTICES = (
    select(_n)
    .where(_n.c.page == bindparam("page_id"))
    .order_by(_n.c.level, _n.c.person, _n.c.platform)
)


class SqlPages:
    def __init__(self, connection: Executor, now: datetime) -> None:
        self._c = connection
        self._now = now

    def add(self, incident: IncidentId, policy: Policy, text: str, by: PersonId | None) -> Page:
        values = {
            "incident": incident,
            "policy": policy_data(policy),
            "created_at": self._now,
            "state": PageState.TRIGGERED.value,
            "level": 0,
            "text": text,
            "asked_by": by,
        }
        number = self._c.execute(_ADD, values).scalar_one()
        return Page(PageId(number), incident, policy, self._now, text=text, asked_by=by)

    def get(self, page: PageId) -> Page:
        return self._one(_GET, page)

    def lock(self, page: PageId) -> Page:
        return self._one(_LOCK, page)

    def _one(self, query: Select[Any], page: PageId) -> Page:
        row = self._c.execute(query, {"page_id": page}).mappings().first()
        if row is None:
            raise NotFound(f"There is no page {page}. /incident list shows what is open.")
        return to_page(row)

    def save(self, page: Page) -> None:
        values = {name: getattr(page, name) for name in _MOVING}
        self._c.execute(_SAVE, {**values, "state": page.state.value, "page_id": page.id})

    def change_policy(self, page: PageId, policy: Policy) -> None:
        """Another snapshot: the page was handed to somebody else."""
        self._c.execute(update(_t).where(_t.c.id == page).values(policy=policy_data(policy)))

    def of(self, incident: IncidentId) -> list[Page]:
        rows = self._c.execute(_OF, {"incident_id": incident}).mappings()
        return [to_page(row) for row in rows]

    def open_for(self, person: PersonId) -> list[Page]:
        """Pages still triggered of which this person was told, newest first."""
        told = select(_n.c.page).where(_n.c.person == person)
        waiting = [state.value for state in OPEN_STATES]
        query = select(_t).where(_t.c.id.in_(told), _t.c.state.in_(waiting))
        rows = self._c.execute(query.order_by(_t.c.id.desc()).limit(50)).mappings()
        return [to_page(row) for row in rows]

    def since(self, moment: datetime) -> int:
        """How many pages were opened after a moment."""
        query = select(func.count()).select_from(_t).where(_t.c.created_at > moment)
        return int(self._c.execute(query).scalar_one())

    def asked_since(self, person: PersonId, since: datetime) -> int:
        query = select(func.count()).where(_t.c.asked_by == person, _t.c.created_at > since)
        return int(self._c.execute(query).scalar_one())

    def notice(self, notice: Notice) -> bool:
        """Insert or update; returns False when that person was already told on that level."""
        row = {
            "page": notice.page,
            "person": notice.person,
            "platform": notice.platform,
            "level": notice.level,
            "state": notice.state.value,
            "at": notice.at,
            "remark": notice.remark[:500],
        }
        queued = notice.state is NoticeState.QUEUED
        if not queued and self._again(row):  # most were queued before
            return False
        new = insert_ignoring(self._c, _n, row, _NOTICE)
        if not new and not queued:  # it was queued in between
            self._again(row)
        return new

    def _again(self, row: dict[str, Any]) -> bool:
        """Change a notice that is there. Returns whether it is."""
        changed = {"state": row["state"], "at": row["at"], "remark": row["remark"]}
        which = {f"its_{column.name}": row[column.name] for column in _NOTICE}
        return self._c.execute(_AGAIN, {**which, **changed}).rowcount == 1

    def notices(self, page: PageId) -> list[Notice]:
        return [
            Notice(
                PageId(row["page"]),
                PersonId(row["person"]),
                row["platform"],
                row["level"],
                NoticeState(row["state"]),
                row["at"],
                row["remark"],
            )
            for row in self._c.execute(_NOTICES, {"page_id": page}).mappings()
        ]


def policy_data(policy: Policy) -> dict[str, Any]:
    """The policy as JSON-ready values: a page's snapshot."""
    return {
        "name": policy.name,
        "repeat": policy.repeat,
        "ack_timeout": int(policy.ack_timeout.total_seconds()) if policy.ack_timeout else None,
        "steps": [_step_data(step) for step in policy.steps],
    }


def _step_data(step: Step) -> dict[str, Any]:
    hours = step.hours
    return {
        "notify": [str(target) for target in step.notify],
        "after": int(step.after.total_seconds()),
        "direction": step.direction.value,
        "severities": [severity.value for severity in step.severities],
        "hours": None if hours is None else [hours.start.isoformat(), hours.end.isoformat()],
        "choose": step.choose.value,
    }


def policy_from(data: dict[str, Any]) -> Policy:
    """The inverse of ``policy_data``."""
    wait = data.get("ack_timeout")
    return Policy(
        data["name"],
        tuple(_step_from(step) for step in data["steps"]),
        data["repeat"],
        None if wait is None else timedelta(seconds=wait),
    )


def _step_from(data: dict[str, Any]) -> Step:
    hours = data.get("hours")
    return Step(
        tuple(_target(name) for name in data["notify"]),
        timedelta(seconds=data["after"]),
        Direction(data["direction"]),
        tuple(Severity(number) for number in data.get("severities", ())),
        None if not hours else Hours(*(time.fromisoformat(clock) for clock in hours)),
        Choose(data.get("choose", Choose.ALL)),
    )


def _target(text: str) -> Target:
    kind, _, name = text.partition(":")
    return Target(TargetKind(kind), name)


def to_page(row: RowMapping) -> Page:
    """A row of the pages table as the core's value."""
    return Page(
        PageId(row["id"]),
        IncidentId(row["incident"]),
        policy_from(row["policy"]),
        row["created_at"],
        PageState(row["state"]),
        row["level"],
        row["text"],
        row["asked_by"],
        row["acknowledged_by"],
        row["acknowledged_at"],
        row["origin"],
        row["snoozed_until"],
    )

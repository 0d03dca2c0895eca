"""Pages with the snapshot of their policy, and whom each has told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from bot.domain.errors import NotFound
from bot.domain.escalation import (
    Direction,
    Page,
    PageId,
    PageState,
    Policy,
    Step,
    Target,
    TargetKind,
)
from bot.domain.incident import IncidentId
from bot.domain.people import PersonId
from bot.ports import Notice, NoticeState
from storage import tables
from storage.insert import insert_ignoring

_t = tables.pages
_n = tables.notices


class SqlPages:
    def __init__(self, connection: Connection, now: datetime) -> None:
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
        number = self._c.execute(insert(_t).values(values).returning(_t.c.id)).scalar_one()
        return Page(PageId(number), incident, policy, self._now, text=text, asked_by=by)

    def get(self, page: PageId) -> Page:
        return self._one(select(_t).where(_t.c.id == page), page)

    def lock(self, page: PageId) -> Page:
        return self._one(select(_t).where(_t.c.id == page).with_for_update(), page)

    def _one(self, query: Select[Any], page: PageId) -> Page:
        row = self._c.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"There is no page {page}.")
        return to_page(row)

    def save(self, page: Page) -> None:
        self._c.execute(
            update(_t)
            .where(_t.c.id == page.id)
            .values(
                state=page.state.value,
                level=page.level,
                acknowledged_by=page.acknowledged_by,
                acknowledged_at=page.acknowledged_at,
            )
        )

    def of(self, incident: IncidentId) -> list[Page]:
        query = select(_t).where(_t.c.incident == incident).order_by(_t.c.id)
        return [to_page(row) for row in self._c.execute(query).mappings()]

    def open_for(self, person: PersonId) -> list[Page]:
        told = select(_n.c.page).where(_n.c.person == person)
        query = select(_t).where(_t.c.id.in_(told), _t.c.state == PageState.TRIGGERED.value)
        rows = self._c.execute(query.order_by(_t.c.id.desc()).limit(50)).mappings()
        return [to_page(row) for row in rows]

    def asked_since(self, person: PersonId, since: datetime) -> int:
        query = select(func.count()).where(_t.c.asked_by == person, _t.c.created_at > since)
        return self._c.execute(query).scalar_one()

    def notice(self, notice: Notice) -> bool:
        row = {
            "page": notice.page,
            "person": notice.person,
            "platform": notice.platform,
            "level": notice.level,
            "state": notice.state.value,
            "at": notice.at,
            "remark": notice.remark[:500],
        }
        key = [_n.c.page, _n.c.person, _n.c.platform, _n.c.level]
        if insert_ignoring(self._c, _n, row, key):
            return True
        if notice.state is not NoticeState.QUEUED:
            self._c.execute(update(_n).where(*(c == row[c.name] for c in key)).values(row))
        return False

    def notices(self, page: PageId) -> list[Notice]:
        query = select(_n).where(_n.c.page == page).order_by(_n.c.level, _n.c.person, _n.c.platform)
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
            for row in self._c.execute(query).mappings()
        ]


def policy_data(policy: Policy) -> dict[str, Any]:
    """The policy as JSON-ready values: a page's snapshot."""
    return {
        "name": policy.name,
        "repeat": policy.repeat,
        "steps": [
            {
                "notify": [str(target) for target in step.notify],
                "after": int(step.after.total_seconds()),
                "direction": step.direction.value,
            }
            for step in policy.steps
        ],
    }


def policy_from(data: dict[str, Any]) -> Policy:
    """The inverse of ``policy_data``."""
    steps = tuple(
        Step(
            tuple(_target(name) for name in step["notify"]),
            timedelta(seconds=step["after"]),
            Direction(step["direction"]),
        )
        for step in data["steps"]
    )
    return Policy(data["name"], steps, data["repeat"])


def _target(text: str) -> Target:
    kind, _, name = text.partition(":")
    return Target(TargetKind(kind), name)


def to_page(row: RowMapping) -> Page:
    """A row of the pages table as the domain's value."""
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
    )

"""The status page as files: HTML to read, and JSON in the shape of Statuspage's v2 API."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from bot.core.chat.text import render
from bot.core.organisation import Component
from bot.statuspage.maintenance import Maintenance, Phase, Told
from bot.statuspage.model import (
    ComponentStatus,
    Publication,
    PublicStatus,
    PublicUpdate,
    Snapshot,
    overall,
)

Files = dict[str, tuple[str, str]]
_JSON = "application/json"
# As many of each kind as Statuspage's lists hold.
_RECENT = 50

WORDS = {
    ComponentStatus.OPERATIONAL: "Operational",
    ComponentStatus.MAINTENANCE: "Under maintenance",
    ComponentStatus.DEGRADED: "Degraded performance",
    ComponentStatus.PARTIAL: "Partial outage",
    ComponentStatus.MAJOR: "Major outage",
}


def rendered(snapshot: Snapshot, url: str) -> Files:
    """Every file of the page by its path, with its content type."""
    indicator, sentence = overall(snapshot)
    common = {"snapshot": snapshot, "indicator": indicator, "sentence": sentence, "words": WORDS}
    common |= {"names": {c.id: c.name for c, _ in snapshot.components}}
    files: Files = {"": ("text/html", render("statuspage/index.html.j2", **common))}
    for publication in (*snapshot.active, *snapshot.past):
        page = render("statuspage/incident.html.j2", publication=publication, **common)
        files[f"incidents/{publication.id}"] = ("text/html", page)
    for work in (*snapshot.under_way, *snapshot.upcoming, *snapshot.ended):
        page = render("statuspage/maintenance.html.j2", work=work, **common)
        files[f"incidents/{work.id}"] = ("text/html", page)
    for name, data in _api(snapshot, url, str(indicator), sentence).items():
        files[f"api/v2/{name}.json"] = (_JSON, json.dumps(data, ensure_ascii=False, indent=1))
    return files


def _api(snapshot: Snapshot, url: str, indicator: str, sentence: str) -> dict[str, Any]:
    page = {
        "id": _id("page", snapshot.name),
        "name": snapshot.name,
        "url": url,
        "time_zone": "Etc/UTC",
        "updated_at": _stamp(snapshot.at),
    }
    status = {"indicator": indicator, "description": sentence}
    components = [
        _component(c, s, place, page["id"], snapshot)
        for place, (c, s) in enumerate(snapshot.components, start=1)
    ]
    active = [_incident(p, snapshot, page) for p in snapshot.active]
    past = [_incident(p, snapshot, page) for p in snapshot.past]
    under_way, upcoming, ended = (
        [_maintenance(m, snapshot, page) for m in works]
        for works in (snapshot.under_way, snapshot.upcoming, snapshot.ended)
    )
    every = [*reversed(upcoming), *under_way, *ended][:_RECENT]
    return {
        "summary": {
            "page": page,
            "components": components,
            "incidents": active,
            "scheduled_maintenances": [*under_way, *upcoming],
            "status": status,
        },
        "status": {"page": page, "status": status},
        "components": {"page": page, "components": components},
        "incidents": {"page": page, "incidents": [*active, *past]},
        "incidents/unresolved": {"page": page, "incidents": active},
        "scheduled-maintenances": {"page": page, "scheduled_maintenances": every},
        "scheduled-maintenances/upcoming": {"page": page, "scheduled_maintenances": upcoming},
        "scheduled-maintenances/active": {"page": page, "scheduled_maintenances": under_way},
    }


def _component(
    component: Component, status: ComponentStatus, place: int, page: str, snapshot: Snapshot
) -> dict[str, Any]:
    return {
        "id": _id("component", component.id),
        "name": component.name,
        "status": status.value,
        "created_at": _stamp(snapshot.at),
        "updated_at": _stamp(snapshot.at),
        "position": place,
        "description": component.description or None,
        "showcase": True,
        "start_date": None,
        "group_id": None,
        "page_id": page,
        "group": False,
        "only_show_if_degraded": False,
    }


def _incident(publication: Publication, snapshot: Snapshot, page: dict[str, str]) -> dict[str, Any]:
    affected = [
        _component(c, publication.components[c.id], place, page["id"], snapshot)
        for place, (c, _) in enumerate(snapshot.components, start=1)
        if c.id in publication.components
    ]
    watching = [u.at for u in publication.updates if u.status is PublicStatus.MONITORING]
    return {
        "id": publication.id,
        "name": publication.title,
        "status": publication.status.value,
        "created_at": _stamp(publication.created_at),
        "updated_at": _stamp(publication.updated_at),
        "monitoring_at": _stamp(watching[0]) if watching else None,
        "resolved_at": _stamp(publication.resolved_at) if publication.resolved_at else None,
        "impact": publication.impact.value,
        "shortlink": f"{page['url']}/incidents/{publication.id}",
        "started_at": _stamp(publication.created_at),
        "page_id": page["id"],
        "incident_updates": [_update(publication.id, u) for u in reversed(publication.updates)],
        "components": affected,
        "reminder_intervals": None,
    }


def _maintenance(work: Maintenance, snapshot: Snapshot, page: dict[str, str]) -> dict[str, Any]:
    affected = [
        _component(c, status, place, page["id"], snapshot)
        for place, (c, status) in enumerate(snapshot.components, start=1)
        if c.id in work.components
    ]
    return {
        "id": work.id,
        "name": work.title,
        "status": _status(work.phase),
        "created_at": _stamp(work.made_at),
        "updated_at": _stamp(work.updated_at),
        "monitoring_at": None,
        "resolved_at": _stamp(work.over_at) if work.over_at else None,
        "impact": "maintenance",
        "shortlink": f"{page['url']}/incidents/{work.id}",
        "started_at": _stamp(work.made_at),
        "page_id": page["id"],
        "incident_updates": [_update(work.id, update) for update in reversed(work.updates)],
        "components": affected,
        "reminder_intervals": None,
        "scheduled_for": _stamp(work.begins),
        "scheduled_until": _stamp(work.ends),
    }


def _status(status: PublicStatus | Phase) -> str:
    """The API knows no cancelled maintenance: it is completed, and its text says so."""
    return (Phase.COMPLETED if status is Phase.CANCELLED else status).value


def _update(of: str, update: PublicUpdate | Told) -> dict[str, Any]:
    return {
        "id": update.id,
        "status": _status(update.status),
        "body": update.body,
        "incident_id": of,
        "created_at": _stamp(update.at),
        "updated_at": _stamp(update.at),
        "display_at": _stamp(update.at),
        "affected_components": None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _id(kind: str, name: str) -> str:
    """Twelve characters of a-z0-9, the same for the same thing."""
    return hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()[:12]

"""The status page as files: HTML to read, and JSON in the shape of Statuspage's v2 API."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from bot.domain.organisation import Component
from bot.domain.status import ComponentStatus, Publication, PublicStatus, Snapshot, overall
from bot.views.text import render

Files = dict[str, tuple[str, str]]
_JSON = "application/json"

WORDS = {
    ComponentStatus.OPERATIONAL: "Operational",
    ComponentStatus.MAINTENANCE: "Under maintenance",
    ComponentStatus.DEGRADED: "Slower than usual",
    ComponentStatus.PARTIAL: "Partly down",
    ComponentStatus.MAJOR: "Down",
}


def rendered(snapshot: Snapshot, url: str) -> Files:
    """Every file of the page by its path, with its content type."""
    indicator, sentence = overall(snapshot)
    common = {"snapshot": snapshot, "indicator": indicator, "sentence": sentence, "words": WORDS}
    files: Files = {"": ("text/html", render("statuspage/index.html.j2", **common))}
    for publication in (*snapshot.active, *snapshot.past):
        page = render("statuspage/incident.html.j2", publication=publication, **common)
        files[f"incidents/{publication.id}"] = ("text/html", page)
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
    none: list[Any] = []
    return {
        "summary": {
            "page": page,
            "components": components,
            "incidents": active,
            "scheduled_maintenances": none,
            "status": status,
        },
        "status": {"page": page, "status": status},
        "components": {"page": page, "components": components},
        "incidents": {"page": page, "incidents": [*active, *past]},
        "incidents/unresolved": {"page": page, "incidents": active},
        "scheduled-maintenances": {"page": page, "scheduled_maintenances": none},
        "scheduled-maintenances/upcoming": {"page": page, "scheduled_maintenances": none},
        "scheduled-maintenances/active": {"page": page, "scheduled_maintenances": none},
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
        "incident_updates": [_update(publication, at) for at in _newest_first(publication)],
        "components": affected,
        "reminder_intervals": None,
    }


def _newest_first(publication: Publication) -> list[int]:
    return list(range(len(publication.updates) - 1, -1, -1))


def _update(publication: Publication, at: int) -> dict[str, Any]:
    update = publication.updates[at]
    return {
        "id": update.id,
        "status": update.status.value,
        "body": update.body,
        "incident_id": publication.id,
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

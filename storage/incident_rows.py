"""An incident as a row, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    RowMapping,
)

from bot.core.incident import (
    Incident,
    IncidentId,
    Major,
    Mode,
    Role,
    Status,
    Visibility,
)
from bot.core.people import PersonId, ServiceId
from bot.core.severity import Severity
from storage.sql.types import instant, ticks


def values_of(incident: Incident) -> dict[str, Any]:
    return {
        "title": incident.title,
        "reporter": incident.reporter,
        "declared_at": incident.declared_at,
        "status": incident.status.value,
        "severity": None if incident.severity is None else int(incident.severity),
        "major": incident.major.value,
        "summary": incident.summary,
        "impact": incident.impact,
        "services": list(incident.services),
        "mode": incident.mode.value,
        "visibility": incident.visibility.value,
        "roles": {role.value: person for role, person in incident.roles.items()},
        "times": {status.value: ticks(at) for status, at in incident.times.items()},
        "next_update_at": incident.next_update_at,
        "paused_at": incident.paused_at,
        "pause_reason": incident.pause_reason,
        "merged_into": incident.merged_into,
        "call_url": incident.call_url,
        "revision": incident.revision,
    }


def to_incident(row: RowMapping) -> Incident:
    """A row of the incidents table as the domain's value."""
    return Incident(
        id=IncidentId(row["id"]),
        title=row["title"],
        reporter=PersonId(row["reporter"]),
        declared_at=row["declared_at"],
        status=Status(row["status"]),
        severity=None if row["severity"] is None else Severity(row["severity"]),
        major=Major(row["major"]),
        summary=row["summary"],
        impact=row["impact"],
        services=tuple(ServiceId(s) for s in row["services"]),
        mode=Mode(row["mode"]),
        visibility=Visibility(row["visibility"]),
        roles={Role(role): PersonId(person) for role, person in row["roles"].items()},
        times=_times(row["times"]),
        next_update_at=row["next_update_at"],
        paused_at=row["paused_at"],
        pause_reason=row["pause_reason"],
        merged_into=row["merged_into"],
        call_url=row["call_url"],
        revision=row["revision"],
    )


def _times(stored: Mapping[str, int]) -> dict[Status, datetime]:
    return {Status(status): instant(at) for status, at in stored.items()}

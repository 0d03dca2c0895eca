"""Steps of policies that would tell nobody for a long while: their targets exist and reach nobody. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.core.escalation import Target, TargetKind
from bot.core.organisation import Organisation
from bot.core.people import TeamId
from bot.oncall.engine.coverage import shifts


def silent(org: Organisation, start: datetime, end: datetime) -> Iterator[str]:
    """Where in the organisation file a step, or the catch-all, reaches nobody within [start, end)."""
    for name, policy in org.policies.items():
        for number, step in enumerate(policy.steps, start=1):
            if not any(_anybody(org, target, start, end) for target in step.notify):
                yield f"escalations.{name}.steps.{number}"
    if not any(_anybody(org, target, start, end) for target in org.catch_all):
        yield "catch_all"


def _anybody(org: Organisation, target: Target, start: datetime, end: datetime) -> bool:
    match target.kind:
        case TargetKind.TEAM:
            team = org.teams.get(TeamId(target.name))
            return team is not None and bool(team.members)
        case TargetKind.SCHEDULE | TargetKind.NEXT:
            schedule = org.schedules.get(target.name)
            return schedule is not None and bool(shifts(schedule, start, end))
        case TargetKind.PERSON | TargetKind.CHANNEL:
            return True

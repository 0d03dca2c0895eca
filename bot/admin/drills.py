"""Drills for operators: what a scenario says; the command line plays it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.admin.context import AdminContext
from bot.admin.request import Request
from bot.core.errors import Invalid
from bot.drills.model import Scenario
from bot.drills.service import FIRST, scenarios


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDrill(Request[Scenario]):
    """One scenario by its name. Idempotent. Raises ``Invalid`` with the names there are."""

    scenario: str = FIRST


async def drill(context: AdminContext, request: GetDrill) -> Scenario:
    found = scenarios().get(request.scenario)
    if found is None:
        raise Invalid(
            f"No drill is called {request.scenario}. There are: {', '.join(scenarios())}."
        )
    return found

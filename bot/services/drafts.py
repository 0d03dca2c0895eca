"""The postmortem draft, made from the log whenever it is read."""

from __future__ import annotations

from bot.domain.incident import IncidentId
from bot.domain.people import Viewer
from bot.ports import UnitOfWork


def draft_html(uow: UnitOfWork, number: IncidentId, viewer: Viewer, base_url: str) -> str:
    raise NotImplementedError


def draft_markdown(uow: UnitOfWork, number: IncidentId, viewer: Viewer, base_url: str) -> str:
    raise NotImplementedError

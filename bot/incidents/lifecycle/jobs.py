"""The timers of what happens once an incident is resolved."""

from __future__ import annotations

from bot.incidents.lifecycle import closing
from bot.jobs.registry import Timer, incident_of

CLOSING_TIMERS = (
    Timer("ask_reporter", lambda uow, job: closing.ask_reporter(uow, incident_of(job))),
    Timer("send_draft", lambda uow, job: closing.send_draft(uow, incident_of(job))),
)
